// SPDX-License-Identifier: GPL-2.0
#include "builder/action.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ERRNO_MAX 4095

/* The errno that a name or a number in text means; -1 if none. */
static int errno_number(const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*text >= '0' && *text <= '9' && !*end && number <= ERRNO_MAX)
		return number;
	for (int i = 1; i < 134; i++) {
		const char *name = strerrorname_np(i);

		if (name && !strcmp(name, text))
			return i;
	}
	return -1;
}

static int read_errno(struct reader *reader, const struct action *action, __u32 *verdict)
{
	__u64 number;
	int named = -1;

	if (read_number(reader, &action->number_at, action->number, ERRNO_MAX, EPERM, &number))
		return -1;
	if (action->name && json_string_length(action->name)) {
		named = errno_number(json_string_value(action->name));
		if (named < 0)
			return refuse_at(reader, &action->name_at, "unknown errno \"%.32s\"",
					 json_string_value(action->name));
		if (action->number && (__u64)named != number)
			return refuse_at(reader, &action->name_at,
					 "%.32s is errno %d, but %s beside it says %llu",
					 json_string_value(action->name), named,
					 action->number_at.key, (unsigned long long)number);
		number = named;
	}
	*verdict = POLICY_VERDICT(POLICY_ERRNO, number);
	return 0;
}

int read_action(struct reader *reader, const struct action *action, __u32 *verdict)
{
	const char *name;

	if (!action->action)
		return refuse_at(reader, action->action_at.parent, "has no \"%s\"",
				 action->action_at.key);
	name = json_string_value(action->action);
	if (!strcmp(name, "SCMP_ACT_ALLOW")) {
		*verdict = POLICY_VERDICT(POLICY_ALLOW, 0);
		return 0;
	}
	if (!strcmp(name, "SCMP_ACT_ERRNO"))
		return read_errno(reader, action, verdict);
	return refuse_at(reader, &action->action_at,
			 "action \"%.32s\" is not supported: a policy can allow a call "
			 "(SCMP_ACT_ALLOW) or answer it with an errno (SCMP_ACT_ERRNO)",
			 name);
}
