// SPDX-License-Identifier: GPL-2.0
#include "builder/entry.h"

#include <stdlib.h>
#include <string.h>

#include "builder/action.h"
#include "builder/conditions.h"
#include "builder/model.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

struct entry {
	const json_t *name, *names, *action, *errnoRet, *errno_, *args, *includes, *excludes;
};

#define ENTRY(name, kind) .key = #name, .offset = offsetof(struct entry, name), .type = kind
static const struct field entry_fields[] = {
	{ENTRY(names, JSON_ARRAY)},
	{ENTRY(action, JSON_STRING)},
	{ENTRY(args, JSON_ARRAY)},
	{ENTRY(includes, JSON_OBJECT)},
	{ENTRY(excludes, JSON_OBJECT)},
	{ENTRY(errnoRet, JSON_INTEGER)},
	{.key = "errno", .offset = offsetof(struct entry, errno_), .type = JSON_STRING},
	{ENTRY(name, JSON_STRING)},
	{.key = "comment", .type = JSON_TRUE},
};

struct argument {
	const json_t *index, *value, *valueTwo, *op;
};

#define ARGUMENT(name, kind) .key = #name, .offset = offsetof(struct argument, name), .type = kind
static const struct field argument_fields[] = {
	{ARGUMENT(index, JSON_INTEGER)},
	{ARGUMENT(value, JSON_INTEGER)},
	{ARGUMENT(valueTwo, JSON_INTEGER)},
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

static int read_argument(struct reader *reader, const struct place *place, const json_t *object,
			 struct comparison *comparison)
{
	const struct place index = {.parent = place, .key = "index"};
	const struct place value = {.parent = place, .key = "value"};
	const struct place value_two = {.parent = place, .key = "valueTwo"};
	struct argument argument = {0};
	__u64 number, first, second;

	if (!json_is_object(object))
		return refuse_at(reader, place, "must be an object");
	if (read_fields(reader, place, object, argument_fields, ARRAY_SIZE(argument_fields),
			&argument))
		return -1;
	if (!argument.index)
		return refuse_at(reader, place, "has no \"index\"");
	if (read_number(reader, &index, argument.index, ARGUMENTS - 1, 0, &number) ||
	    read_number(reader, &value, argument.value, INT64_MAX, 0, &first) ||
	    read_number(reader, &value_two, argument.valueTwo, INT64_MAX, 0, &second) ||
	    read_operator(reader, place, argument.op, &comparison->operator_))
		return -1;
	comparison->argument = number;
	comparison->value = first;
	comparison->mask = 0;
	if (comparison->operator_ == POLICY_MASKED_EQ) {
		comparison->mask = first;
		comparison->value = second;
	}
	return 0;
}

/* The rules of one entry: what its names have in common. */
struct entry_rules {
	__u32 verdict;
	unsigned int origin;
	size_t count; /* 0: without conditions */
	struct rule *rules;
};

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
static int read_arguments(struct reader *reader, const struct place *place, const json_t *args,
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
		if (read_argument(reader, &at, value, &rule->comparisons[0]))
			return -1;
		apart |= compares(&together, rule->comparisons[0].argument);
		if (!apart)
			together.comparisons[together.count++] = rule->comparisons[0];
	}
	if (!apart) {
		entry->rules[0] = together;
		entry->count = 1;
	}
	return 0;
}

static void say_verdict(char *buffer, size_t size, __u32 verdict, bool conditional)
{
	const char *name = strerrorname_np(POLICY_VERDICT_VALUE(verdict));

	if (POLICY_VERDICT_ACTION(verdict) == POLICY_ALLOW)
		snprintf(buffer, size, "allows it");
	else if (name)
		snprintf(buffer, size, "answers %s", name);
	else
		snprintf(buffer, size, "answers errno %u", POLICY_VERDICT_VALUE(verdict));
	if (conditional)
		strncat(buffer, " under conditions", size - strlen(buffer) - 1);
}

static int refuse_conflict(struct reader *reader, const struct place *place, const char *name,
			   const struct entry_rules *entry, const struct conflict *conflict)
{
	char here[64], there[64], line[64] = "";
	size_t number = entry_line(reader, conflict->origin);

	say_verdict(here, sizeof(here), entry->verdict, entry->count);
	say_verdict(there, sizeof(there), conflict->verdict, conflict->conditional);
	if (number)
		snprintf(line, sizeof(line), " (line %zu)", number);
	return refuse_at(reader, place,
			 "%s: this entry %s and syscalls[%u]%s %s: which one counts would depend "
			 "on their order; make their conditions exclude each other",
			 name, here, conflict->origin, line, there);
}

static enum model_result add_to_slot(struct table *table, int slot, const struct entry_rules *entry,
				     struct conflict *conflict)
{
	enum model_result result = MODEL_ADDED;

	if (slot == NUMBER_NONE)
		return MODEL_ADDED;
	if (!entry->count)
		return model_decide(table, slot, entry->verdict, entry->origin, conflict);
	for (size_t i = 0; i < entry->count && result == MODEL_ADDED; i++)
		result = model_add_rule(table, slot, &entry->rules[i], conflict);
	return result;
}

static int multiplexed_slot(const struct call_numbers *numbers)
{
	static int socketcall;

	if (numbers->subcall == NUMBER_NONE)
		return NUMBER_NONE;
	if (!socketcall)
		socketcall = number_find("socketcall")->numbers[POLICY_TABLE_I386];
	return numbers->subcall + (numbers->multiplexer == socketcall ? SOCKETCALL_SLOT : IPC_SLOT);
}

static int add_call(struct reader *reader, const struct place *place, const char *name,
		    const struct entry_rules *entry)
{
	const struct call_numbers *numbers = number_find(name);
	struct table *tables = reader->profile->tables;
	enum model_result result = MODEL_ADDED;
	struct conflict conflict;

	if (!numbers && !reader->context->lenient && !number_known_elsewhere(name))
		return refuse_at(reader, place,
				 "unknown system call \"%.64s\": neither Linux nor libseccomp has "
				 "heard of it; if it is newer than both, build with "
				 "--ignore-unknown",
				 name);
	if (!numbers) {
		if (!number_known_elsewhere(name))
			tell_ignored(reader, place, "unknown system call", name);
		return 0;
	}
	/* What the default says anyway is not added, so that it contradicts nothing: as runc, crun. */
	if (entry->verdict == tables[POLICY_TABLE_X86_64].otherwise)
		return 0;
	for (size_t i = 0; i < POLICY_TABLES && result == MODEL_ADDED; i++)
		result = add_to_slot(&tables[i], numbers->numbers[i], entry, &conflict);
	if (result == MODEL_ADDED)
		result = add_to_slot(&tables[POLICY_TABLE_I386], multiplexed_slot(numbers), entry,
				     &conflict);
	if (result == MODEL_CONFLICT)
		return refuse_conflict(reader, place, name, entry, &conflict);
	if (result == MODEL_NO_MEMORY)
		return error_set(reader->err, EXIT_ENVIRONMENT, "no memory for a profile");
	return 0;
}

static int add_names(struct reader *reader, const struct place *place, const struct entry *entry,
		     const struct entry_rules *rules)
{
	const struct place list = {.parent = place, .key = "names"};
	const struct place single = {.parent = place, .key = "name"};
	struct place at = {.parent = &list};
	const char *name;
	json_t *value;

	if (!entry->name == !entry->names)
		return refuse_at(reader, place, "must have either \"names\" or \"name\"");
	if (entry->name)
		return add_call(reader, &single, json_string_value(entry->name), rules);
	json_array_foreach(entry->names, at.index, value)
		if (read_element(reader, &at, value, &name) || add_call(reader, &at, name, rules))
			return -1;
	return 0;
}

int add_entry(struct reader *reader, const struct place *place, const json_t *object)
{
	struct entry entry = {0};
	struct entry_rules rules = {.origin = place->index};
	struct action action = {
		.action_at = {.parent = place, .key = "action"},
		.number_at = {.parent = place, .key = "errnoRet"},
		.name_at = {.parent = place, .key = "errno"},
	};
	int counts, ret;

	if (!json_is_object(object))
		return refuse_at(reader, place, "must be an object");
	if (read_fields(reader, place, object, entry_fields, ARRAY_SIZE(entry_fields), &entry))
		return -1;
	counts = entry_counts(reader, place, entry.includes, entry.excludes);
	if (counts <= 0)
		return counts;
	action.action = entry.action;
	action.number = entry.errnoRet;
	action.name = entry.errno_;
	if (read_action(reader, &action, &rules.verdict))
		return -1;
	ret = read_arguments(reader, place, entry.args, &rules);
	if (!ret)
		ret = add_names(reader, place, &entry, &rules);
	free(rules.rules);
	return ret;
}
