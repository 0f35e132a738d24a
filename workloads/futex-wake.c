// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {"/vkernel/bin/vkdrive", "futex", "5", "20000", NULL};

const struct workload workload_futex_wake = {
	.name = "futex-wake",
	.summary = "futex(2) wakes nobody at one of 4,096 words of shared memory after the other",
	.counts = "processor time of the calling thread, timer ticks included, for 5 batches of "
		  "20,000 after one that is thrown away",
	.clocks = ON_BOTH,
	.metrics = workload_operation_metrics,
	.argv = argv,
	.parse = readings_from_driver,
	.warms_itself = true,
	.micro = true,
	.every = 2,
	.timeout = 60,
};
