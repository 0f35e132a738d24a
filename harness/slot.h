/* SPDX-License-Identifier: GPL-2.0 */
/* At most two guests of those that share a cache folder run at once, whoever started them. */
#ifndef VKERNEL_HARNESS_SLOT_H
#define VKERNEL_HARNESS_SLOT_H

#include "lib/error.h"

/*
 * Waits, at most timeout seconds, for one of the places. Returns a descriptor: the place is taken
 * as long as it, or a copy in another process, is open. Returns -1 with err set (EXIT_INTERRUPTED
 * after vm_interrupt()). Says on standard error once that it waits.
 */
int slot_take(unsigned int timeout, struct error *err);

#endif
