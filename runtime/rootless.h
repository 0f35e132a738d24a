/* SPDX-License-Identifier: GPL-2.0 */
/* Who may load an instance. */
#ifndef VKERNEL_RUNTIME_ROOTLESS_H
#define VKERNEL_RUNTIME_ROOTLESS_H

#include "lib/error.h"
#include "runtime/arguments.h"

/*
 * Refuses to create a container for anybody but the host's root: without its rights, in a user
 * namespace, or with --rootless. Returns 0, or -1 with err set (EXIT_ENVIRONMENT).
 */
int rootless_check(const struct arguments *arguments, struct error *err);

#endif
