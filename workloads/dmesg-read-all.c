// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

static const char *const argv[] = {"/vkernel/bin/vkdrive", "log", "all", "5", "10000", NULL};

const struct workload workload_dmesg_read_all = {
	.name = "dmesg-read-all",
	.summary = "10,000 lines of the kernel's log by syslog(2), all lines at once: the "
		   "container's own log where it has one, else the host's",
	.counts = "processor time of the calling thread, timer ticks included, for 5 batches of "
		  "10,000 lines after one that is thrown away",
	.clocks = ON_BOTH,
	.metrics = workload_line_metrics,
	.argv = argv,
	.parse = readings_from_driver,
	.warms_itself = true,
	.micro = true,
	.options = {.capabilities = workload_log_capabilities,
		    .devices = workload_log_devices,
		    .annotations = workload_log_annotations},
	.linux_only = "it has no log of the kernel's that a program could fill",
	.timeout = 60,
};
