/* SPDX-License-Identifier: GPL-2.0 */
/* Actions of a seccomp profile, and the errno values they carry. */
#ifndef VKERNEL_BUILDER_ACTION_H
#define VKERNEL_BUILDER_ACTION_H

#include "builder/fields.h"

/* The parts of an action, NULL where absent, and where they stand: an entry's or the default's. */
struct action {
	const json_t *action, *number, *name;
	struct place action_at, number_at, name_at;
};

/* Returns 0, or -1 with err set, also for the actions that a policy cannot express. */
int read_action(struct reader *reader, const struct action *action, __u32 *verdict);

#endif
