// SPDX-License-Identifier: GPL-2.0
/* vkbench compare: two runs beside each other. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>

#include "harness/command.h"
#include "harness/compare.h"
#include "harness/guest_options.h"
#include "harness/jsonfile.h"
#include "harness/summary.h"

struct arguments {
	const char *folders[2];
	unsigned int count;
	const char *output;
	double minimum_effect;
	bool all, fail;
};

enum { KEY_MINIMUM = 0x400, KEY_ALL, KEY_FAIL };

static const struct argp_option options[] = {
	{.name = "minimum-effect",
	 .key = KEY_MINIMUM,
	 .arg = "PERCENT",
	 .doc = "a smaller change is none (1)"},
	{.name = "all", .key = KEY_ALL, .doc = "print what has not changed, too"},
	{.name = "fail",
	 .key = KEY_FAIL,
	 .doc = "exit with status 1 where a figure got worse, or is gone from a cell that was "
		"visited"},
	{.name = "output", .key = 'o', .arg = "FOLDER", .doc = "where compare.json goes (B)"},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *values = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		*values = (struct arguments){.minimum_effect = MINIMUM_EFFECT};
		return 0;
	case KEY_MINIMUM:
		values->minimum_effect = parse_percent(state, "minimum-effect", arg);
		return 0;
	case KEY_ALL:
		values->all = true;
		return 0;
	case KEY_FAIL:
		values->fail = true;
		return 0;
	case 'o':
		values->output = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (values->count == 2)
			return ARGP_ERR_UNKNOWN;
		values->folders[values->count++] = arg;
		return 0;
	case ARGP_KEY_END:
		if (values->count < 2)
			argp_error(state, "two runs are needed: what it was and what it is");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "A B",
	.doc = "Sets the figures of the run in folder B beside those in folder A, which was "
	       "before, and writes compare.json. Runs of different clocks, kernels or machines are "
	       "refused.",
};

int command_compare(int argc, char **argv)
{
	struct comparison comparison;
	struct arguments values;
	const char *output;
	struct error err;
	int status = EXIT_GOOD;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &values);
	if (comparison_make(values.folders[0], values.folders[1], values.minimum_effect,
			    &comparison, &err))
		return error_report(&err, argv[0]);
	comparison_print(&comparison, values.all, stdout);
	output = values.output ? values.output : values.folders[1];
	if (jsonfile_write(output, "compare.json", comparison_json(&comparison), 2, &err))
		status = error_report(&err, argv[0]);
	else if (values.fail && (comparison.worse || comparison.failed))
		status = EXIT_FINDING;
	comparison_free(&comparison);
	return status;
}
