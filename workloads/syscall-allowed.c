// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

/* 50,000 calls are about four timer ticks on the instruction clock: each batch has its share. */
static const char *const argv[] = {
	"/vkernel/bin/vkdrive", "call", "getppid", "10", "50000", "allowed", NULL};

const struct workload workload_syscall_allowed = {
	.name = "syscall-allowed",
	.summary = "getppid(2), which every profile allows, in a tight loop",
	.counts = "processor time of the calling thread, timer ticks included, for 10 batches of "
		  "50,000 calls after one that is thrown away",
	.clocks = ON_BOTH,
	.metrics = workload_call_metrics,
	.argv = argv,
	.parse = readings_from_driver,
	.warms_itself = true,
	.micro = true,
	.quick = true,
	.timeout = 60,
};
