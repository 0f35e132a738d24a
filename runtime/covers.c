// SPDX-License-Identifier: GPL-2.0
#include "runtime/covers.h"

#include <endian.h>
#include <string.h>

/* By seccomp's order, in which a private call stands before what lets the call be made. */
static unsigned int strictness(__u32 verdict)
{
	static const unsigned int of[POLICY_ACTIONS] = {
		[POLICY_ALLOW] = 0,	  [POLICY_ALLOW_LOGGED] = 1, [POLICY_PRIVATE] = 2,
		[POLICY_ERRNO] = 3,	  [POLICY_TRAP] = 4,	     [POLICY_KILL_THREAD] = 5,
		[POLICY_KILL_PROCESS] = 6};

	return of[POLICY_VERDICT_ACTION(verdict)];
}

/* What a table says of a call: a verdict, or a filter. */
static __u32 entry(const struct policy_table *table, unsigned int number)
{
	if (number < le32toh(table->header->verdicts))
		return le32toh(table->verdicts[number]);
	return le32toh(table->header->otherwise);
}

static bool is_filter(__u32 verdict)
{
	return POLICY_VERDICT_ACTION(verdict) == POLICY_FILTER ||
	       POLICY_VERDICT_ACTION(verdict) == POLICY_FIELDS;
}

static void widen(unsigned int range[2], __u32 verdict)
{
	const unsigned int value = strictness(verdict);

	range[0] = value < range[0] ? value : range[0];
	range[1] = value > range[1] ? value : range[1];
}

/* The most lenient and the strictest that a table may say of a call. */
static void range_of(const struct policy_table *table, __u32 verdict, unsigned int range[2])
{
	const struct policy_filter *filter;
	const struct policy_rule *rule;

	if (!is_filter(verdict)) {
		range[0] = range[1] = strictness(verdict);
		return;
	}
	filter = &table->filters[POLICY_VERDICT_VALUE(verdict)];
	rule = &table->rules[le32toh(filter->first_rule)];
	range[0] = range[1] = strictness(le32toh(filter->otherwise));
	for (__u32 left = le32toh(filter->rules); left; left--, rule++)
		widen(range, le32toh(rule->verdict));
}

static bool same_conditions(const struct policy_table *a, const struct policy_rule *of_a,
			    const struct policy_table *b, const struct policy_rule *of_b)
{
	return of_a->conditions == of_b->conditions &&
	       !memcmp(&a->conditions[le32toh(of_a->first_condition)],
		       &b->conditions[le32toh(of_b->first_condition)],
		       le32toh(of_a->conditions) * sizeof(*a->conditions));
}

/* Whether both ask the same, one after the other, and a's answers are at least as strict. */
static bool filter_covers(const struct policy_table *a, __u32 in_a, const struct policy_table *b,
			  __u32 in_b)
{
	const struct policy_filter *of_a = &a->filters[POLICY_VERDICT_VALUE(in_a)];
	const struct policy_filter *of_b = &b->filters[POLICY_VERDICT_VALUE(in_b)];
	const struct policy_rule *rule_a = &a->rules[le32toh(of_a->first_rule)];
	const struct policy_rule *rule_b = &b->rules[le32toh(of_b->first_rule)];

	if (POLICY_VERDICT_ACTION(in_a) != POLICY_VERDICT_ACTION(in_b) ||
	    of_a->rules != of_b->rules ||
	    strictness(le32toh(of_a->otherwise)) < strictness(le32toh(of_b->otherwise)))
		return false;
	for (__u32 left = le32toh(of_a->rules); left; left--, rule_a++, rule_b++)
		if (!same_conditions(a, rule_a, b, rule_b) ||
		    strictness(le32toh(rule_a->verdict)) < strictness(le32toh(rule_b->verdict)))
			return false;
	return true;
}

static bool call_covers(const struct policy_table *a, const struct policy_table *b,
			unsigned int number)
{
	const __u32 in_a = entry(a, number), in_b = entry(b, number);
	unsigned int range_a[2], range_b[2];

	range_of(a, in_a, range_a);
	range_of(b, in_b, range_b);
	if (range_a[0] >= range_b[1])
		return true;
	return is_filter(in_a) && is_filter(in_b) && filter_covers(a, in_a, b, in_b);
}

static bool table_covers(const struct policy_table *a, const struct policy_table *b)
{
	if (!b->header)
		return true;
	if (!a->header ||
	    (le32toh(b->header->flags) & ~le32toh(a->header->flags) & POLICY_SYSCALLS_LOG))
		return false;
	/* The number behind the last one stands for all that no table has. */
	for (unsigned int number = 0; number <= POLICY_SYSCALL_MAX; number++)
		if (!call_covers(a, b, number))
			return false;
	return true;
}

bool policy_covers(const struct policy *policy, const struct policy *other)
{
	for (unsigned int i = 0; i < POLICY_TABLES; i++)
		if (!table_covers(&policy->tables[i], &other->tables[i]))
			return false;
	return true;
}
