// SPDX-License-Identifier: GPL-2.0
/* Linked last: see calls.c. */
#include "calls.h"

const struct vki_call vki_calls_end[0] __aligned(sizeof(u64)) __section(PRIVATE_CALLS_SECTION);
