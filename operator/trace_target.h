/* SPDX-License-Identifier: GPL-2.0 */
/* A container that runs already, by its id. */
#ifndef VKERNEL_OPERATOR_TRACE_TARGET_H
#define VKERNEL_OPERATOR_TRACE_TARGET_H

#include "lib/error.h"

/*
 * The number on the host of the first process of the container that which names: an instance's or
 * its container's id or its beginning, or the whole id of a container of crun or runc. Returns it, or
 * -1 with err set (EXIT_USAGE: there is none).
 */
int target_init(const char *which, struct error *err);

#endif
