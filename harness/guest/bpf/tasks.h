/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs in the kernel and measure share. */
#ifndef VKERNEL_HARNESS_GUEST_BPF_TASKS_H
#define VKERNEL_HARNESS_GUEST_BPF_TASKS_H

#include <linux/types.h>

#define TASKS_BUCKETS 64
#define TASKS_CALLS   1024 /* numbers of a table */

/* Places in the map `delays`: a histogram each, of powers of two. */
enum tasks_histogram { TASKS_RUN_QUEUE, TASKS_OFF_CPU, TASKS_HISTOGRAMS };

struct tasks_delays {
	__u64 buckets[TASKS_BUCKETS]; /* of values from 2^i ns on; below 2 in the first */
};

/* The tables of system calls: places in the map `calls`, TASKS_CALLS numbers each. */
enum tasks_table { TASKS_X86_64, TASKS_I386, TASKS_TABLES };

#endif
