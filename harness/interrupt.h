/* SPDX-License-Identifier: GPL-2.0 */
/* The side of vm_interrupt() that waiting functions look at. */
#ifndef VKERNEL_HARNESS_INTERRUPT_H
#define VKERNEL_HARNESS_INTERRUPT_H

#include <stdbool.h>

#include "lib/error.h"

/* Readable from the moment of the interrupt on; owned by this file. -1 with err set on failure. */
int interrupt_fd(struct error *err);

bool interrupted(void);

/* Sets err to EXIT_INTERRUPTED; returns -1. */
int interrupt_error(struct error *err);

#endif
