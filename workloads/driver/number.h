/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers in the driver's arguments, its clocks and its readings. */
#ifndef VKERNEL_WORKLOADS_DRIVER_NUMBER_H
#define VKERNEL_WORKLOADS_DRIVER_NUMBER_H

#include <stdint.h>
#include <time.h>

#include "lib/error.h"

/* Nanoseconds of a clock that is known to exist. */
uint64_t driver_now(clockid_t clock);

/*
 * Begins a timed part: nanoseconds of a clock that is known to exist. Marks it for QEMU's plugin,
 * which counts this thread's instructions where clock is the thread's, else everybody's; a part
 * that has no end, because another begins, is not counted.
 */
uint64_t driver_start(clockid_t clock);

/*
 * The same for one of several batches of a loop in which the kernel allocates memory, with other
 * remainders of what it keeps for that. Opens one of two descriptors or closes both, which stay open
 * through execve(2).
 */
uint64_t driver_batch(clockid_t clock);

/* Ends the timed part that began at start: the nanoseconds in between. */
uint64_t driver_elapsed(clockid_t clock, uint64_t start);

/*
 * The clock for loops of one thread: its processor time, so that another task that runs meanwhile is
 * not in it; elapsed time where the kernel keeps the former by ticks only, as gVisor's does.
 */
clockid_t driver_thread_clock(void);

/*
 * How many operations a batch has: `operations`, halved until a batch takes at most half a
 * second, to judge by the elapsed_ns that `made` of them took. So the same number everywhere, but
 * where a call is a hundred times as long.
 */
long driver_fit(long operations, uint64_t elapsed_ns, long made);

/* How many operations to try before driver_fit(). */
long driver_trial(long operations);

/* text as a number from 1 to most; -1 with err set (EXIT_USAGE) where it is none. */
int driver_number(const char *text, long most, long *value, struct error *err);

/* Prints one reading, as a line of JSON. */
void driver_reading(uint64_t elapsed_ns, long operations);

#endif
