// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {
	"/vkernel/bin/vkdrive", "call", "iopl", "5", "50000", "{answer}", NULL};

const struct workload workload_syscall_denied = {
	.name = "syscall-denied",
	.summary = "iopl(2) of the level that the task has, which the default profile refuses "
		   "(EPERM), in a tight loop; where nothing refuses it, what the call itself costs",
	.counts = "processor time of the calling thread, timer ticks included, for 5 batches of "
		  "50,000 calls after one that is thrown away",
	.clocks = ON_BOTH,
	.metrics = workload_call_metrics,
	.argv = argv,
	.parse = readings_from_driver,
	.warms_itself = true,
	.micro = true,
	.quick = true,
	.linux_only = "it refuses iopl(2) by itself",
	.timeout = 60,
};
