// SPDX-License-Identifier: GPL-2.0
#include "workloads/parsers.h"
#include "workloads/table.h"

static const char *const argv[] = {"perf", "bench", "futex", "hash", "-t", "1", "-r", "1", NULL};

const struct workload workload_perf_futex_hash = {
	.name = "perf-futex-hash",
	.summary = "perf bench: a thread calls futex(2) to wait on 1,024 words that have changed "
		   "already",
	.counts = "one second of the guest's clock; perf's own figure, \"operations/sec\"",
	.clocks = ON_BOTH,
	.metrics = workload_operation_metrics,
	.argv = argv,
	.parse = perf_parse_hash,
	.warms_itself = true,
	.once = true,
	.fixed_time = true,
	.every = 4,
	.timeout = 120,
};
