// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {"/vkernel/bin/vkdrive", "switch", "5", "5000", NULL};

const struct workload workload_context_switch = {
	.name = "context-switch",
	.summary = "a byte goes to and fro between two processes over pipes: two switches, two "
		   "writes, two reads",
	.counts = "elapsed time, in both processes, for 5 batches of 5,000 after one that is "
		  "thrown away",
	.clocks = ON_BOTH,
	.metrics = workload_operation_metrics,
	.argv = argv,
	.parse = readings_from_driver,
	.warms_itself = true,
	.micro = true,
	.quick = true,
	.timeout = 60,
};
