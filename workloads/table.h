/* SPDX-License-Identifier: GPL-2.0 */
/* The rows themselves: workload_ and the file's name, its hyphens underscores. */
#ifndef VKERNEL_WORKLOADS_TABLE_H
#define VKERNEL_WORKLOADS_TABLE_H

#include "workloads/workload.h"

extern const struct workload workload_capability_check;
extern const struct workload workload_hackbench;
extern const struct workload workload_host_hooked_syscall;
extern const struct workload workload_nginx_wrk;
extern const struct workload workload_pwgen;
extern const struct workload workload_startup_oci;
extern const struct workload workload_syscall_allowed;
extern const struct workload workload_syscall_denied;
extern const struct workload workload_syscall_filtered;

/* Of a system call in a loop. */
extern const struct metric workload_call_metrics[];

#endif
