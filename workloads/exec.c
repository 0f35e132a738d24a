// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {"/vkernel/bin/vkdrive", "exec", "5", "100", NULL};

const struct workload workload_exec = {
	.name = "exec",
	.summary = "execve(2) of a small static program, and its way to main(), in place of "
		   "itself",
	.counts = "processor time of the thread that executes, timer ticks included, for 5 "
		  "batches of 100 after one that is thrown away",
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
