// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/measure/counters.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <math.h>
#include <perf/cpumap.h>
#include <perf/evsel.h>
#include <perf/threadmap.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "workloads/workload.h"

/* Parallel to workload_counters, whose last row is the share. */
static const struct {
	uint32_t type;
	uint64_t config;
	double unit; /* what the kernel counts in one of our units */
} events[COUNTERS_EVENTS] = {
	{.type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_TASK_CLOCK, .unit = 1e6},
	{.type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_CONTEXT_SWITCHES, .unit = 1},
	{.type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_CPU_MIGRATIONS, .unit = 1},
	{.type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_PAGE_FAULTS, .unit = 1},
	{.type = PERF_TYPE_HARDWARE, .config = PERF_COUNT_HW_CPU_CYCLES, .unit = 1},
	{.type = PERF_TYPE_HARDWARE, .config = PERF_COUNT_HW_INSTRUCTIONS, .unit = 1},
	{.type = PERF_TYPE_HARDWARE, .config = PERF_COUNT_HW_CACHE_MISSES, .unit = 1},
	{.type = PERF_TYPE_HARDWARE, .config = PERF_COUNT_HW_BRANCH_MISSES, .unit = 1},
};

/* libperf opens without O_CLOEXEC, and what is measured must not inherit a counter of another. */
static void keep_to_ourselves(void)
{
	DIR *folder = opendir("/proc/self/fd");

	for (struct dirent *entry; folder && (entry = readdir(folder));) {
		char target[64] = "";

		if (readlinkat(dirfd(folder), entry->d_name, target, sizeof(target) - 1) > 0 &&
		    !strcmp(target, "anon_inode:[perf_event]"))
			fcntl(atoi(entry->d_name), F_SETFD, FD_CLOEXEC);
	}
	if (folder)
		closedir(folder);
}

static int no_memory(struct error *err)
{
	return error_set(err, EXIT_ENVIRONMENT, "no memory for counters");
}

/* A processor, or a hypervisor, need not have an event; the kernel has all of its own. */
static int open_event(struct counters *counters, int index, struct error *err)
{
	struct perf_event_attr attributes = {
		.type = events[index].type,
		.size = sizeof(attributes),
		.config = events[index].config,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
		.disabled = 1,
		.inherit = 1,
		.enable_on_exec = 1,
	};
	struct perf_evsel *event = perf_evsel__new(&attributes);
	int result;

	if (!event)
		return no_memory(err);
	result = perf_evsel__open(event, NULL, counters->threads);
	if (!result) {
		counters->events[index] = event;
		return 0;
	}
	perf_evsel__delete(event);
	if (events[index].type == PERF_TYPE_HARDWARE)
		return 0;
	return error_set_errno(err, EXIT_ENVIRONMENT, -result, "cannot count %s",
			       workload_counters[index].name);
}

int counters_open(struct counters *counters, pid_t pid, struct error *err)
{
	*counters = (struct counters){.threads = perf_thread_map__new_dummy()};
	if (!counters->threads)
		return no_memory(err);
	perf_thread_map__set_pid(counters->threads, 0, pid);
	for (int i = 0; i < COUNTERS_EVENTS; i++)
		if (open_event(counters, i, err)) {
			counters_close(counters);
			return -1;
		}
	keep_to_ourselves();
	return 0;
}

/* The event's count for all of its time; *share becomes the part that it was counted for, if smaller. */
static int read_event(struct perf_evsel *event, int index, double *value, double *share,
		      struct error *err)
{
	struct perf_counts_values counts;
	double part;
	int8_t scaled;
	int result = perf_evsel__read(event, 0, 0, &counts);

	if (result)
		return error_set_errno(err, EXIT_ENVIRONMENT, -result, "cannot read the counter %s",
				       workload_counters[index].name);
	if (!counts.run && counts.ena) {
		*value = NAN;
		return 0;
	}
	part = counts.ena ? 100.0 * (double)counts.run / (double)counts.ena : 100;
	perf_counts_values__scale(&counts, true, &scaled);
	*value = (double)counts.val / events[index].unit;
	if (events[index].type == PERF_TYPE_HARDWARE && !(*share <= part))
		*share = part;
	return 0;
}

int counters_read(const struct counters *counters, double values[COUNTERS], struct error *err)
{
	values[COUNTERS_EVENTS] = NAN;
	for (int i = 0; i < COUNTERS_EVENTS; i++) {
		values[i] = NAN;
		if (counters->events[i] &&
		    read_event(counters->events[i], i, &values[i], &values[COUNTERS_EVENTS], err))
			return -1;
	}
	return 0;
}

void counters_close(struct counters *counters)
{
	for (int i = 0; i < COUNTERS_EVENTS; i++) {
		if (!counters->events[i])
			continue;
		perf_evsel__close(counters->events[i]);
		perf_evsel__delete(counters->events[i]);
	}
	perf_thread_map__put(counters->threads);
	*counters = (struct counters){0};
}
