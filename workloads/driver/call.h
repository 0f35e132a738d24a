/* SPDX-License-Identifier: GPL-2.0 */
/* One system call in a tight loop: `vkdrive call`. */
#ifndef VKERNEL_WORKLOADS_DRIVER_CALL_H
#define VKERNEL_WORKLOADS_DRIVER_CALL_H

#include "lib/error.h"

/*
 * Makes the call that is named a few times and compares what it answers, throws a batch away,
 * times the others, compares again, and prints a line for each batch: the processor's time of
 * this thread. arguments: NAME BATCHES OPERATIONS allowed|refused. Returns 0, or -1 with err set
 * (EXIT_FINDING: the call answered something else) and no line printed.
 */
int drive_call(char *const arguments[], int count, struct error *err);

#endif
