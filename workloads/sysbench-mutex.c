// SPDX-License-Identifier: GPL-2.0
#include "workloads/parsers.h"
#include "workloads/table.h"

static const char *const argv[] = {"sysbench",
				   "mutex",
				   "--threads=8",
				   "--mutex-num=16",
				   "--mutex-locks=100000",
				   "--mutex-loops=10",
				   "--time=0",
				   "--rand-seed=1",
				   "run",
				   NULL};

const struct workload workload_sysbench_mutex = {
	.name = "sysbench-mutex",
	.summary = "sysbench, 8 threads take and give 16 mutexes, 100,000 times each",
	.counts = "sysbench's own figure, \"total time\": the events, not the start of its threads",
	.clocks = ON_BOTH,
	.metrics = workload_elapsed_metrics,
	.argv = argv,
	.parse = sysbench_parse,
	.warms_itself = true,
	.once = true,
	.every = 4,
	.timeout = 120,
};
