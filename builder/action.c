// SPDX-License-Identifier: GPL-2.0
#include "builder/action.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "builder/model.h"

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

static int read_call(struct reader *reader, const struct action *action, __u32 *verdict)
{
	const char *name = json_string_value(action->call);
	int index;

	if (!name)
		return refuse_at(reader, &action->action_at,
				 "needs \"call\" beside it, the private call's name, and is for "
				 "entries only");
	if (!*name || strlen(name) > POLICY_CALL_NAME_MAX ||
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")])
		return refuse_at(reader, &action->call_at,
				 "\"%.80s\" is no name of a private call: it has 1 to %d of a-z, "
				 "0-9 and _",
				 name, POLICY_CALL_NAME_MAX);
	index = model_private_call(reader->profile, name);
	if (index < 0)
		return refuse_at(reader, &action->call_at,
				 "a policy has at most %d private calls, and this is one more",
				 POLICY_CALLS_MAX);
	*verdict = POLICY_VERDICT(POLICY_PRIVATE, index);
	return 0;
}

static const struct {
	const char *name;
	enum policy_action action;
} actions[] = {
	{.name = "SCMP_ACT_ALLOW", .action = POLICY_ALLOW},
	{.name = "SCMP_ACT_ERRNO", .action = POLICY_ERRNO},
	{.name = "SCMP_ACT_KILL", .action = POLICY_KILL_THREAD},
	{.name = "SCMP_ACT_KILL_THREAD", .action = POLICY_KILL_THREAD},
	{.name = "SCMP_ACT_KILL_PROCESS", .action = POLICY_KILL_PROCESS},
	{.name = "SCMP_ACT_TRAP", .action = POLICY_TRAP},
	{.name = "SCMP_ACT_LOG", .action = POLICY_ALLOW_LOGGED},
	{.name = "VKERNEL_ACT_PRIVATE", .action = POLICY_PRIVATE},
};

static const struct {
	const char *name;
	const char *does;
} foreign_actions[] = {
	{.name = "SCMP_ACT_NOTIFY", .does = "hands the call to a supervisor in user space"},
	{.name = "SCMP_ACT_TRACE", .does = "hands the call to a tracer"},
};

const char *action_needs_seccomp(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(foreign_actions); i++)
		if (!strcmp(name, foreign_actions[i].name))
			return foreign_actions[i].does;
	return NULL;
}

static int find_action(struct reader *reader, const struct place *place, const char *name,
		       enum policy_action *found)
{
	const char *foreign = action_needs_seccomp(name);

	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (!strcmp(name, actions[i].name)) {
			*found = actions[i].action;
			return 0;
		}
	if (foreign)
		return refuse_at(reader, place, "%s %s, which " ONLY_SECCOMP, name, foreign);
	return refuse_at(
		reader, place,
		"unknown action \"%.32s\"; they are SCMP_ACT_ALLOW, ERRNO, LOG, TRAP, KILL, "
		"KILL_THREAD, KILL_PROCESS, and VKERNEL_ACT_PRIVATE",
		name);
}

/* What another action would not heed is an error, as in crun. */
static int check_parts(struct reader *reader, const struct action *action, enum policy_action found)
{
	const char *name = json_string_value(action->action);

	if (action->number && found != POLICY_ERRNO)
		return refuse_at(reader, &action->number_at,
				 "stands beside %s, which answers no errno", name);
	if (action->name && json_string_length(action->name) && found != POLICY_ERRNO)
		return refuse_at(reader, &action->name_at,
				 "stands beside %s, which answers no errno", name);
	if (action->call && found != POLICY_PRIVATE)
		return refuse_at(reader, &action->call_at,
				 "stands beside %s; only VKERNEL_ACT_PRIVATE makes a private call",
				 name);
	return 0;
}

int read_action(struct reader *reader, const struct action *action, __u32 *verdict)
{
	enum policy_action found = POLICY_ALLOW;

	if (!action->action)
		return refuse_at(reader, action->action_at.parent, "has no \"%s\"",
				 action->action_at.key);
	if (find_action(reader, &action->action_at, json_string_value(action->action), &found) ||
	    check_parts(reader, action, found))
		return -1;
	if (found == POLICY_ERRNO)
		return read_errno(reader, action, verdict);
	if (found == POLICY_PRIVATE)
		return read_call(reader, action, verdict);
	*verdict = POLICY_VERDICT(found, 0);
	return 0;
}
