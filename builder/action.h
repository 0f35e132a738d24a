/* SPDX-License-Identifier: GPL-2.0 */
/* Actions of a seccomp profile, and the values they carry. */
#ifndef VKERNEL_BUILDER_ACTION_H
#define VKERNEL_BUILDER_ACTION_H

#include "builder/fields.h"

/* The parts of an action, NULL where absent, and where they stand: an entry's or the default's. */
struct action {
	const json_t *action, *number, *name, *call;
	struct place action_at, number_at, name_at, call_at;
};

/* Returns 0, or -1 with err set, also for the actions that a policy cannot express. */
int read_action(struct reader *reader, const struct action *action, __u32 *verdict);

/* What an action does that only seccomp itself can ("hands the call to ..."); NULL: nothing. */
const char *action_needs_seccomp(const char *name);

/* True for a flag that means something with notifications only. */
bool flag_needs_seccomp(const char *name);

#endif
