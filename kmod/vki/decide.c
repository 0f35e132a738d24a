// SPDX-License-Identifier: GPL-2.0
/* What a policy means, read from the blob itself: the yardstick for what is made of it (rules.h). */
#ifdef __KERNEL__
#include <asm/byteorder.h>
#else
#include <endian.h>
#define le32_to_cpu le32toh
#define le64_to_cpu le64toh
#endif

#include <vkernel/policy.h>

static bool holds(const struct policy_condition *condition, const __u64 *values)
{
	const __u64 asked = values[le32_to_cpu(condition->argument)];
	const __u64 value = le64_to_cpu(condition->value);

	switch (le32_to_cpu(condition->operator_)) {
	case POLICY_NE:
		return asked != value;
	case POLICY_LT:
		return asked < value;
	case POLICY_LE:
		return asked <= value;
	case POLICY_EQ:
		return asked == value;
	case POLICY_GE:
		return asked >= value;
	case POLICY_GT:
		return asked > value;
	case POLICY_MASKED_EQ:
		return (asked & le64_to_cpu(condition->mask)) == value;
	}
	return false;
}

static bool all_hold(const struct policy_table *table, const struct policy_rule *rule,
		     const __u64 *values)
{
	const struct policy_condition *condition =
		&table->conditions[le32_to_cpu(rule->first_condition)];
	__u32 left = le32_to_cpu(rule->conditions);

	for (; left; left--, condition++)
		if (!holds(condition, values))
			return false;
	return true;
}

static __u32 decide_filter(const struct policy_table *table, __u32 index, const __u64 *values)
{
	const struct policy_filter *filter = &table->filters[index];
	const struct policy_rule *rule = &table->rules[le32_to_cpu(filter->first_rule)];
	__u32 left = le32_to_cpu(filter->rules);

	for (; left; left--, rule++)
		if (all_hold(table, rule, values))
			return le32_to_cpu(rule->verdict);
	return le32_to_cpu(filter->otherwise);
}

/* As the table has it: perhaps a filter. */
static __u32 verdict_of(const struct policy_table *table, unsigned int number)
{
	if (!table->header)
		return POLICY_VERDICT(POLICY_ALLOW, 0);
	if (number >= le32_to_cpu(table->header->verdicts))
		return le32_to_cpu(table->header->otherwise);
	return le32_to_cpu(table->verdicts[number]);
}

__u32 policy_decide(const struct policy_table *table, unsigned int number, const __u64 arguments[6])
{
	const __u32 verdict = verdict_of(table, number);

	switch (POLICY_VERDICT_ACTION(verdict)) {
	case POLICY_FILTER:
		return decide_filter(table, POLICY_VERDICT_VALUE(verdict), arguments);
	case POLICY_FIELDS:
		return POLICY_VERDICT(POLICY_ALLOW, 0);
	}
	return verdict;
}

__u32 policy_decide_fields(const struct policy_table *table, unsigned int number,
			   const __u64 fields[POLICY_FIELDS_MAX])
{
	const __u32 verdict = verdict_of(table, number);

	if (POLICY_VERDICT_ACTION(verdict) != POLICY_FIELDS)
		return POLICY_VERDICT(POLICY_ALLOW, 0);
	return decide_filter(table, POLICY_VERDICT_VALUE(verdict), fields);
}
