// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {
	"/vkernel/bin/vkdrive", "call", "capbset-drop", "5", "50000", "allowed", NULL};

const struct workload workload_capability_check = {
	.name = "capability-check",
	.summary = "prctl(2) that checks CAP_SETPCAP, which the container holds, and then finds "
		   "nothing to do (EINVAL), in a tight loop",
	.counts = "processor time of the calling thread, timer ticks included, for 5 batches of "
		  "50,000 calls after one that is thrown away",
	.clocks = ON_BOTH,
	.metrics = workload_call_metrics,
	.argv = argv,
	.parse = readings_from_driver,
	.warms_itself = true,
	.micro = true,
	.linux_only = "it drops a capability that does not exist without complaint",
	.timeout = 60,
};
