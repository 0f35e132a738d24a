// SPDX-License-Identifier: GPL-2.0
#include "harness/bench/plan.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"

/* Which rows of a table are named in a list; the table is seen as a function of the index. */
typedef const char *(*row_name)(unsigned int index);

static const char *workload_name(unsigned int index)
{
	return workloads[index]->name;
}

static const char *configuration_name(unsigned int index)
{
	return configurations[index].name;
}

static int unknown(const char *what, const char *name, row_name row, unsigned int count,
		   struct error *err)
{
	char known[512] = "";

	for (unsigned int i = 0; i < count; i++) {
		size_t used = strlen(known);

		snprintf(known + used, sizeof(known) - used, "%s%s", i ? ", " : "", row(i));
	}
	return error_set(err, EXIT_USAGE, "unknown %s \"%s\"; there are %s", what, name, known);
}

static int mark(const char *what, const char *name, row_name row, unsigned int count, bool *wanted,
		struct error *err)
{
	for (unsigned int i = 0; i < count; i++) {
		if (strcmp(row(i), name))
			continue;
		wanted[i] = true;
		return 0;
	}
	return unknown(what, name, row, count, err);
}

static int select_rows(const char *what, const char *names, row_name row, unsigned int count,
		       bool *wanted, struct error *err)
{
	autofree char *copy = strdup(names ? names : "");
	char *rest = copy, *name;

	if (!copy || count > ROWS_MAX)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a list of names");
	while (names && (name = strsep(&rest, ",")))
		if (mark(what, name, row, count, wanted, err))
			return -1;
	return 0;
}

int selection_workloads(struct selection *selection, const char *names, struct error *err)
{
	bool wanted[ROWS_MAX] = {false};

	for (unsigned int i = 0; !names && i < workloads_count; i++)
		wanted[i] = !selection->quick || workloads[i]->quick;
	if (select_rows("workload", names, workload_name, workloads_count, wanted, err))
		return -1;
	for (unsigned int i = 0; i < workloads_count; i++)
		if (wanted[i])
			selection->workloads[selection->workloads_count++] = workloads[i];
	return 0;
}

int selection_configurations(struct selection *selection, const char *names, struct error *err)
{
	bool wanted[ROWS_MAX] = {false};

	for (unsigned int i = 0; !names && i < configurations_count; i++)
		wanted[i] = !selection->quick || !configurations[i].thorough;
	if (select_rows("configuration", names, configuration_name, configurations_count, wanted,
			err))
		return -1;
	for (unsigned int i = 0; i < configurations_count; i++)
		if (wanted[i])
			selection->configurations[selection->configurations_count++] =
				&configurations[i];
	return 0;
}

unsigned int shard_boots(const struct shard *shard, unsigned int boots)
{
	if (!shard->count)
		return boots;
	return (boots + shard->count - shard->index) / shard->count;
}

unsigned int shard_boot(const struct shard *shard, unsigned int n)
{
	return shard->count ? shard->index + n * shard->count : n + 1;
}

/* SplitMix64's step: neighbouring boots get seeds that have nothing in common. */
uint64_t plan_seed(uint64_t seed, unsigned int boot)
{
	uint64_t mixed = seed + boot * UINT64_C(0x9e3779b97f4a7c15);

	mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
	return (mixed ^ mixed >> 31) & 0xffffffff; /* what gsl_rng_set() takes */
}

static bool is_checked(const struct selection *selection, const struct configuration *configuration)
{
	return selection->self_check &&
	       (!strcmp(configuration->name, "native") || !strcmp(configuration->name, "crun"));
}

static void add_stop(struct plan *plan, const struct workload *workload,
		     const struct configuration *configuration, bool again)
{
	plan->stops[plan->count++] = (struct stop){
		.workload = workload,
		.configuration = configuration,
		.again = again,
	};
}

/* One round of a workload. */
static void add_stops(struct plan *plan, const struct workload *workload,
		      const struct selection *selection, const gsl_rng *random)
{
	size_t first = plan->count;

	for (unsigned int c = 0; c < selection->configurations_count; c++) {
		const struct configuration *configuration = selection->configurations[c];

		if (!workload_runs_in(workload, configuration))
			continue;
		add_stop(plan, workload, configuration, false);
		if (is_checked(selection, configuration))
			add_stop(plan, workload, configuration, true);
	}
	gsl_ran_shuffle(random, &plan->stops[first], plan->count - first, sizeof(*plan->stops));
}

int plan_make(const struct selection *selection, enum clock clock, unsigned int rounds,
	      uint64_t seed, struct plan *plan, struct error *err)
{
	struct selection order = *selection;
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	plan->count = 0;
	plan->stops = calloc(order.workloads_count * order.configurations_count * rounds * 2 + 1,
			     sizeof(*plan->stops));
	if (!random || !plan->stops) {
		gsl_rng_free(random);
		free(plan->stops);
		return error_set(err, EXIT_ENVIRONMENT, "no memory for the plan of a boot");
	}
	gsl_rng_set(random, seed);
	gsl_ran_shuffle(random, order.workloads, order.workloads_count, sizeof(*order.workloads));
	for (unsigned int w = 0; w < order.workloads_count; w++) {
		if (!(order.workloads[w]->clocks & ON_CLOCK(clock)))
			continue;
		for (unsigned int round = 0; round < rounds; round++)
			add_stops(plan, order.workloads[w], &order, random);
	}
	gsl_rng_free(random);
	return 0;
}

void plan_thin(struct plan *plan, unsigned int boot, unsigned int boots)
{
	size_t kept = 0;

	for (size_t i = 0; i < plan->count; i++)
		if (workload_due(plan->stops[i].workload, plan->stops[i].configuration, boot,
				 boots))
			plan->stops[kept++] = plan->stops[i];
	plan->count = kept;
}
