// SPDX-License-Identifier: GPL-2.0
/* Reads the system-call tables of a policy blob. */
#include "parser.h"

#define ERRNO_MAX 4095
#define ARGUMENTS 6

/* Checks a verdict that stands at offset and must not be a filter. */
static int check_verdict(struct parser *parser, __le32 verdict, size_t offset)
{
	const __u32 action = POLICY_VERDICT_ACTION(le32_to_cpu(verdict));
	const __u32 value = POLICY_VERDICT_VALUE(le32_to_cpu(verdict));

	if (action >= POLICY_ACTIONS)
		return parser_refuse(parser, offset, "unknown verdict action");
	if (action == POLICY_FILTER || action == POLICY_FIELDS)
		return parser_refuse(parser, offset, "verdict names a filter where none may stand");
	if (action == POLICY_ERRNO && value > ERRNO_MAX)
		return parser_refuse(parser, offset, "verdict's errno is larger than 4095");
	if (action != POLICY_PRIVATE && action != POLICY_ERRNO && value)
		return parser_refuse(parser, offset,
				     "verdict has a value that its action does not use");
	if (action != POLICY_PRIVATE)
		return 0;
	if (value >= POLICY_CALLS_MAX)
		return parser_refuse(parser, offset,
				     "verdict names a private call beyond the 256th");
	parser->private[value / 32] |= 1u << value % 32;
	if (value >= parser->private_end) {
		parser->private_end = value + 1;
		parser->private_end_at = offset;
	}
	return 0;
}

/* What conditions of the filter that call `number` names as `action` can ask about; 0: no filter. */
static __u32 sources(__u32 action, __u32 number)
{
	if (action == POLICY_FILTER)
		return ARGUMENTS;
	if (action != POLICY_FIELDS)
		return 0;
	if (number == POLICY_CLONE3)
		return POLICY_CLONE3_FIELDS;
	return number == POLICY_OPENAT2 ? POLICY_OPENAT2_FIELDS : 0;
}

static int check_verdicts(struct parser *parser, const struct policy_table *table, size_t offset)
{
	const __u32 filters = le32_to_cpu(table->header->filters);
	const __u32 count = le32_to_cpu(table->header->verdicts);
	__le32 checked = table->header->otherwise; /* the same one again need not be looked at */
	__u32 i, named = 0;

	for (i = 0; i < count; i++, offset += sizeof(__le32)) {
		const __le32 raw = table->verdicts[i];
		const __u32 verdict = le32_to_cpu(raw);
		const __u32 action = POLICY_VERDICT_ACTION(verdict);
		const __u32 value = POLICY_VERDICT_VALUE(verdict);

		if (!raw || raw == checked)
			continue;
		if (action != POLICY_FILTER && action != POLICY_FIELDS) {
			if (check_verdict(parser, raw, offset))
				return -EINVAL;
			checked = raw;
			continue;
		}
		if (!sources(action, i))
			return parser_refuse(parser, offset,
					     "verdict asks for fields that the call lacks");
		if (value >= filters)
			return parser_refuse(parser, offset,
					     "verdict names a filter that is not there");
		if (value < named)
			return parser_refuse(parser, offset, "filter is named by two verdicts");
		if (value > named)
			return parser_refuse(
				parser, offset,
				"filters are not in the order in which verdicts name them");
		named++;
	}
	if (named != filters)
		return parser_refuse(parser, offset, "a filter is named by no verdict");
	return 0;
}

/* Filters own rules as rules own conditions, in the same layout. */
static_assert(sizeof(struct policy_filter) == sizeof(struct policy_rule), "same layout");

/* Checks count filters or rules, which own all of `owned` elements one after the other. */
static int check_owners(struct parser *parser, const struct policy_rule *owner, __u32 count,
			__u32 owned)
{
	size_t offset = (const __u8 *)owner - parser->blob.bytes;
	__u32 own, next = 0;

	for (; count; count--, owner++, offset += sizeof(*owner)) {
		own = le32_to_cpu(owner->conditions);
		if (le32_to_cpu(owner->first_condition) != next)
			return parser_refuse(parser, offset,
					     "filter or rule does not follow the last");
		if (!own || own > owned - next)
			return parser_refuse(parser,
					     offset + offsetof(struct policy_rule, conditions),
					     "filter or rule has nothing or more than there is");
		if (check_verdict(parser, owner->verdict,
				  offset + offsetof(struct policy_rule, verdict)))
			return -EINVAL;
		if (owner->reserved)
			return parser_refuse(parser,
					     offset + offsetof(struct policy_rule, reserved),
					     "filter's or rule's reserved field is not zero");
		next += own;
	}
	if (next != owned)
		return parser_refuse(parser, offset, "a rule or condition belongs to nothing");
	return 0;
}

static int check_condition(struct parser *parser, const struct policy_condition *condition,
			   __u32 most)
{
	const size_t offset = (const __u8 *)condition - parser->blob.bytes;
	const __u32 operator_ = le32_to_cpu(condition->operator_);

	if (le32_to_cpu(condition->argument) >= most)
		return parser_refuse(parser, offset,
				     "condition asks about what the call does not have");
	if (operator_ < POLICY_NE || operator_ > POLICY_MASKED_EQ)
		return parser_refuse(parser, offset + offsetof(struct policy_condition, operator_),
				     "unknown comparison operator");
	if (condition->mask && operator_ != POLICY_MASKED_EQ)
		return parser_refuse(parser, offset + offsetof(struct policy_condition, mask),
				     "condition has a mask that its operator does not use");
	return 0;
}

/*
 * Checks the conditions of all filters, in the order in which verdicts name these. Filters and
 * rules have passed check_owners(), so that each element has one owner and is met once.
 */
static int check_conditions(struct parser *parser, const struct policy_table *table)
{
	const struct policy_condition *condition = table->conditions;
	const struct policy_filter *filter = table->filters;
	const struct policy_rule *rule = table->rules;
	const struct policy_filter *end = filter + le32_to_cpu(table->header->filters);
	__u32 number, most, rules, left;

	for (number = 0; filter < end; number++) {
		most = sources(POLICY_VERDICT_ACTION(le32_to_cpu(table->verdicts[number])), number);
		if (!most)
			continue;
		for (rules = le32_to_cpu(filter->rules); rules; rules--, rule++)
			for (left = le32_to_cpu(rule->conditions); left; left--, condition++)
				if (check_condition(parser, condition, most))
					return -EINVAL;
		filter++;
	}
	return 0;
}

static int table_index(__u32 arch)
{
	switch (arch) {
	case POLICY_ARCH_X86_64:
		return POLICY_TABLE_X86_64;
	case POLICY_ARCH_I386:
		return POLICY_TABLE_I386;
	}
	return -1;
}

static int check_table_header(struct parser *parser, const struct policy_syscalls *header,
			      size_t start)
{
	if (le32_to_cpu(header->verdicts) > POLICY_SYSCALL_MAX)
		return parser_refuse(parser, start + offsetof(struct policy_syscalls, verdicts),
				     "table has more than 1024 verdicts");
	if (le32_to_cpu(header->flags) & ~(POLICY_SYSCALLS_LOG | POLICY_SYSCALLS_PARTIAL))
		return parser_refuse(parser, start + offsetof(struct policy_syscalls, flags),
				     "unknown flag of a table");
	if (header->reserved)
		return parser_refuse(parser, start + offsetof(struct policy_syscalls, reserved),
				     "table's reserved field is not zero");
	return check_verdict(parser, header->otherwise,
			     start + offsetof(struct policy_syscalls, otherwise));
}

static int check_table(struct parser *parser, const struct policy_table *table, size_t start)
{
	const struct policy_syscalls *header = table->header;
	const size_t verdicts = start + sizeof(*header);
	const size_t end = verdicts + le32_to_cpu(header->verdicts) * sizeof(__le32);
	int ret = parser_check_zero(parser, end, padded(end));

	if (!ret)
		ret = check_verdicts(parser, table, verdicts);
	if (!ret)
		ret = check_owners(parser, (const void *)table->filters,
				   le32_to_cpu(header->filters), le32_to_cpu(header->rules));
	if (!ret)
		ret = check_owners(parser, table->rules, le32_to_cpu(header->rules),
				   le32_to_cpu(header->conditions));
	return ret ? ret : check_conditions(parser, table);
}

int parser_table(struct parser *parser, const struct span *section)
{
	const struct policy_syscalls *header;
	struct policy_table *table;
	struct span left = *section;
	int index;

	header = parser_take(&left, 1, sizeof(*header));
	if (!header)
		return parser_refuse(parser, section->offset,
				     "system-call section has a wrong size");
	index = table_index(le32_to_cpu(header->arch));
	if (index < 0)
		return parser_refuse(parser, section->offset, "unknown architecture");
	table = &parser->policy->tables[index];
	if (table->header)
		return parser_refuse(parser, section->offset, "architecture has a second table");
	if (check_table_header(parser, header, section->offset))
		return -EINVAL;

	table->header = header;
	table->verdicts =
		parser_take(&left, le32_to_cpu(header->verdicts), sizeof(*table->verdicts));
	if (table->verdicts)
		table->filters =
			parser_take(&left, le32_to_cpu(header->filters), sizeof(*table->filters));
	if (table->filters)
		table->rules =
			parser_take(&left, le32_to_cpu(header->rules), sizeof(*table->rules));
	if (table->rules)
		table->conditions = parser_take(&left, le32_to_cpu(header->conditions),
						sizeof(*table->conditions));
	if (!table->conditions)
		return parser_refuse(parser, left.offset, "table is longer than its section");
	if (left.size)
		return parser_refuse(parser, left.offset, "table is shorter than its section");
	return check_table(parser, table, section->offset);
}
