/* SPDX-License-Identifier: GPL-2.0 */
/* The system calls of an architecture: names, numbers, and arguments that do no harm. */
#ifndef VKERNEL_SCENARIOS_CALLS_H
#define VKERNEL_SCENARIOS_CALLS_H

#include <jansson.h>
#include <stdbool.h>

#include "scenarios/entry.h"

#define CALLS_MAX 512 /* numbers looked at; Linux 7.2 ends below 480 on both architectures */

/* The name (static), or NULL: no call of this number is known. */
const char *calls_name(enum entry entry, unsigned int number);

/*
 * Arguments with which the call fails, or succeeds without any effect outside its own process.
 * Returns false with *reason (static) set where there are none: the call is not to be made.
 */
bool calls_arguments(const char *name, unsigned long arguments[6], const char **reason);

/*
 * Sets allowed[number] for each call that linux.seccomp (the OCI form) allows unconditionally.
 * As in libseccomp, the first unconditional rule for a call decides.
 */
void calls_allowed(const json_t *seccomp, enum entry entry, bool allowed[CALLS_MAX]);

/* Which numbers of the entry have a rule that depends on arguments. */
void calls_conditional(const json_t *seccomp, enum entry entry, bool conditional[CALLS_MAX]);

#endif
