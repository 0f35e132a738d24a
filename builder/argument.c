// SPDX-License-Identifier: GPL-2.0
#include "builder/argument.h"

#include <stdlib.h>
#include <string.h>

struct argument {
	const json_t *index, *field, *value, *valueTwo, *op;
};

#define ARGUMENT(name, kind) .key = #name, .offset = offsetof(struct argument, name), .type = kind
static const struct field argument_fields[] = {
	{ARGUMENT(index, JSON_INTEGER)}, {ARGUMENT(field, JSON_STRING)},
	{ARGUMENT(value, JSON_INTEGER)}, {ARGUMENT(valueTwo, JSON_INTEGER)},
	{ARGUMENT(op, JSON_STRING)},
};

static const struct {
	const char *name;
	enum policy_operator operator_;
} operators[] = {
	{.name = "SCMP_CMP_NE", .operator_ = POLICY_NE},
	{.name = "SCMP_CMP_LT", .operator_ = POLICY_LT},
	{.name = "SCMP_CMP_LE", .operator_ = POLICY_LE},
	{.name = "SCMP_CMP_EQ", .operator_ = POLICY_EQ},
	{.name = "SCMP_CMP_GE", .operator_ = POLICY_GE},
	{.name = "SCMP_CMP_GT", .operator_ = POLICY_GT},
	{.name = "SCMP_CMP_MASKED_EQ", .operator_ = POLICY_MASKED_EQ},
};

static int read_operator(struct reader *reader, const struct place *place, const json_t *op,
			 enum policy_operator *operator_)
{
	const struct place at = {.parent = place, .key = "op"};

	if (!op)
		return refuse_at(reader, place, "has no \"op\"");
	for (size_t i = 0; i < ARRAY_SIZE(operators); i++)
		if (!strcmp(json_string_value(op), operators[i].name)) {
			*operator_ = operators[i].operator_;
			return 0;
		}
	return refuse_at(reader, &at,
			 "unknown operator \"%.32s\"; they are SCMP_CMP_NE, LT, LE, EQ, GE, GT, "
			 "MASKED_EQ",
			 json_string_value(op));
}

/* What is compared: a register or a field. */
static int read_source(struct reader *reader, const struct place *place,
		       const struct argument *argument, struct comparison *comparison)
{
	const struct place index = {.parent = place, .key = "index"};
	const struct place field = {.parent = place, .key = "field"};
	const char *name = json_string_value(argument->field);
	__u64 number;
	int found;

	if (name && argument->index)
		return refuse_at(reader, &field, "stands beside \"index\"; keep one of them");
	if (!name && !argument->index)
		return refuse_at(reader, place, "has no \"index\"");
	if (read_number(reader, &index, argument->index, ARGUMENTS - 1, 0, &number))
		return -1;
	comparison->argument = number;
	if (!name)
		return 0;
	found = number_field(name);
	if (found == NUMBER_NONE)
		return refuse_at(reader, &field, "unknown field \"%.32s\"; " FIELDS, name);
	comparison->argument = found;
	return 0;
}

static int read_argument(struct reader *reader, const struct place *place, const json_t *object,
			 struct rule *rule)
{
	const struct place value = {.parent = place, .key = "value"};
	const struct place value_two = {.parent = place, .key = "valueTwo"};
	struct comparison *comparison = &rule->comparisons[0];
	struct argument argument = {0};
	__u64 first, second;

	if (!json_is_object(object))
		return refuse_at(reader, place, "must be an object");
	if (read_fields(reader, place, object, argument_fields, ARRAY_SIZE(argument_fields),
			&argument) ||
	    read_source(reader, place, &argument, comparison) ||
	    read_number(reader, &value, argument.value, INT64_MAX, 0, &first) ||
	    read_number(reader, &value_two, argument.valueTwo, INT64_MAX, 0, &second) ||
	    read_operator(reader, place, argument.op, &comparison->operator_))
		return -1;
	rule->fields = argument.field;
	comparison->value = first;
	if (comparison->operator_ == POLICY_MASKED_EQ) {
		comparison->mask = first;
		comparison->value = second & first; /* as libseccomp */
	}
	return 0;
}

static bool compares(const struct rule *rule, unsigned int argument)
{
	for (unsigned int i = 0; i < rule->count; i++)
		if (rule->comparisons[i].argument == argument)
			return true;
	return false;
}

/*
 * The conditions of an entry hold together, unless an argument stands twice among them: then each
 * is a rule of its own, as in runc and crun.
 */
int read_arguments(struct reader *reader, const struct place *place, const json_t *args,
		   struct entry_rules *entry)
{
	const struct place list = {.parent = place, .key = "args"};
	struct place at = {.parent = &list};
	struct rule together = {.verdict = entry->verdict, .origin = entry->origin};
	bool apart = false;
	json_t *value;

	entry->count = 0;
	entry->rules = NULL;
	if (!json_array_size(args))
		return 0;
	entry->rules = calloc(json_array_size(args), sizeof(*entry->rules));
	if (!entry->rules)
		return error_set(reader->err, EXIT_ENVIRONMENT, "no memory for a profile");
	json_array_foreach(args, at.index, value) {
		struct rule *rule = &entry->rules[entry->count++];

		*rule = (struct rule){
			.verdict = entry->verdict, .origin = entry->origin, .count = 1};
		if (read_argument(reader, &at, value, rule))
			return -1;
		if (rule->fields != entry->rules[0].fields)
			return refuse_at(reader, &at,
					 "an entry asks either for arguments or for fields; make "
					 "two of it");
		apart |= compares(&together, rule->comparisons[0].argument);
		if (!apart)
			together.comparisons[together.count++] = rule->comparisons[0];
	}
	entry->fields = entry->rules[0].fields;
	together.fields = entry->fields;
	if (!apart) {
		entry->rules[0] = together;
		entry->count = 1;
	}
	return 0;
}

bool has_fields(const struct entry_rules *entry, unsigned int number)
{
	for (size_t i = 0; i < entry->count; i++)
		for (unsigned int j = 0; j < entry->rules[i].count; j++)
			if (entry->rules[i].comparisons[j].argument >= number_fields(number))
				return false;
	return true;
}
