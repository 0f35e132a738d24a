/* SPDX-License-Identifier: GPL-2.0 */
/* What a workload has running beside what it measures. */
#ifndef VKERNEL_HARNESS_GUEST_MEASURE_NEIGHBOUR_H
#define VKERNEL_HARNESS_GUEST_MEASURE_NEIGHBOUR_H

#include "harness/guest/configuration.h"
#include "harness/guest/measure/process.h"
#include "lib/error.h"
#include "workloads/workload.h"

struct neighbour {
	struct launch launch;
	struct process process;
};

/*
 * Where workload has a neighbour, starts it in configuration, in a container of its own, and waits
 * until it is ready. Returns 0, or -1 with err set and nothing left. The caller ends it with
 * neighbour_end().
 */
int neighbour_begin(const struct workload *workload, const struct configuration *configuration,
		    struct neighbour *neighbour, struct error *err);

/*
 * Ends it and clears away what it had. Returns 0, or -1 with err set where it had ended before: what
 * was measured meanwhile was not measured beside it.
 */
int neighbour_end(const struct configuration *configuration, struct neighbour *neighbour,
		  struct error *err);

#endif
