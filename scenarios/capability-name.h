/* SPDX-License-Identifier: GPL-2.0 */
/* Capabilities by number and name. */
#ifndef VKERNEL_SCENARIOS_CAPABILITY_NAME_H
#define VKERNEL_SCENARIOS_CAPABILITY_NAME_H

#include <stdbool.h>

/* "CAP_CHOWN"; a number where there is no name. */
void capability_name(int capability, char name[40]);

/* Is it in the NULL-terminated list of names? */
bool capability_listed(int capability, const char *const *list);

#endif
