// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {"/vkernel/bin/vkdrive", "file",    "stat",
				   "/etc/passwd",	   "5",	      "5000",
				   "/etc/shadow",	   "{rules}", NULL};

const struct workload workload_stat = {
	.name = "stat",
	.summary = "stat(2) of a file that several rules are for, in a tight loop",
	.counts = "processor time of the calling thread, timer ticks included, for 5 batches of "
		  "5,000 calls after one that is thrown away",
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
