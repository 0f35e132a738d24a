/* SPDX-License-Identifier: GPL-2.0 */
/* The test module vkflaw, through which a process takes the kernel's own credentials. */
#ifndef VKERNEL_SCENARIOS_FLAW_H
#define VKERNEL_SCENARIOS_FLAW_H

#include "lib/error.h"

/* Outside: loads and unloads the module. flaw_load() returns 0, or -1 with err set. */
int flaw_load(struct error *err);
void flaw_unload(void);

/* Inside: how is "commit", "in-place" or "subjective" (vkflaw.c). Returns 0 or an errno. */
int flaw_steal(const char *how);

#endif
