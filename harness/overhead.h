/* SPDX-License-Identifier: GPL-2.0 */
/* What measuring adds to what is measured: the same program with and without the harness. */
#ifndef VKERNEL_HARNESS_OVERHEAD_H
#define VKERNEL_HARNESS_OVERHEAD_H

#include "harness/statistics.h"
#include "harness/vm.h"

#define OVERHEAD_MOST 0.01 /* what the harness may add */

enum arm {
	ARM_BARE,     /* a shell starts it, and the agent is stopped meanwhile */
	ARM_MEASURED, /* as in a run: measure starts it, and the agent listens */
	ARM_COUNTED,  /* the launch with counters, whose times a run does not use */
	ARMS,
};

struct overhead {
	const struct workload *workload;
	double values[ARMS];	      /* medians over the rounds, of the headline */
	struct estimate ratios[ARMS]; /* to ARM_BARE, paired within each round; none for itself */
};

/*
 * Programs that run without a container, time themselves, and repeat so well that a percent can be
 * told: hackbench's figures lie further apart by themselves.
 */
extern const char *const overhead_workloads[]; /* ends with NULL */

/*
 * Measures workload, rounds times in each arm in shuffled order, in vm, where vkm is not loaded; a round
 * before, in which the program is read from the disk, does not count.
 * Returns 0, or -1 with err set.
 */
int overhead_measure(struct vm *vm, const struct workload *workload, enum clock clock,
		     unsigned int rounds, struct overhead *overhead, struct error *err);

#endif
