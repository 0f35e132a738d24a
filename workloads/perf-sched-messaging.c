// SPDX-License-Identifier: GPL-2.0
#include "workloads/parsers.h"
#include "workloads/table.h"

static const char *const argv[] = {"perf", "bench", "sched", "messaging", "-g",
				   "1",	   "-l",    "100",   NULL};

const struct workload workload_perf_sched_messaging = {
	.name = "perf-sched-messaging",
	.summary = "perf bench: 20 senders and 20 receivers pass 40,000 messages over sockets",
	.counts = "perf's own figure, \"Total time\" (to the millisecond)",
	.clocks = ON_BOTH,
	.metrics = workload_elapsed_metrics,
	.argv = argv,
	.parse = perf_parse_total,
	.warms_itself = true,
	.once = true,
	.every = 4,
	.timeout = 120,
};
