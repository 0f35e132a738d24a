/* SPDX-License-Identifier: GPL-2.0 */
/* The rows themselves: workload_ and the file's name, its hyphens underscores. */
#ifndef VKERNEL_WORKLOADS_TABLE_H
#define VKERNEL_WORKLOADS_TABLE_H

#include "workloads/workload.h"

extern const struct workload workload_capability_check;
extern const struct workload workload_context_switch;
extern const struct workload workload_dmesg_read;
extern const struct workload workload_dmesg_read_all;
extern const struct workload workload_exec;
extern const struct workload workload_fork;
extern const struct workload workload_futex_wake;
extern const struct workload workload_futex_wake_pressed;
extern const struct workload workload_hackbench;
extern const struct workload workload_hackbench_pipes;
extern const struct workload workload_hackbench_threads;
extern const struct workload workload_hackbench_threads_pipes;
extern const struct workload workload_host_hooked_syscall;
extern const struct workload workload_mmap;
extern const struct workload workload_nginx_ab;
extern const struct workload workload_nginx_wrk;
extern const struct workload workload_nginx_wrk_1;
extern const struct workload workload_nginx_wrk_1_64k;
extern const struct workload workload_nginx_wrk_100;
extern const struct workload workload_nginx_wrk_100_64k;
extern const struct workload workload_nginx_wrk_64k;
extern const struct workload workload_noisy_neighbour;
extern const struct workload workload_open_close;
extern const struct workload workload_open_close_unruled;
extern const struct workload workload_perf_futex_hash;
extern const struct workload workload_perf_futex_requeue;
extern const struct workload workload_perf_futex_wake;
extern const struct workload workload_perf_sched_messaging;
extern const struct workload workload_perf_sched_pipe;
extern const struct workload workload_pgbench;
extern const struct workload workload_pipe;
extern const struct workload workload_pwgen;
extern const struct workload workload_redis;
extern const struct workload workload_startup_10;
extern const struct workload workload_startup_50;
extern const struct workload workload_startup_docker;
extern const struct workload workload_startup_oci;
extern const struct workload workload_stat;
extern const struct workload workload_sysbench_cpu;
extern const struct workload workload_sysbench_memory;
extern const struct workload workload_sysbench_mutex;
extern const struct workload workload_sysbench_threads;
extern const struct workload workload_syscall_allowed;
extern const struct workload workload_syscall_denied;
extern const struct workload workload_syscall_filtered;

/* Of a system call in a loop. */
extern const struct metric workload_call_metrics[];

/* Of a program from its start to its end, or as it says itself. */
extern const struct metric workload_elapsed_metrics[];

/* Of a server that is asked: how many a second, and what one costs. */
extern const struct metric workload_request_metrics[], workload_transaction_metrics[];

/* Of containers from their start to their end. */
extern const struct metric workload_startup_metrics[];

/* Of other operations in a loop, and of lines of a log. */
extern const struct metric workload_operation_metrics[], workload_line_metrics[];

/* What a container gets that reads and writes a kernel log: its own where it can have one. */
extern const char *const workload_log_capabilities[], *const workload_log_devices[],
							      *const workload_log_annotations[];

#endif
