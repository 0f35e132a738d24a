// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {"true", NULL};

const struct workload workload_startup_docker = {
	.name = "startup-docker",
	.summary = "docker run --rm --network=none with true; in a guest of the image engines",
	.counts = "the docker client from its exec to its exit, the daemon's work and all waiting "
		  "included",
	.clocks = ON_BOTH,
	.metrics = workload_elapsed_metrics,
	.argv = argv,
	.docker = true,
	.launches = 3,
	.timeout = 120,
};
