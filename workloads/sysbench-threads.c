// SPDX-License-Identifier: GPL-2.0
#include "workloads/parsers.h"
#include "workloads/table.h"

static const char *const argv[] = {"sysbench",
				   "threads",
				   "--threads=8",
				   "--thread-yields=20",
				   "--thread-locks=4",
				   "--events=1000",
				   "--time=0",
				   "--rand-seed=1",
				   "run",
				   NULL};

const struct workload workload_sysbench_threads = {
	.name = "sysbench-threads",
	.summary = "sysbench, 8 threads take and give 4 mutexes and yield, 20,000 times",
	.counts = "sysbench's own figure, \"total time\": the events, not the start of its threads",
	.clocks = ON_BOTH,
	.metrics = workload_elapsed_metrics,
	.argv = argv,
	.parse = sysbench_parse,
	.warms_itself = true,
	.once = true,
	.quick = true,
	.every = 2,
	.timeout = 120,
};
