// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {"true", NULL};

static const struct metric metrics[] = {
	{
		.name = "elapsed",
		.unit = "ms",
		.better = BETTER_LOWER,
		.clocks = ON_BOTH,
		.formula = FORMULA_MILLISECONDS,
	},
	{.name = NULL},
};

const struct workload workload_startup_oci = {
	.name = "startup-oci",
	.summary = "a container that runs true, by the OCI runtime",
	.counts = "the runtime from its exec to its exit, waiting included; native is true alone",
	.clocks = ON_BOTH,
	.metrics = metrics,
	.argv = argv,
	.launches = 3,
	.timeout = 60,
};
