/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's events (workload_counters) of a child and all that it starts, by libperf: software
 * events everywhere, hardware events where the guest's processor counts them.
 */
#ifndef VKERNEL_HARNESS_GUEST_MEASURE_COUNTERS_H
#define VKERNEL_HARNESS_GUEST_MEASURE_COUNTERS_H

#include <sys/types.h>

#include "lib/error.h"

#define COUNTERS_EVENTS 8
/* And the share of the time for which the hardware's were counted. */
#define COUNTERS	(COUNTERS_EVENTS + 1)

struct perf_evsel;
struct perf_thread_map;

struct counters {
	struct perf_thread_map *threads;
	struct perf_evsel *events[COUNTERS_EVENTS]; /* NULL: this guest cannot count it */
};

/*
 * Attaches counters to pid; they count from its next execve, its children included, whatever
 * namespaces these enter. Returns 0, or -1 with err set and nothing left open.
 */
int counters_open(struct counters *counters, pid_t pid, struct error *err);

/*
 * Reads the counts so far, in the units of workload_counters. Where the processor has fewer counters
 * than there are events, each was counted for a part of the time: its count is scaled up to the
 * whole, and the last value is that part, the smallest one, in percent. A value is NAN where there is
 * no such event here.
 */
int counters_read(const struct counters *counters, double values[COUNTERS], struct error *err);

void counters_close(struct counters *counters);

#endif
