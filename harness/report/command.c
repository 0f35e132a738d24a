// SPDX-License-Identifier: GPL-2.0
/* vkbench report: a run's reports from its raw files. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>

#include "harness/command.h"
#include "harness/report/report.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **folder = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (*folder)
			return ARGP_ERR_UNKNOWN;
		*folder = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no run was given");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "RUN",
	.doc = "Makes summary.json, report.md, report.html and plots/ of the folder RUN anew from "
	       "its samples.jsonl, missing.jsonl and env.json.",
};

int command_report(int argc, char **argv)
{
	const char *folder = NULL;
	struct error err;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &folder);
	if (report_make(folder, &err))
		return error_report(&err, argv[0]);
	printf("%s/report.md\n%s/report.html\n", folder, folder);
	return EXIT_GOOD;
}
