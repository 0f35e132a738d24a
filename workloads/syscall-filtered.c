// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {
	"/vkernel/bin/vkdrive", "call", "personality", "5", "50000", "allowed", NULL};

const struct workload workload_syscall_filtered = {
	.name = "syscall-filtered",
	.summary = "personality(2) with an argument that the default profile lets pass, in a tight "
		   "loop",
	.counts = "processor time of the calling thread, timer ticks included, for 5 batches of "
		  "50,000 calls after one that is thrown away",
	.clocks = ON_BOTH,
	.metrics = workload_call_metrics,
	.argv = argv,
	.parse = readings_from_driver,
	.warms_itself = true,
	.micro = true,
	.quick = true,
	.linux_only = "it answers personality(2) with EINVAL whatever the argument",
	.timeout = 60,
};
