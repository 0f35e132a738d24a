// SPDX-License-Identifier: GPL-2.0
/* vkbench triage: what a night found. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>

#include "harness/command.h"
#include "harness/guest_options.h"
#include "harness/nightly/triage.h"
#include "harness/summary.h"

/* Of a false alarm in a night and kernel in which nothing changed. */
#define CHANCE 0.05

enum { KEY_RESULTS = 0x400, KEY_BASELINES, KEY_MINIMUM };

static const struct argp_option options[] = {
	{.name = "results",
	 .key = KEY_RESULTS,
	 .arg = "FOLDER",
	 .doc = "where runs are kept (results)"},
	{.name = "baselines",
	 .key = KEY_BASELINES,
	 .arg = "FOLDER",
	 .doc = "what runs are held against (results/baselines)"},
	{.name = "minimum-effect",
	 .key = KEY_MINIMUM,
	 .arg = "PERCENT",
	 .doc = "a smaller change is none (1)"},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct triage *triage = state->input;

	switch (key) {
	case KEY_RESULTS:
		triage->figures.results = arg;
		return 0;
	case KEY_BASELINES:
		triage->figures.baselines = arg;
		return 0;
	case KEY_MINIMUM:
		triage->figures.minimum_effect = parse_percent(state, "minimum-effect", arg);
		return 0;
	case ARGP_KEY_ARG:
		if (triage->folder)
			return ARGP_ERR_UNKNOWN;
		triage->folder = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no night was given");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "NIGHT",
	.doc = "Reads what nightly/run left in the folder NIGHT, holds the figures against the "
	       "baseline and the nights before, and writes nightly.md and nightly.json there. Exit "
	       "status 1: something got worse or failed; 3: something could not be done.",
};

int command_triage(int argc, char **argv)
{
	struct triage triage = {
		.figures =
			{
				.results = "results",
				.baselines = "results/baselines",
				.minimum_effect = MINIMUM_EFFECT,
				.chance = CHANCE,
			},
	};
	struct error err;
	int status;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &triage);
	if (triage_make(&triage, &err) || triage_write(&triage, &err)) {
		status = error_report(&err, argv[0]);
	} else {
		triage_print_table(&triage, stdout);
		status = triage_status(&triage);
	}
	triage_free(&triage);
	return status;
}
