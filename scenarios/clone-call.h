/* SPDX-License-Identifier: GPL-2.0 */
/* clone(2) and clone3(2), called directly; the child ends at once and is waited for. */
#ifndef VKERNEL_SCENARIOS_CLONE_CALL_H
#define VKERNEL_SCENARIOS_CLONE_CALL_H

#include <stddef.h>

#include "scenarios/entry.h"

/* Both return 0 where there was a child, else the errno. */

int clone_call(enum entry entry, unsigned long flags);

/* size: of the structure that is handed over, at most 4096 bytes; what is not flags or signal is 0. */
int clone_call_3(enum entry entry, unsigned long long flags, size_t size);

#endif
