// SPDX-License-Identifier: GPL-2.0
#include "workloads/parsers.h"
#include "workloads/table.h"

static const char *const argv[] = {"perf", "bench", "futex", "wake", "-t", "64", "-w", "1", NULL};

const struct workload workload_perf_futex_wake = {
	.name = "perf-futex-wake",
	.summary = "perf bench: 64 threads that wait on one word are woken, one with each call",
	.counts = "perf's own figures, ten runs; an operation is a thread that was woken",
	.clocks = ON_BOTH,
	.metrics = workload_operation_metrics,
	.argv = argv,
	.parse = perf_parse_runs,
	.warms_itself = true,
	.once = true,
	.every = 4,
	.timeout = 120,
};
