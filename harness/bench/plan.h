/* SPDX-License-Identifier: GPL-2.0 */
/* What is visited in one boot, in which order: a function of the selection and a seed. */
#ifndef VKERNEL_HARNESS_BENCH_PLAN_H
#define VKERNEL_HARNESS_BENCH_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/guest/configuration.h"
#include "lib/error.h"
#include "workloads/workload.h"

#define ROWS_MAX 256

/* Rows that were asked for, in the order of their tables. */
struct selection {
	const struct workload *workloads[ROWS_MAX];
	unsigned int workloads_count;
	const struct configuration *configurations[ROWS_MAX];
	unsigned int configurations_count;
	bool quick; /* names that are not given stand for the rows of a quick run */
	/*
	 * native and crun are visited twice in each boot: how often these are called different from
	 * themselves is how often any difference is a false alarm.
	 */
	bool self_check;
};

/*
 * Parses comma-separated names; NULL stands for all, or with quick for those marked so. Returns 0, or -1 with err naming the one that
 * is not known and those that are.
 */
int selection_workloads(struct selection *selection, const char *names, struct error *err);
int selection_configurations(struct selection *selection, const char *names, struct error *err);

struct stop {
	const struct workload *workload;
	const struct configuration *configuration;
	bool again; /* the second visit of a self-check; shuffled like all others */
};

struct plan {
	struct stop *stops;
	size_t count;
};

/* Every count-th boot of a run from the index-th on; count 0: all of them. */
struct shard {
	unsigned int index, count;
};

/* How many of a run's boots are the shard's, and which the n-th (from 0) of them is. */
unsigned int shard_boots(const struct shard *shard, unsigned int boots);
unsigned int shard_boot(const struct shard *shard, unsigned int n);

/* The seed of a boot, from the run's. */
uint64_t plan_seed(uint64_t seed, unsigned int boot);

/*
 * The workloads in shuffled order; for each, `rounds` times its visits in shuffled order.
 * Workloads that mean nothing on clock, and configurations that do not apply to a workload, are
 * left out. Returns 0, or -1 with err set; free stops.
 */
int plan_make(const struct selection *selection, enum clock clock, unsigned int rounds,
	      uint64_t seed, struct plan *plan, struct error *err);

/* Leaves out what a run of so many boots does not measure in that one, from 1 on (workload_due()). */
void plan_thin(struct plan *plan, unsigned int boot, unsigned int boots);

#endif
