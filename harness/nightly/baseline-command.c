// SPDX-License-Identifier: GPL-2.0
/* vkbench baseline: a run as what later ones are held against. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>

#include "harness/command.h"
#include "harness/nightly/baseline.h"

struct arguments {
	const char *run, *output;
	bool dirty;
};

enum { KEY_DIRTY = 0x400 };

static const struct argp_option options[] = {
	{.name = "output",
	 .key = 'o',
	 .arg = "FOLDER",
	 .doc = "where baselines are kept (results/baselines)"},
	{.name = "dirty", .key = KEY_DIRTY, .doc = "also of a tree with changes in no commit"},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *values = state->input;

	switch (key) {
	case 'o':
		values->output = arg;
		return 0;
	case KEY_DIRTY:
		values->dirty = true;
		return 0;
	case ARGP_KEY_ARG:
		if (values->run)
			return ARGP_ERR_UNKNOWN;
		values->run = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no run was given");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "RUN",
	.doc = "Writes the figures and the environment of the run in folder RUN as the baseline of "
	       "its kernel and clock, which nights are held against. Commit it.",
};

int command_baseline(int argc, char **argv)
{
	struct arguments values = {.output = "results/baselines"};
	char path[PATH_MAX];
	struct error err;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &values);
	if (baseline_write(values.run, values.output, values.dirty, path, &err))
		return error_report(&err, argv[0]);
	printf("%s\n", path);
	return EXIT_GOOD;
}
