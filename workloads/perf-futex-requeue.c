// SPDX-License-Identifier: GPL-2.0
#include "workloads/parsers.h"
#include "workloads/table.h"

static const char *const argv[] = {"perf", "bench", "futex", "requeue", "-t",
				   "128",  "-q",    "1",     NULL};

const struct workload workload_perf_futex_requeue = {
	.name = "perf-futex-requeue",
	.summary = "perf bench: 128 threads that wait on one word are moved to another, one with "
		   "each call",
	.counts = "perf's own figures, ten runs; an operation is a thread that was moved",
	.clocks = ON_BOTH,
	.metrics = workload_operation_metrics,
	.argv = argv,
	.parse = perf_parse_runs,
	.warms_itself = true,
	.once = true,
	.every = 4,
	.timeout = 120,
};
