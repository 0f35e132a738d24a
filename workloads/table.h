/* SPDX-License-Identifier: GPL-2.0 */
/* The rows themselves: workload_ and the file's name, its hyphens underscores. */
#ifndef VKERNEL_WORKLOADS_TABLE_H
#define VKERNEL_WORKLOADS_TABLE_H

#include "workloads/workload.h"

extern const struct workload workload_capability_check;
extern const struct workload workload_dmesg_read;
extern const struct workload workload_dmesg_read_all;
extern const struct workload workload_exec;
extern const struct workload workload_fork;
extern const struct workload workload_open_close;
extern const struct workload workload_open_close_unruled;
extern const struct workload workload_stat;
extern const struct workload workload_hackbench;
extern const struct workload workload_host_hooked_syscall;
extern const struct workload workload_nginx_wrk;
extern const struct workload workload_pwgen;
extern const struct workload workload_startup_50;
extern const struct workload workload_startup_docker;
extern const struct workload workload_startup_oci;
extern const struct workload workload_syscall_allowed;
extern const struct workload workload_syscall_denied;
extern const struct workload workload_syscall_filtered;

/* Of a system call in a loop. */
extern const struct metric workload_call_metrics[];

/* Of containers from their start to their end. */
extern const struct metric workload_startup_metrics[];

/* Of other operations in a loop, and of lines of a log. */
extern const struct metric workload_operation_metrics[], workload_line_metrics[];

/* What a container gets that reads and writes a kernel log: its own where it can have one. */
extern const char *const workload_log_capabilities[], *const workload_log_devices[],
							      *const workload_log_annotations[];

#endif
