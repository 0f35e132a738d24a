// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {"/vkernel/bin/vkdrive", "fork", "5", "100", NULL};

const struct workload workload_fork = {
	.name = "fork",
	.summary = "fork(2), the end of the child, and wait(2) for it",
	.counts = "elapsed time, in parent and child, for 5 batches of 100 after one that is "
		  "thrown away",
	.clocks = ON_BOTH,
	.metrics = workload_operation_metrics,
	.argv = argv,
	.parse = readings_from_driver,
	.warms_itself = true,
	.micro = true,
	.files = true,
	.quick = true,
	.timeout = 60,
};
