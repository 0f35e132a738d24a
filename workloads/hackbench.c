// SPDX-License-Identifier: GPL-2.0
#include "workloads/parsers.h"
#include "workloads/table.h"

static const char *const argv[] = {"hackbench", "-g", "1", "-l", "300", NULL};

const struct workload workload_hackbench = {
	.name = "hackbench",
	.summary = "20 senders and 20 receivers pass 120,000 messages over sockets",
	.counts = "hackbench's own figure (to the millisecond): the messages, not the creation of "
		  "its processes",
	.clocks = ON_BOTH,
	.metrics = workload_elapsed_metrics,
	.argv = argv,
	.parse = hackbench_parse,
	.warms_itself = true,
	.once = true,
	.quick = true,
	.every = 2,
	.timeout = 120,
};
