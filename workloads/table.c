// SPDX-License-Identifier: GPL-2.0
#include "workloads/workload.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/guest/bundle.h"
#include "workloads/table.h"

const struct workload *const workloads[] = {
	&workload_syscall_allowed,
	&workload_syscall_filtered,
	&workload_syscall_denied,
	&workload_capability_check,
	&workload_host_hooked_syscall,
	&workload_open_close,
	&workload_open_close_unruled,
	&workload_stat,
	&workload_exec,
	&workload_fork,
	&workload_pipe,
	&workload_mmap,
	&workload_context_switch,
	&workload_futex_wake,
	&workload_futex_wake_pressed,
	&workload_dmesg_read,
	&workload_dmesg_read_all,
	&workload_startup_oci,
	&workload_startup_docker,
	&workload_startup_10,
	&workload_startup_50,
	&workload_pwgen,
	&workload_hackbench,
	&workload_hackbench_pipes,
	&workload_hackbench_threads,
	&workload_hackbench_threads_pipes,
	&workload_sysbench_cpu,
	&workload_sysbench_threads,
	&workload_sysbench_mutex,
	&workload_sysbench_memory,
	&workload_perf_sched_pipe,
	&workload_perf_sched_messaging,
	&workload_perf_futex_hash,
	&workload_perf_futex_wake,
	&workload_perf_futex_requeue,
	&workload_noisy_neighbour,
	&workload_nginx_wrk_1,
	&workload_nginx_wrk,
	&workload_nginx_wrk_100,
	&workload_nginx_wrk_1_64k,
	&workload_nginx_wrk_64k,
	&workload_nginx_wrk_100_64k,
	&workload_nginx_ab,
	&workload_redis,
	&workload_pgbench,
};
const unsigned int workloads_count = sizeof(workloads) / sizeof(workloads[0]);

/* Two metrics; the first is of the instruction clock. */
#define PER_OPERATION(each)                                                        \
	{.name = "instructions",                                                   \
	 .unit = "instructions/" each,                                             \
	 .better = BETTER_LOWER,                                                   \
	 .clocks = ON_INSTRUCTIONS,                                                \
	 .formula = FORMULA_PER_OPERATION},                                        \
	{                                                                          \
		.name = "nanoseconds", .unit = "ns/" each, .better = BETTER_LOWER, \
		.clocks = ON_WALL, .formula = FORMULA_PER_OPERATION                \
	}

#define LOOP_METRICS(each)           \
	{                            \
		PER_OPERATION(each), \
		{                    \
			.name = NULL \
		}                    \
	}

const struct metric workload_call_metrics[] = LOOP_METRICS("call");
const struct metric workload_operation_metrics[] = LOOP_METRICS("operation");
const struct metric workload_line_metrics[] = LOOP_METRICS("line");

#define ELAPSED                                                                             \
	{                                                                                   \
		.name = "elapsed", .unit = "ms", .better = BETTER_LOWER, .clocks = ON_BOTH, \
		.formula = FORMULA_MILLISECONDS,                                            \
	}

const struct metric workload_elapsed_metrics[] = {ELAPSED, {.name = NULL}};

const struct metric workload_startup_metrics[] = {
	ELAPSED,
	{
		.name = "instructions",
		.unit = "million",
		.better = BETTER_LOWER,
		.clocks = ON_INSTRUCTIONS,
		.formula = FORMULA_TASK_CLOCK,
	},
	{.name = NULL},
};

#define RATE_METRICS(each)                    \
	{                                     \
		{.name = each "s-per-second", \
		 .unit = each "s/s",          \
		 .better = BETTER_HIGHER,     \
		 .clocks = ON_BOTH,           \
		 .formula = FORMULA_RATE},    \
			PER_OPERATION(each),  \
		{                             \
			.name = NULL          \
		}                             \
	}

const struct metric workload_request_metrics[] = RATE_METRICS("request");
const struct metric workload_transaction_metrics[] = RATE_METRICS("transaction");

const char *const workload_log_capabilities[] = {BUNDLE_CAPABILITIES_BUT_AUDIT_WRITE,
						 "CAP_AUDIT_WRITE", "CAP_SYSLOG", NULL};
const char *const workload_log_devices[] = {"/dev/kmsg", NULL};
const char *const workload_log_annotations[] = {"io.vkernel.log", "private", NULL};

const struct metric workload_counters[] = {
	{
		.name = "task-clock",
		.unit = "ms",
		.better = BETTER_LOWER,
		.clocks = ON_BOTH,
		.formula = FORMULA_COUNTER,
	},
	{
		.name = "context-switches",
		.unit = "switches",
		.better = BETTER_LOWER,
		.clocks = ON_BOTH,
		.formula = FORMULA_COUNTER,
	},
	{
		.name = "cpu-migrations",
		.unit = "migrations",
		.better = BETTER_LOWER,
		.clocks = ON_BOTH,
		.formula = FORMULA_COUNTER,
	},
	{
		.name = "page-faults",
		.unit = "faults",
		.better = BETTER_LOWER,
		.clocks = ON_BOTH,
		.formula = FORMULA_COUNTER,
	},
	/* Emulated processors have none of the following, and some virtual ones neither. */
	{
		.name = "cycles",
		.unit = "cycles",
		.better = BETTER_LOWER,
		.clocks = ON_WALL,
		.formula = FORMULA_COUNTER,
	},
	{
		.name = "retired-instructions",
		.unit = "instructions",
		.better = BETTER_LOWER,
		.clocks = ON_WALL,
		.formula = FORMULA_COUNTER,
	},
	{
		.name = "cache-misses",
		.unit = "misses",
		.better = BETTER_LOWER,
		.clocks = ON_WALL,
		.formula = FORMULA_COUNTER,
	},
	{
		.name = "branch-misses",
		.unit = "misses",
		.better = BETTER_LOWER,
		.clocks = ON_WALL,
		.formula = FORMULA_COUNTER,
	},
	{
		.name = "hardware-counted",
		.unit = "%",
		.better = BETTER_HIGHER,
		.clocks = ON_WALL,
		.formula = FORMULA_COUNTER,
	},
	{.name = NULL},
};

const struct workload *workload_find(const char *name)
{
	for (unsigned int i = 0; i < workloads_count; i++)
		if (!strcmp(workloads[i]->name, name))
			return workloads[i];
	return NULL;
}

bool workload_runs_in(const struct workload *workload, const struct configuration *configuration)
{
	if (workload->outside)
		return !configuration->runtime ||
		       (configuration->framework && !configuration->micro_only);
	if (configuration->files)
		return workload->files;
	if (workload->docker && !configuration->runtime)
		return false;
	if (workload->copies > 1 && configuration->peer)
		return false;
	if (workload->files && configuration->micro_only)
		return false;
	return workload->micro || !configuration->micro_only;
}

bool workload_due(const struct workload *workload, const struct configuration *configuration,
		  unsigned int boot, unsigned int boots)
{
	unsigned int every = workload->every;

	if (configuration->every > every)
		every = configuration->every;
	return every < 2 || boot <= 3 || boot <= boots / every;
}

static const struct metric *find(const struct metric *metrics, const char *name, enum clock clock)
{
	for (; metrics->name; metrics++)
		if (metrics->clocks & ON_CLOCK(clock) && (!name || !strcmp(metrics->name, name)))
			return metrics;
	return NULL;
}

const struct metric *workload_metric(const struct workload *workload, const char *name,
				     enum clock clock)
{
	const struct metric *metric = find(workload->metrics, name, clock);

	return metric ? metric : find(workload_counters, name, clock);
}

const struct metric *workload_headline(const struct workload *workload, enum clock clock)
{
	return find(workload->metrics, NULL, clock);
}

const char *workload_unit(const struct workload *workload, const struct metric *metric)
{
	static const struct {
		const char *unit, *each;
	} units[] = {
		{"ms", "ms/operation"},
		{"switches", "switches/operation"},
		{"migrations", "migrations/operation"},
		{"faults", "faults/operation"},
		{"cycles", "cycles/operation"},
		{"instructions", "instructions/operation"},
		{"misses", "misses/operation"},
	};

	if (!workload->fixed_time || metric->formula != FORMULA_COUNTER)
		return metric->unit;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(units[i].unit, metric->unit))
			return units[i].each;
	return metric->unit;
}

double workload_value(enum formula formula, const struct reading *reading)
{
	switch (formula) {
	case FORMULA_MILLISECONDS:
		return reading->elapsed_ns / 1e6;
	case FORMULA_PER_OPERATION:
		return reading->elapsed_ns / reading->operations;
	case FORMULA_RATE:
		return reading->operations / (reading->elapsed_ns / 1e9);
	case FORMULA_COUNTER:
	case FORMULA_TASK_CLOCK:
		break;
	}
	abort();
}

int readings_add(struct readings *readings, double elapsed_ns, double operations, struct error *err)
{
	if (readings->count == sizeof(readings->rows) / sizeof(readings->rows[0]))
		return error_set(err, EXIT_FINDING, "more than %zu readings in one run",
				 readings->count);
	if (!isfinite(elapsed_ns) || !isfinite(operations) || elapsed_ns <= 0 || operations <= 0)
		return error_set(err, EXIT_FINDING,
				 "a reading of %g operations in %g ns is not a measurement",
				 operations, elapsed_ns);
	readings->rows[readings->count++] =
		(struct reading){.elapsed_ns = elapsed_ns, .operations = operations};
	return 0;
}
