/* SPDX-License-Identifier: GPL-2.0 */
/* Neighbours, and what suffers from them: `vkdrive futex`, `futex-crowd`, `service`, `hogs`. */
#ifndef VKERNEL_WORKLOADS_DRIVER_NEIGHBOUR_H
#define VKERNEL_WORKLOADS_DRIVER_NEIGHBOUR_H

#include "lib/error.h"

/*
 * Wakes nobody at one word of shared memory after the other, over as many words as reach every bucket
 * of the kernel's table: the thread's processor time, a line for each batch but the first.
 * arguments: BATCHES OPERATIONS.
 */
int drive_futex(char *const arguments[], int count, struct error *err);

/*
 * Waits at some 8,000 words of shared memory, 128 for each thread; where the kernel cannot wait at
 * several, at one each. Prints "ready" when all wait, and ends at SIGTERM. No arguments.
 */
int drive_futex_crowd(char *const arguments[], int count, struct error *err);

/*
 * A client asks a server, another process, at fixed moments, and prints the 99th percentile of the
 * time from such a moment until the answer, as one reading. arguments: REQUESTS PERIOD, the latter
 * in microseconds.
 */
int drive_service(char *const arguments[], int count, struct error *err);

/* Computes in COUNT processes; prints "ready" when they do, and ends at SIGTERM. arguments: COUNT. */
int drive_hogs(char *const arguments[], int count, struct error *err);

#endif
