// SPDX-License-Identifier: GPL-2.0
/* vkbench run: measure, and report. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "harness/bench/run.h"
#include "harness/command.h"
#include "harness/summary.h"

/* Boots are what a figure is replicated over; --budget ends a run sooner. */
#define BOOTS	   6
#define BOOTS_MOST 1000

struct arguments {
	struct run_options run;
	const char *workloads, *configurations;
	const char *isolation; /* "yes", "no", or NULL: where all is measured */
	bool seeded;
};

enum {
	KEY_QUICK = 0x300,
	KEY_BOOTS,
	KEY_SEED,
	KEY_BUDGET,
	KEY_SHARD,
	KEY_MINIMUM,
	KEY_NO_CHECK,
	KEY_ISOLATION
};

static const struct argp_option options[] = {
	{.name = "only", .key = 'w', .arg = "W,...", .doc = "these workloads (all)"},
	{.name = "config", .key = 'C', .arg = "C,...", .doc = "these configurations (all)"},
	{.name = "boots", .key = KEY_BOOTS, .arg = "N", .doc = "boots (6)"},
	{.name = "quick",
	 .key = KEY_QUICK,
	 .doc = "a short run: only the rows marked for it, timed less often"},
	{.name = "budget",
	 .key = KEY_BUDGET,
	 .arg = "MINUTES",
	 .doc = "begin no boot that would end later, but make 3 (none)"},
	{.name = "shard",
	 .key = KEY_SHARD,
	 .arg = "I/N",
	 .doc = "every N-th boot from the I-th on; all shards need the same --seed"},
	{.name = "minimum-effect",
	 .key = KEY_MINIMUM,
	 .arg = "PERCENT",
	 .doc = "call a smaller difference none (1)"},
	{.name = "no-self-check",
	 .key = KEY_NO_CHECK,
	 .doc = "do not visit native and crun twice to see how often an alarm is false"},
	{.name = "isolation",
	 .key = KEY_ISOLATION,
	 .arg = "yes|no",
	 .doc = "attack every configuration too, in one more guest (yes; no with --only, --config "
		"or --shard)"},
	{.name = "output", .key = 'o', .arg = "DIR", .doc = "where runs are kept (results)"},
	{.name = "seed", .key = KEY_SEED, .arg = "N", .doc = "of the shuffled orders (random)"},
	{0},
};

static uint64_t parse_seed(struct argp_state *state, const char *text)
{
	char *end;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || value > INT64_MAX)
		argp_error(state, "--seed takes a number from 0 to %lld, not '%s'",
			   (long long)INT64_MAX, text);
	return value;
}

/* "2/5": the second of five. */
static void parse_shard(struct argp_state *state, const char *text, struct shard *shard)
{
	int length = 0;

	if (strspn(text, "0123456789/") != strlen(text) ||
	    sscanf(text, "%5u/%5u%n", &shard->index, &shard->count, &length) != 2 || text[length] ||
	    shard->index < 1 || shard->index > shard->count || shard->count > BOOTS_MOST)
		argp_error(state, "--shard takes I/N, from 1/N to N/N and N at most %d, not '%s'",
			   BOOTS_MOST, text);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *values = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		values->run.results = "results";
		values->run.minimum_effect = MINIMUM_EFFECT;
		values->run.selection.self_check = true;
		state->child_inputs[0] = &values->run.guest;
		return 0;
	case 'w':
		values->workloads = arg;
		return 0;
	case 'C':
		values->configurations = arg;
		return 0;
	case 'o':
		values->run.results = arg;
		return 0;
	case KEY_BOOTS:
		values->run.boots = parse_count(state, "boots", arg, BOOTS_MOST);
		return 0;
	case KEY_QUICK:
		values->run.quick = values->run.selection.quick = true;
		return 0;
	case KEY_BUDGET:
		values->run.budget = 60 * parse_count(state, "budget", arg, 10000);
		return 0;
	case KEY_SHARD:
		parse_shard(state, arg, &values->run.shard);
		return 0;
	case KEY_MINIMUM:
		values->run.minimum_effect = parse_percent(state, "minimum-effect", arg);
		return 0;
	case KEY_NO_CHECK:
		values->run.selection.self_check = false;
		return 0;
	case KEY_ISOLATION:
		if (strcmp(arg, "yes") && strcmp(arg, "no"))
			argp_error(state, "--isolation takes yes or no, not '%s'", arg);
		values->isolation = arg;
		return 0;
	case KEY_SEED:
		values->run.seed = parse_seed(state, arg);
		values->seeded = true;
		return 0;
	case ARGP_KEY_END:
		if (values->run.shard.count && !values->seeded)
			argp_error(state, "--shard needs --seed, the same for all shards");
		if (values->run.shard.count && values->run.budget)
			argp_error(state, "--shard says which boots are made, and --budget leaves "
					  "some out: give one of them");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {{.argp = &guest_options_argp}, {0}};
static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = children,
	.doc = "Measures the workloads in every configuration, several boots each, attacks the "
	       "configurations, and writes samples, verdicts and a report to a folder in DIR; "
	       "DIR/latest leads to it.",
};

static int complete(struct arguments *values, struct error *err)
{
	struct run_options *run = &values->run;

	if (!run->boots)
		run->boots = BOOTS;
	if (run->shard.index > run->boots)
		return error_set(err, EXIT_USAGE, "shard %u of %u has none of %u boots",
				 run->shard.index, run->shard.count, run->boots);
	run->isolation = values->isolation ? !strcmp(values->isolation, "yes")
					   : !values->workloads && !values->configurations &&
						     !run->shard.count;
	run->rounds = 1;
	run->repeat = run->quick ? 1 : 3;
	if (!values->seeded) {
		uint32_t seed;

		if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
			return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot get a seed");
		run->seed = seed;
	}
	return selection_workloads(&run->selection, values->workloads, err) ||
			       selection_configurations(&run->selection, values->configurations,
							err)
		       ? -1
		       : 0;
}

int command_run(int argc, char **argv)
{
	struct arguments values = {0};
	char folder[PATH_MAX];
	struct error err;
	int result;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &values);
	if (complete(&values, &err))
		return error_report(&err, argv[0]);
	result = run_make(&values.run, folder, &err);
	if (result < 0)
		return error_report(&err, argv[0]);
	printf("%s/report.md\n%s/report.html\n", folder, folder);
	if (!result)
		return EXIT_GOOD;
	fprintf(stderr,
		"%s: something failed that should have run, or did not hold; the report says "
		"what\n",
		argv[0]);
	return EXIT_FINDING;
}
