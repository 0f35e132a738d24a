// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {"/vkernel/bin/vkdrive", "futex", "5", "20000", NULL};
static const char *const neighbour[] = {"/vkernel/bin/vkdrive", "futex-crowd", NULL};

const struct workload workload_futex_wake_pressed = {
	.name = "futex-wake-pressed",
	.summary = "futex-wake while a neighbour, in a container of its own, has up to 8,192 "
		   "waiters in the kernel's table",
	.counts = "processor time of the calling thread, timer ticks included, for 5 batches of "
		  "20,000 after one that is thrown away",
	.clocks = ON_BOTH,
	.metrics = workload_operation_metrics,
	.argv = argv,
	.parse = readings_from_driver,
	.warms_itself = true,
	.micro = true,
	.neighbour = neighbour,
	.every = 2,
	.timeout = 60,
};
