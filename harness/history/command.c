// SPDX-License-Identifier: GPL-2.0
/* vkbench history: where figures changed over the nights. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/command.h"
#include "harness/guest_options.h"
#include "harness/history/history.h"
#include "lib/cleanup.h"
#include "lib/file.h"

#define NIGHTS_MOST 10000

struct arguments {
	const char *results, *output;
	struct history_options history;
};

enum { KEY_CLOCK = 0x400, KEY_EFFECT, KEY_NIGHTS };

static const struct argp_option options[] = {
	{.name = "kernel", .key = 'k', .arg = "K", .doc = "runs on this kernel (all)"},
	{.name = "clock",
	 .key = KEY_CLOCK,
	 .arg = "C",
	 .doc = "runs on this clock: instructions "
		"or wall (both)"},
	{.name = "only", .key = 'w', .arg = "W,...", .doc = "these workloads (all)"},
	{.name = "config", .key = 'C', .arg = "C,...", .doc = "these configurations (all)"},
	{.name = "nights", .key = KEY_NIGHTS, .arg = "N", .doc = "the last N of each kernel (all)"},
	{.name = "minimum-effect",
	 .key = KEY_EFFECT,
	 .arg = "PERCENT",
	 .doc = "smaller changes are told as such (1)"},
	{.name = "output",
	 .key = 'o',
	 .arg = "FILE",
	 .doc = "where history.json goes (RESULTS/history.json)"},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *values = state->input;

	switch (key) {
	case 'k':
		values->history.kernel = arg;
		return 0;
	case KEY_CLOCK:
		if (strcmp(arg, "instructions") && strcmp(arg, "wall"))
			argp_error(state, "--clock takes instructions or wall, not '%s'", arg);
		values->history.clock = arg;
		return 0;
	case 'w':
		values->history.only = arg;
		return 0;
	case 'C':
		values->history.config = arg;
		return 0;
	case KEY_NIGHTS:
		values->history.nights = parse_count(state, "nights", arg, NIGHTS_MOST);
		return 0;
	case KEY_EFFECT:
		values->history.minimum_effect = parse_percent(state, "minimum-effect", arg);
		return 0;
	case 'o':
		values->output = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num)
			return ARGP_ERR_UNKNOWN;
		values->results = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[RESULTS]",
	.doc = "Reads all runs under the folder RESULTS (results), tells where figures changed, "
	       "and writes history.json. Only runs of one clock, kernel and machine are held "
	       "against each other.",
};

static int write_json(const struct history *history, const struct arguments *values,
		      struct error *err)
{
	json_t *document = history_json(history);
	autofree char *text = document ? json_dumps(document, JSON_COMPACT) : NULL;
	autofree char *path = NULL;

	json_decref(document);
	if (!text || asprintf(&path, "%s/history.json", values->results) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for history.json");
	return file_write(values->output ? values->output : path, text, strlen(text), err);
}

int command_history(int argc, char **argv)
{
	struct arguments values = {.results = "results", .history.minimum_effect = 0.01};
	struct history history;
	struct error err;
	int result;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &values);
	if (history_make(values.results, &values.history, &history, &err))
		return error_report(&err, argv[0]);
	if (!history.count)
		result = error_set(&err, EXIT_USAGE,
				   "there is no run of that kind in %s; make "
				   "bench makes one",
				   values.results);
	else
		result = write_json(&history, &values, &err);
	if (!result || history.nights.left_out)
		history_print(&history, stdout);
	history_free(&history);
	return result ? error_report(&err, argv[0]) : EXIT_GOOD;
}
