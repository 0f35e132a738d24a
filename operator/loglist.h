/* SPDX-License-Identifier: GPL-2.0 */
/* Which logs there are. */
#ifndef VKERNEL_OPERATOR_LOGLIST_H
#define VKERNEL_OPERATOR_LOGLIST_H

#include <stdbool.h>

#include "operator/instances.h"

/* Prints those of instances that have one, then the kept ones. Returns 0, or -1 with err set. */
int log_list(const struct instances *instances, bool json, struct error *err);

#endif
