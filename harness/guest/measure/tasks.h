/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long the tasks of a launch wait for a processor and are off it, and which system calls they
 * make: programs in the kernel count it (harness/guest/bpf/), which costs the tasks time.
 */
#ifndef VKERNEL_HARNESS_GUEST_MEASURE_TASKS_H
#define VKERNEL_HARNESS_GUEST_MEASURE_TASKS_H

#include <jansson.h>
#include <stdio.h>
#include <sys/types.h>

#include "lib/error.h"

struct tasks;

/* The programs, as an object of libbpf's. */
extern const char tasks_object[], tasks_object_end[];

/*
 * Puts the programs into the kernel; nobody is counted yet. Returns 0, or -1 with err set where this
 * kernel does not take them. The caller ends *tasks by tasks_close().
 */
int tasks_open(struct tasks **tasks, struct error *err);

/* Counts pid from now on, and all that it starts. Returns 0, or -1 with err set. */
int tasks_add(struct tasks *tasks, pid_t pid, struct error *err);

/*
 * Prints what was counted, a line of JSON each: the two histograms, {"histogram", "unit", "buckets":
 * [[lowest, count], ...]}, and {"calls": {NAME: count}}. Returns 0, or -1 with err set.
 */
int tasks_print(const struct tasks *tasks, FILE *out, struct error *err);

/* NULL is fine. */
void tasks_close(struct tasks *tasks);

#endif
