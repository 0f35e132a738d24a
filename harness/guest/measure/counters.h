/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's software counters (workload_counters) of a child and all that it starts. */
#ifndef VKERNEL_HARNESS_GUEST_MEASURE_COUNTERS_H
#define VKERNEL_HARNESS_GUEST_MEASURE_COUNTERS_H

#include <sys/types.h>

#include "lib/error.h"

#define COUNTERS 4

struct counters {
	int fds[COUNTERS]; /* in the order of workload_counters */
};

/*
 * Attaches counters to pid; they count from its next execve, its children included, whatever
 * namespaces these enter. Returns 0, or -1 with err set and nothing left open.
 */
int counters_open(struct counters *counters, pid_t pid, struct error *err);

/* Reads the counts so far, in the units of workload_counters. */
int counters_read(const struct counters *counters, double values[COUNTERS], struct error *err);

void counters_close(struct counters *counters);

#endif
