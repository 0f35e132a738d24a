/* SPDX-License-Identifier: GPL-2.0 */
/* Which numbers the profile denies, handed to a probe. */
#ifndef VKERNEL_SCENARIOS_DENIED_H
#define VKERNEL_SCENARIOS_DENIED_H

#include "scenarios/calls.h"
#include "scenarios/scenario.h"

/*
 * Fills letters with one for each number of the entry: 'a' where the profile that the
 * configurations enforce allows it whatever its arguments, 'c' where they decide, else 'd'; ends it
 * with a zero.
 * Returns 0, or -1 with err set.
 */
int denied_letters(enum entry entry, char letters[CALLS_MAX + 1], struct error *err);

#endif
