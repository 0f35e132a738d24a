/* SPDX-License-Identifier: GPL-2.0 */
/* What programs print that several rows run. Each is a workload.parse. */
#ifndef VKERNEL_WORKLOADS_PARSERS_H
#define VKERNEL_WORKLOADS_PARSERS_H

#include "workloads/workload.h"

/* hackbench: its "Time:" line. */
int hackbench_parse(const char *output, struct readings *readings, struct error *err);

/* sysbench: "total time:"; an operation is one run of the whole. */
int sysbench_parse(const char *output, struct readings *readings, struct error *err);

/* perf bench sched pipe: "usecs/op", for as many as it says that it executed. */
int perf_parse_rate(const char *output, struct readings *readings, struct error *err);

/* perf bench sched messaging: "Total time:". */
int perf_parse_total(const char *output, struct readings *readings, struct error *err);

/* perf bench futex hash: "Averaged ... operations/sec" and "total secs". */
int perf_parse_hash(const char *output, struct readings *readings, struct error *err);

/* perf bench futex wake, requeue: a reading for each "[Run ...]", an operation being a thread. */
int perf_parse_runs(const char *output, struct readings *readings, struct error *err);

#endif
