// SPDX-License-Identifier: GPL-2.0
#include "workloads/parsers.h"
#include "workloads/table.h"

static const char *const argv[] = {"sysbench",
				   "memory",
				   "--threads=1",
				   "--memory-block-size=1K",
				   "--memory-total-size=256M",
				   "--time=0",
				   "--rand-seed=1",
				   "run",
				   NULL};

const struct workload workload_sysbench_memory = {
	.name = "sysbench-memory",
	.summary = "sysbench writes 256 MiB of memory in blocks of 1 KiB, in one thread",
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
