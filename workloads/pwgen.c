// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {
	"/vkernel/bin/vkdrive", "run", "pwgen", "-s", "100", "1024", NULL,
};

const struct workload workload_pwgen = {
	.name = "pwgen",
	.summary = "1,024 passwords of 100 characters from the kernel's random numbers",
	.counts = "the program itself, from fork to exit inside the container; not the container's "
		  "start",
	.clocks = ON_BOTH,
	.metrics = workload_elapsed_metrics,
	.argv = argv,
	.parse = readings_from_driver,
	.quick = true,
	.timeout = 60,
};
