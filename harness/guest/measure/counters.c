// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/measure/counters.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "workloads/workload.h"

/* Parallel to workload_counters. */
static const struct {
	uint64_t config;
	double unit; /* what the kernel counts in one of our units */
} events[COUNTERS] = {
	{.config = PERF_COUNT_SW_TASK_CLOCK, .unit = 1e6},
	{.config = PERF_COUNT_SW_CONTEXT_SWITCHES, .unit = 1},
	{.config = PERF_COUNT_SW_CPU_MIGRATIONS, .unit = 1},
	{.config = PERF_COUNT_SW_PAGE_FAULTS, .unit = 1},
};

static int open_event(uint64_t config, pid_t pid)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attributes),
		.config = config,
		.disabled = 1,
		.inherit = 1,
		.enable_on_exec = 1,
	};

	return syscall(SYS_perf_event_open, &attributes, pid, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

int counters_open(struct counters *counters, pid_t pid, struct error *err)
{
	for (int i = 0; i < COUNTERS; i++) {
		counters->fds[i] = open_event(events[i].config, pid);
		if (counters->fds[i] >= 0)
			continue;
		error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot count %s",
				workload_counters[i].name);
		while (i--)
			close(counters->fds[i]);
		return -1;
	}
	return 0;
}

int counters_read(const struct counters *counters, double values[COUNTERS], struct error *err)
{
	for (int i = 0; i < COUNTERS; i++) {
		uint64_t count;

		if (read(counters->fds[i], &count, sizeof(count)) != sizeof(count))
			return error_set_errno(err, EXIT_ENVIRONMENT, errno,
					       "cannot read the counter %s",
					       workload_counters[i].name);
		values[i] = count / events[i].unit;
	}
	return 0;
}

void counters_close(struct counters *counters)
{
	for (int i = 0; i < COUNTERS; i++)
		close(counters->fds[i]);
}
