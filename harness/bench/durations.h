/* SPDX-License-Identifier: GPL-2.0 */
/* Where a run's time goes: the host's seconds by workload and configuration, and around them. */
#ifndef VKERNEL_HARNESS_BENCH_DURATIONS_H
#define VKERNEL_HARNESS_BENCH_DURATIONS_H

#include <jansson.h>
#include <stdio.h>

#include "harness/bench/plan.h"

/* All zero is a start. The caller keeps threads apart. */
struct durations {
	double visits[ROWS_MAX][ROWS_MAX]; /* by row of workload and of configuration */
	unsigned int counts[ROWS_MAX][ROWS_MAX];
	double boots; /* from QEMU's start to the first visit, and the guest's end */
	unsigned int boots_count;
};

void durations_add(struct durations *durations, const struct stop *stop, double seconds);

/* {"boot": seconds each, "visits": {WORKLOAD: {CONFIGURATION: seconds each}}}, for env.json. */
json_t *durations_json(const struct durations *durations);

/*
 * How long a boot of plan takes, in seconds, by what durations_json() said of an earlier run; what
 * is not in it counts as much as what is on the average. 0 where it says nothing.
 */
double durations_estimate(const json_t *earlier, const struct plan *plan);

/* A line for each workload, the longest first. */
void durations_print(const struct durations *durations, FILE *out);

#endif
