/* SPDX-License-Identifier: GPL-2.0 */
/* What a booted system has set beside its mounts; each a verb of PID 1. */
#ifndef VKERNEL_HARNESS_GUEST_SYSTEM_H
#define VKERNEL_HARNESS_GUEST_SYSTEM_H

#include "lib/error.h"

/* Loads the initrd's drivers, in the order that /modules/order gives. */
int load_modules(struct error *err);

/* Moves this process to a leaf and gives the root's children every controller there is. */
int set_up_cgroups(struct error *err);

int bring_up_loopback(struct error *err);

/* Host name, limits, standard links in /dev, environment for the commands. */
int set_up_environment(struct error *err);

#endif
