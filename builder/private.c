// SPDX-License-Identifier: GPL-2.0
#include "builder/private.h"

#include <string.h>

static void name(struct private_calls *calls, __u32 verdict)
{
	if (POLICY_VERDICT_ACTION(verdict) == POLICY_PRIVATE)
		calls->named[POLICY_VERDICT_VALUE(verdict)] = true;
}

/* Slots behind the numbers are not written: what they say is in the multiplexers' rules. */
static void name_all(struct private_calls *calls, const struct table *table)
{
	name(calls, table->otherwise);
	for (size_t number = 0; number < POLICY_SYSCALL_MAX; number++) {
		const struct call *call = &table->calls[number];

		if (call->decided)
			name(calls, call->verdict);
		if (call->has_otherwise)
			name(calls, call->otherwise);
		for (unsigned int i = call->first; i; i = table->rules[i].next)
			name(calls, table->rules[i].verdict);
	}
}

const struct private_calls *private_collect(const struct profile *profile,
					    struct private_calls *calls)
{
	__u32 count = 0;

	*calls = (struct private_calls){0};
	for (size_t i = 0; i < POLICY_TABLES; i++)
		if (profile->tables[i].present)
			name_all(calls, &profile->tables[i]);
	for (size_t i = 0; i < profile->calls_count; i++)
		if (calls->named[i]) {
			calls->index[i] = count++;
			calls->size += strlen(profile->calls[i]) + 1;
		}
	return calls;
}

__u32 private_verdict(const struct private_calls *calls, __u32 verdict)
{
	if (POLICY_VERDICT_ACTION(verdict) != POLICY_PRIVATE)
		return verdict;
	return POLICY_VERDICT(POLICY_PRIVATE, calls->index[POLICY_VERDICT_VALUE(verdict)]);
}

void private_put(char *section, const struct profile *profile, const struct private_calls *calls)
{
	for (size_t i = 0; i < profile->calls_count; i++)
		if (calls->named[i])
			section = stpcpy(section, profile->calls[i]) + 1;
}
