// SPDX-License-Identifier: GPL-2.0
#include "workloads/parsers.h"
#include "workloads/table.h"

static const char *const argv[] = {
	"sysbench",	 "cpu", "--threads=1", "--cpu-max-prime=2000", "--events=1000", "--time=0",
	"--rand-seed=1", "run", NULL};

const struct workload workload_sysbench_cpu = {
	.name = "sysbench-cpu",
	.summary = "sysbench looks for the primes up to 2,000, 1,000 times, in one thread",
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
