// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {"true", NULL};

const struct workload workload_startup_oci = {
	.name = "startup-oci",
	.summary = "a container that runs true, by the OCI runtime",
	.counts = "the runtime from its exec to its exit, waiting included; native is true alone",
	.clocks = ON_BOTH,
	.metrics = workload_startup_metrics,
	.argv = argv,
	.launches = 3,
	.quick = true,
	.timeout = 60,
};
