/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers in the driver's arguments, its clocks and its readings. */
#ifndef VKERNEL_WORKLOADS_DRIVER_NUMBER_H
#define VKERNEL_WORKLOADS_DRIVER_NUMBER_H

#include <stdint.h>
#include <time.h>

#include "lib/error.h"

/* Nanoseconds of a clock that is known to exist. */
uint64_t driver_now(clockid_t clock);

/* text as a number from 1 to most; -1 with err set (EXIT_USAGE) where it is none. */
int driver_number(const char *text, long most, long *value, struct error *err);

/* Prints one reading, as a line of JSON. */
void driver_reading(uint64_t elapsed_ns, long operations);

#endif
