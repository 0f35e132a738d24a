// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {"true", NULL};

const struct workload workload_startup_50 = {
	.name = "startup-50",
	.summary = "50 containers that run true, started at once",
	.counts = "from the first runtime's exec until the last one's exit, waiting included",
	.clocks = ON_BOTH,
	.metrics = workload_startup_metrics,
	.argv = argv,
	.copies = 50,
	.once = true,
	.every = 4,
	.timeout = 120,
};
