/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What was found for the includes of AppArmor profiles, to be kept beside a policy that was derived
 * from them: the policy is good as long as each look finds the same.
 */
#ifndef VKERNEL_RUNTIME_INCLUDES_H
#define VKERNEL_RUNTIME_INCLUDES_H

#include <stdbool.h>
#include <stddef.h>

#include "builder/apparmor_look.h"

/* All zero: none. */
struct includes {
	char *list; /* the caller's to free; for includes_hold() of this program alone */
	size_t size;
	bool lost; /* memory has failed: the list is not all */
};

/* Adds a look; context is the struct includes. As apparmor_context has it. */
void includes_note(void *context, const struct apparmor_look *look);

/* Whether all that the list, of size bytes, has found is found again: kinds, names and contents. */
bool includes_hold(const char *list, size_t size);

#endif
