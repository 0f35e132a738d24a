// SPDX-License-Identifier: GPL-2.0
/* vkbench merge: shards of one run as one run. */
#include <argp.h>
#include <stdio.h>

#include "harness/command.h"
#include "harness/merge.h"

#define FOLDERS_MAX 1000

struct arguments {
	const char *out;
	const char *folders[FOLDERS_MAX];
	unsigned int count;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *values = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (!values->out)
			values->out = arg;
		else if (values->count == FOLDERS_MAX)
			argp_error(state, "at most %d runs can be merged", FOLDERS_MAX);
		else
			values->folders[values->count++] = arg;
		return 0;
	case ARGP_KEY_END:
		if (!values->count)
			argp_error(state, "a folder to make and the runs to make it of are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "OUT RUN...",
	.doc = "Makes the folder OUT of runs that were made with --shard, and its reports.",
};

int command_merge(int argc, char **argv)
{
	struct arguments values = {0};
	struct error err;
	int result;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &values);
	result = merge_make(values.out, values.folders, values.count, &err);
	if (result < 0)
		return error_report(&err, argv[0]);
	printf("%s/report.md\n%s/report.html\n", values.out, values.out);
	return result ? EXIT_FINDING : EXIT_GOOD;
}
