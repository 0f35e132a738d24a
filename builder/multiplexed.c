// SPDX-License-Identifier: GPL-2.0
/* What i386's socketcall(2) and ipc(2) answer: as the calls that they make. */
#include <errno.h>

#include "builder/model.h"

static __u32 direct(__u32 verdict)
{
	if (POLICY_VERDICT_ACTION(verdict) == POLICY_PRIVATE)
		return POLICY_VERDICT(POLICY_ERRNO, ENOSYS);
	return verdict;
}

/*
 * What a call made through a multiplexer gets, whose own arguments lie in memory where no
 * condition sees them: what is said without conditions, else the refusal among the conditional
 * verdicts. A private call would be given the multiplexer's registers for its own: it counts as the
 * refusal ENOSYS, as if the kernel had no such entry. Returns false where that is the table's
 * default.
 */
static bool multiplexed_verdict(const struct table *table, const struct call *call, __u32 *verdict)
{
	if (call->decided) {
		*verdict = direct(call->verdict);
		return true;
	}
	for (unsigned int i = call->first; i; i = table->rules[i].next) {
		*verdict = direct(table->rules[i].verdict);
		if (model_refuses(*verdict))
			return true;
	}
	return false;
}

/* Adds what slots say of the calls that `name` makes; first compares its first argument with them. */
static enum model_result add_subcalls(struct table *table, const char *name, unsigned int slots,
				      struct comparison first)
{
	const struct call_numbers *numbers = number_find(name);
	struct call *multiplexer = &table->calls[numbers->numbers[POLICY_TABLE_I386]];
	/* Of calls by their numbers, one holds; of its own conditions, one may hold beside that. */
	int (*const add)(struct table *, struct call *, const struct rule *) =
		multiplexer->first ? model_insert : model_append;

	if (multiplexer->decided)
		return MODEL_ADDED;
	for (unsigned int i = 0; i < SUBCALL_MAX; i++) {
		struct rule rule = {.count = 1, .comparisons = {first}};

		rule.comparisons[0].value = i;
		if (multiplexed_verdict(table, &table->calls[slots + i], &rule.verdict) &&
		    add(table, multiplexer, &rule))
			return MODEL_NO_MEMORY;
	}
	return MODEL_ADDED;
}

enum model_result model_add_multiplexed(struct table *table)
{
	/* The upper half of ipc's first argument is a version. */
	const struct comparison whole = {.operator_ = POLICY_EQ};
	const struct comparison half = {.operator_ = POLICY_MASKED_EQ, .mask = 0xffff};
	enum model_result result = add_subcalls(table, "socketcall", SOCKETCALL_SLOT, whole);

	return result == MODEL_ADDED ? add_subcalls(table, "ipc", IPC_SLOT, half) : result;
}
