// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

/* Not a part or a multiple of the timer's tick: with such a period all answers meet the same phase. */
static const char *const argv[] = {"/vkernel/bin/vkdrive", "service", "8000", "537", NULL};
static const char *const neighbour[] = {"/vkernel/bin/vkdrive", "hogs", "4", NULL};

static const struct metric metrics[] = {
	{
		.name = "p99",
		.unit = "ms",
		.better = BETTER_LOWER,
		.clocks = ON_BOTH,
		.formula = FORMULA_MILLISECONDS,
	},
	{.name = NULL},
};

const struct workload workload_noisy_neighbour = {
	.name = "noisy-neighbour",
	.summary =
		"a service that is asked every 0.537 ms, while a neighbour, in a container of its "
		"own, computes in 4 processes",
	.counts =
		"the 99th percentile of 8,000 answers' delays after the moment in which they were "
		"due to be asked for",
	.clocks = ON_BOTH,
	.metrics = metrics,
	.argv = argv,
	.neighbour = neighbour,
	.parse = readings_from_driver,
	.warms_itself = true,
	.once = true,
	.every = 4,
	.launches = 4,
	.timeout = 120,
};
