/* SPDX-License-Identifier: GPL-2.0 */
/* Files, processes, pipes and memory in tight loops: `vkdrive file`, `exec`, `fork`, `pipe`, ... */
#ifndef VKERNEL_WORKLOADS_DRIVER_LOOP_H
#define VKERNEL_WORKLOADS_DRIVER_LOOP_H

#include "lib/error.h"

/*
 * Each of these throws a batch away, times the others, and prints a line for each. Returns 0, or -1
 * with err set where an operation failed; then the readings are not to be used.
 */

/*
 * Opens and closes, or looks at, the file PATH: the processor's time of this thread. Before and
 * after that opens OTHER, and fails (EXIT_FINDING) if that is not allowed, or refused, as is said.
 * arguments: open-close|stat PATH BATCHES OPERATIONS OTHER allowed|refused.
 */
int drive_file(char *const arguments[], int count, struct error *err);

/*
 * Executes this program anew, in place of itself, as often as is asked for: the processor's time of
 * the thread, from one main() to a later one. arguments: BATCHES OPERATIONS. Returns only on failure.
 */
int drive_exec(char *const arguments[], int count, struct error *err);

/* The program of drive_exec(); arguments are its own. */
int drive_exec_again(char *const arguments[], int count, struct error *err);

/* Makes a child that ends at once, and waits for it: elapsed time. arguments: BATCHES OPERATIONS. */
int drive_fork(char *const arguments[], int count, struct error *err);

/* A byte into a pipe and out of it: the thread's processor time. arguments: BATCHES OPERATIONS. */
int drive_pipe(char *const arguments[], int count, struct error *err);

/* Maps memory, writes to its first page, unmaps it: likewise. */
int drive_mmap(char *const arguments[], int count, struct error *err);

/* A byte to another process and back, over pipes: elapsed time. arguments: BATCHES OPERATIONS. */
int drive_switch(char *const arguments[], int count, struct error *err);

#endif
