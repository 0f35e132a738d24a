// SPDX-License-Identifier: GPL-2.0
#include "workloads/parsers.h"
#include "workloads/table.h"

static const char *const argv[] = {"hackbench", "-g", "1", "-l", "600", "-p", NULL};

const struct workload workload_hackbench_pipes = {
	.name = "hackbench-pipes",
	.summary = "20 senders and 20 receivers pass 240,000 messages over pipes",
	.counts = "hackbench's own figure (to the millisecond): the messages, not the creation of "
		  "its processes",
	.clocks = ON_BOTH,
	.metrics = workload_elapsed_metrics,
	.argv = argv,
	.parse = hackbench_parse,
	.warms_itself = true,
	.once = true,
	.every = 4,
	.launches = 3,
	.timeout = 120,
};
