// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {"true", NULL};

const struct workload workload_startup_10 = {
	.name = "startup-10",
	.summary = "10 containers that run true, started at once",
	.counts = "from the first runtime's exec until the last one's exit, waiting included",
	.clocks = ON_BOTH,
	.metrics = workload_startup_metrics,
	.argv = argv,
	.copies = 10,
	.once = true,
	.every = 4,
	.launches = 3,
	.timeout = 120,
};
