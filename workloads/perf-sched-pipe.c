// SPDX-License-Identifier: GPL-2.0
#include "workloads/parsers.h"
#include "workloads/table.h"

static const char *const argv[] = {"perf", "bench", "sched", "pipe", "-l", "5000", NULL};

const struct workload workload_perf_sched_pipe = {
	.name = "perf-sched-pipe",
	.summary = "perf bench: two processes pass a word over pipes, to and fro, 5,000 times",
	.counts = "perf's own figure, \"usecs/op\": one way there and back",
	.clocks = ON_BOTH,
	.metrics = workload_operation_metrics,
	.argv = argv,
	.parse = perf_parse_rate,
	.warms_itself = true,
	.once = true,
	.quick = true,
	.every = 2,
	.timeout = 120,
};
