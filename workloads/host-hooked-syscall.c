// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {
	"/vkernel/bin/vkdrive", "call", "iopl", "5", "50000", "allowed", NULL};

const struct workload workload_host_hooked_syscall = {
	.name = "host-hooked-syscall",
	.summary = "iopl(2), which the default profile refuses, made by a task of the host in a "
		   "tight loop: native without the framework, vkernel with it and the hooks of a "
		   "container that has ended",
	.counts = "processor time of the calling thread, timer ticks included, for 5 batches of "
		  "50,000 calls after one that is thrown away",
	.clocks = ON_BOTH,
	.metrics = workload_call_metrics,
	.argv = argv,
	.parse = readings_from_driver,
	.warms_itself = true,
	.micro = true,
	.outside = true,
	.quick = true,
	.timeout = 60,
};
