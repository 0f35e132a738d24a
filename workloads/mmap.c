// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {"/vkernel/bin/vkdrive", "mmap", "5", "1000", NULL};

const struct workload workload_mmap = {
	.name = "mmap",
	.summary = "mmap(2) of 64 kB of memory, a write to the first page, and munmap(2)",
	.counts = "processor time of the calling thread, timer ticks included, for 5 batches of "
		  "1,000 after one that is thrown away",
	.clocks = ON_BOTH,
	.metrics = workload_operation_metrics,
	.argv = argv,
	.parse = readings_from_driver,
	.warms_itself = true,
	.micro = true,
	.timeout = 60,
};
