// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {"/vkernel/bin/vkdrive", "pipe", "5", "20000", NULL};

const struct workload workload_pipe = {
	.name = "pipe",
	.summary = "write(2) of a byte into a pipe and read(2) of it, in one thread",
	.counts = "processor time of the calling thread, timer ticks included, for 5 batches of "
		  "20,000 after one that is thrown away",
	.clocks = ON_BOTH,
	.metrics = workload_operation_metrics,
	.argv = argv,
	.parse = readings_from_driver,
	.warms_itself = true,
	.micro = true,
	.quick = true,
	.timeout = 60,
};
