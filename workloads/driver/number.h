/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers in the driver's arguments, and its clocks. */
#ifndef VKERNEL_WORKLOADS_DRIVER_NUMBER_H
#define VKERNEL_WORKLOADS_DRIVER_NUMBER_H

#include <stdint.h>
#include <time.h>

#include "lib/error.h"

/* Nanoseconds of a clock that is known to exist. */
uint64_t driver_now(clockid_t clock);

/* text as a number from 1 to most; -1 with err set (EXIT_USAGE) where it is none. */
int driver_number(const char *text, long most, long *value, struct error *err);

#endif
