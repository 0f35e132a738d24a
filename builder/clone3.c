// SPDX-License-Identifier: GPL-2.0
/*
 * clone3(2) as clone(2).
 *
 * seccomp sees clone3's pointer and nothing behind it, so profiles that let clone make threads but
 * no namespaces answer ENOSYS to clone3. Here clone3 gets clone's conditions, on its flags.
 */
#include <errno.h>

#include "builder/model.h"

/* The lower 8 bits of clone's first argument are the exit signal: clone3 has it elsewhere. */
#define CLONE_EXIT_SIGNAL 0xffull

/* What clone3 has in place of these bits, and beyond 32 bits. */
#define CLONE3_NEWTIME	     0x80ull
#define CLONE3_HIGH	     0xffffffff00000000ull
#define CLONE3_CLEAR_SIGHAND 0x100000000ull

/*
 * Flags that clone cannot be given: who may not make other namespaces by clone may not make one of
 * time by clone3, nor start in another control group. CLONE_CLEAR_SIGHAND is let through: it
 * resets signal handlers, and the C library's posix_spawn() goes by it.
 */
#define FOREIGN (CLONE3_NEWTIME | (CLONE3_HIGH & ~CLONE3_CLEAR_SIGHAND))

/* A mask over what both calls call flags. */
static bool translatable(const struct rule *rule)
{
	const struct comparison *c = &rule->comparisons[0];

	return rule->count == 1 && !rule->fields && c->argument == 0 &&
	       c->operator_ == POLICY_MASKED_EQ && !(c->mask & (CLONE_EXIT_SIGNAL | CLONE3_HIGH));
}

/* What refuses a clone: the default, else the first refusal among the rules. */
static bool find_refusal(const struct table *table, const struct call *clone, __u32 *refusal)
{
	*refusal = table->otherwise;
	for (unsigned int i = clone->first; i && !model_refuses(*refusal); i = table->rules[i].next)
		*refusal = table->rules[i].verdict;
	return model_refuses(*refusal);
}

static bool answers_enosys(const struct table *table, const struct call *call)
{
	const __u32 verdict = call->decided ? call->verdict : table->otherwise;

	return !call->first && verdict == POLICY_VERDICT(POLICY_ERRNO, ENOSYS);
}

static bool applies(const struct table *table, const struct call *clone, const struct call *clone3)
{
	if (!clone->first || !answers_enosys(table, clone3))
		return false;
	for (unsigned int i = clone->first; i; i = table->rules[i].next)
		if (!translatable(&table->rules[i]))
			return false;
	return true;
}

static int add_flags_rule(struct table *table, struct call *clone3, unsigned int origin,
			  __u32 verdict, __u64 mask, __u64 value)
{
	const struct rule rule = {
		.verdict = verdict,
		.origin = origin,
		.fields = true,
		.count = 1,
		.comparisons = {{.argument = POLICY_CLONE3_FLAGS,
				 .operator_ = POLICY_MASKED_EQ,
				 .mask = mask,
				 .value = value}},
	};

	return model_append(table, clone3, &rule);
}

enum model_result model_clone3_as_clone(struct table *table, enum policy_table_index index)
{
	struct call *clone = &table->calls[number_find("clone")->numbers[index]];
	struct call *clone3 = &table->calls[POLICY_CLONE3];
	__u32 refusal;

	if (!applies(table, clone, clone3) || !find_refusal(table, clone, &refusal))
		return MODEL_ADDED;
	*clone3 = (struct call){.has_otherwise = true, .otherwise = refusal};
	for (unsigned int i = clone->first; i; i = table->rules[i].next) {
		const struct rule rule = table->rules[i];
		const __u64 foreign = model_refuses(rule.verdict) ? 0 : FOREIGN;

		if (add_flags_rule(table, clone3, rule.origin, rule.verdict,
				   rule.comparisons[0].mask | foreign, rule.comparisons[0].value))
			return MODEL_NO_MEMORY;
	}
	if (!model_refuses(table->otherwise) &&
	    add_flags_rule(table, clone3, 0, table->otherwise, FOREIGN, 0))
		return MODEL_NO_MEMORY;
	return MODEL_ADDED;
}
