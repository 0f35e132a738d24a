// SPDX-License-Identifier: GPL-2.0
#include "harness/overhead.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <stdlib.h>
#include <string.h>

#include "harness/bench/visit.h"
#include "lib/cleanup.h"

#define ROUNDS_MAX 100
#define TIMEOUT	   600 /* host seconds */
#define DIVIDER	   "-- launch --"
#define ARGV_MAX   32

const char *const overhead_workloads[] = {
	"syscall-allowed", "open-close", "fork", "context-switch", "pwgen", "sysbench-cpu", NULL,
};

/*
 * The shell's parent is the agent. $1 is how often; the rest is the program, which is first run
 * once to warm caches, as measure does.
 */
static const char bare_script[] = "times=$1; shift\n"
				  "out=$(mktemp) || exit 3\n"
				  "trap 'kill -CONT $PPID; rm -f \"$out\"' EXIT\n"
				  "kill -STOP $PPID\n"
				  "\"$@\" >/dev/null 2>&1 || exit 1\n"
				  "while [ \"$times\" -gt 0 ]; do\n"
				  "	\"$@\" >>\"$out\" 2>/dev/null || exit 1\n"
				  "	echo '" DIVIDER "' >>\"$out\"\n"
				  "	times=$((times - 1))\n"
				  "done\n"
				  "kill -CONT $PPID\n"
				  "cat \"$out\"\n";

/* Values of one arm of one round. */
struct round {
	const struct workload *workload;
	const struct metric *metric;
	enum clock clock;
	double values[512];
	size_t count;
	char *text; /* of the launch that is being read; from open_memstream() */
	size_t size;
	FILE *out;
	struct visit visit; /* what measure printed */
	bool failed;
	struct error err;
};

static void add(struct round *round, double value)
{
	if (round->count < sizeof(round->values) / sizeof(round->values[0]))
		round->values[round->count++] = value;
}

static int take_launch(struct round *round, struct error *err)
{
	struct readings readings = {.count = 0};

	fclose(round->out);
	round->out = NULL;
	if (round->workload->parse(round->text, &readings, err))
		return -1;
	for (size_t i = 0; i < readings.count; i++)
		add(round, workload_value(round->metric->formula, &readings.rows[i]));
	free(round->text);
	round->text = NULL;
	return 0;
}

static void hear_bare(void *context, int stream, const char *line)
{
	struct round *round = context;

	if (stream != 1 || round->failed)
		return;
	if (!round->out)
		round->out = open_memstream(&round->text, &round->size);
	if (!round->out)
		round->failed = error_set(&round->err, EXIT_ENVIRONMENT, "no memory for output");
	else if (strcmp(line, DIVIDER))
		fprintf(round->out, "%s\n", line);
	else
		round->failed = take_launch(round, &round->err);
}

static void hear_measure(void *context, int stream, const char *line)
{
	struct round *round = context;
	const struct stop stop = {
		.workload = round->workload,
		.configuration = configuration_find("native"),
	};

	if (stream != 1 || round->failed)
		return;
	if (!visit_line(&round->visit, &stop, round->clock, line)) {
		const struct sample *sample = &round->visit.samples[round->visit.count - 1];

		if (sample->metric == round->metric)
			add(round, sample->value);
		return;
	}
	error_set(&round->err, EXIT_FINDING, "%s", round->visit.reason);
	round->failed = true;
}

static int run(struct vm *vm, struct round *round, const char *const argv[], vm_output hear,
	       struct error *err)
{
	int status, result = vm_exec(vm, argv, TIMEOUT, hear, round, &status, err);

	if (round->out)
		fclose(round->out);
	free(round->text);
	visit_free(&round->visit);
	if (result)
		return -1;
	if (round->failed) {
		*err = round->err;
		return -1;
	}
	if (status || !round->count)
		return error_set(err, EXIT_FINDING, "%s ended with status %d and %zu figures",
				 round->workload->name, status, round->count);
	return 0;
}

static int run_bare(struct vm *vm, struct round *round, struct error *err)
{
	unsigned int launches = round->workload->launches ? round->workload->launches : 1;
	const char *argv[ARGV_MAX] = {"sh", "-c", bare_script, "sh"};
	char times[16];
	size_t used = 5;

	snprintf(times, sizeof(times), "%u", launches);
	argv[4] = times;
	for (const char *const *word = round->workload->argv; *word; word++) {
		if (used == ARGV_MAX - 1)
			return error_set(err, EXIT_USAGE, "%s has too many arguments",
					 round->workload->name);
		argv[used++] =
			strcmp(*word, "{answer}") && strcmp(*word, "{rules}") ? *word : "allowed";
	}
	argv[used] = NULL;
	return run(vm, round, argv, hear_bare, err);
}

static int run_measure(struct vm *vm, struct round *round, bool counted, struct error *err)
{
	const char *const argv[] = {
		"/vkernel/bin/measure",
		"--workload",
		round->workload->name,
		"--configuration",
		"native",
		"--clock",
		clock_name(round->clock),
		counted ? "--counted" : NULL,
		NULL,
	};

	return run(vm, round, argv, hear_measure, err);
}

static int run_arm(struct vm *vm, enum arm arm, const struct workload *workload, enum clock clock,
		   double *value, struct error *err)
{
	struct round round = {
		.workload = workload,
		.metric = workload_headline(workload, clock),
		.clock = clock,
	};
	int result = arm == ARM_BARE ? run_bare(vm, &round, err)
				     : run_measure(vm, &round, arm == ARM_COUNTED, err);

	if (!result)
		*value = statistics_median(round.values, round.count);
	return result;
}

static int run_round(struct vm *vm, const struct workload *workload, enum clock clock,
		     const gsl_rng *random, double values[ARMS], struct error *err)
{
	enum arm order[ARMS] = {ARM_BARE, ARM_MEASURED, ARM_COUNTED};

	gsl_ran_shuffle(random, order, ARMS, sizeof(order[0]));
	for (int i = 0; i < ARMS; i++)
		if (run_arm(vm, order[i], workload, clock, &values[order[i]], err))
			return -1;
	return 0;
}

static void conclude(double values[ARMS][ROUNDS_MAX], unsigned int rounds,
		     struct overhead *overhead)
{
	for (int arm = 0; arm < ARMS; arm++) {
		double ratios[ROUNDS_MAX];

		for (unsigned int i = 0; i < rounds; i++)
			ratios[i] = values[arm][i] / values[ARM_BARE][i];
		if (arm != ARM_BARE)
			overhead->ratios[arm] = statistics_estimate(ratios, rounds);
	}
	for (int arm = 0; arm < ARMS; arm++)
		overhead->values[arm] = statistics_median(values[arm], rounds);
}

int overhead_measure(struct vm *vm, const struct workload *workload, enum clock clock,
		     unsigned int rounds, struct overhead *overhead, struct error *err)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	double values[ARMS][ROUNDS_MAX], unread[ARMS];
	int result = random ? 0 : error_set(err, EXIT_ENVIRONMENT, "no memory for an order");

	*overhead = (struct overhead){.workload = workload};
	if (!result)
		result = run_round(vm, workload, clock, random, unread, err);
	for (unsigned int i = 0; i < rounds && i < ROUNDS_MAX && !result; i++) {
		double round[ARMS];

		result = run_round(vm, workload, clock, random, round, err);
		for (int arm = 0; arm < ARMS && !result; arm++)
			values[arm][i] = round[arm];
	}
	gsl_rng_free(random);
	if (result)
		return error_context(err, "%s", workload->name);
	conclude(values, rounds < ROUNDS_MAX ? rounds : ROUNDS_MAX, overhead);
	return 0;
}
