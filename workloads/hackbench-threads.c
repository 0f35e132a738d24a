// SPDX-License-Identifier: GPL-2.0
#include "workloads/parsers.h"
#include "workloads/table.h"

static const char *const argv[] = {"hackbench", "-g", "1", "-l", "300", "-T", NULL};

const struct workload workload_hackbench_threads = {
	.name = "hackbench-threads",
	.summary = "20 senders and 20 receivers pass 120,000 messages over sockets, threads of one "
		   "process",
	.counts = "hackbench's own figure (to the millisecond): the messages, not the creation of "
		  "its threads",
	.clocks = ON_BOTH,
	.metrics = workload_elapsed_metrics,
	.argv = argv,
	.parse = hackbench_parse,
	.warms_itself = true,
	.once = true,
	.every = 4,
	.timeout = 120,
};
