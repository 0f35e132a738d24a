// SPDX-License-Identifier: GPL-2.0
#include "builder/entry.h"

#include <stdlib.h>
#include <string.h>

#include "builder/action.h"
#include "builder/argument.h"
#include "builder/conditions.h"

struct entry {
	const json_t *name, *names, *action, *errnoRet, *errno_, *call;
	const json_t *args, *includes, *excludes;
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
	{ENTRY(call, JSON_STRING)},
	{.key = "comment", .type = JSON_TRUE},
};

static void say_verdict(const struct reader *reader, char *buffer, size_t size, __u32 verdict,
			const char *condition)
{
	static const char *const words[POLICY_ACTIONS] = {
		[POLICY_ALLOW] = "allows it",
		[POLICY_KILL_THREAD] = "kills the thread",
		[POLICY_KILL_PROCESS] = "kills the process",
		[POLICY_TRAP] = "answers SIGSYS",
		[POLICY_ALLOW_LOGGED] = "allows and logs it",
	};
	const unsigned int action = POLICY_VERDICT_ACTION(verdict);
	const unsigned int value = POLICY_VERDICT_VALUE(verdict);
	const char *name = strerrorname_np(value);

	if (action == POLICY_PRIVATE)
		snprintf(buffer, size, "makes the private call %s%s", reader->profile->calls[value],
			 condition);
	else if (action == POLICY_ERRNO && name)
		snprintf(buffer, size, "answers %s%s", name, condition);
	else if (action == POLICY_ERRNO)
		snprintf(buffer, size, "answers errno %u%s", value, condition);
	else
		snprintf(buffer, size, "%s%s", words[action], condition);
}

static int refuse_conflict(struct reader *reader, const struct place *place, const char *name,
			   const struct entry_rules *entry, const struct conflict *conflict)
{
	static const char condition[] = " under conditions";
	char here[128], there[128], line[64] = "";
	size_t number = entry_line(reader, conflict->origin);

	say_verdict(reader, here, sizeof(here), entry->verdict, entry->count ? condition : "");
	say_verdict(reader, there, sizeof(there), conflict->verdict,
		    conflict->conditional ? condition : "");
	if (number)
		snprintf(line, sizeof(line), " (line %zu)", number);
	if (entry->count && conflict->conditional && entry->fields != conflict->fields)
		return refuse_at(reader, place,
				 "%s: this entry asks for %s and syscalls[%u]%s for %s: a call is "
				 "decided by one of them",
				 name, entry->fields ? "fields" : "arguments", conflict->origin,
				 line, conflict->fields ? "fields" : "arguments");
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
	if (entry->fields && !has_fields(entry, numbers->numbers[POLICY_TABLE_X86_64]))
		return refuse_at(reader, place, "%s does not have these fields; " FIELDS, name);
	/* What the default says anyway is not added, so that it contradicts nothing: as runc, crun. */
	if (entry->verdict == tables[POLICY_TABLE_X86_64].otherwise)
		return 0;
	for (size_t i = 0; i < POLICY_TABLES && result == MODEL_ADDED; i++)
		result = add_to_slot(&tables[i], numbers->numbers[i], entry, &conflict);
	if (result == MODEL_ADDED)
		result = add_to_slot(&tables[POLICY_TABLE_I386], multiplexed_slot(numbers), entry,
				     &conflict);
	if (result == MODEL_CONFLICT || result == MODEL_MIXED)
		return refuse_conflict(reader, place, name, entry, &conflict);
	if (result == MODEL_TOO_MANY)
		return refuse_at(reader, place,
				 "%s: these are more than %u conditions in entries for one call",
				 name, CALL_RULES_MAX);
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

	const bool named = json_string_length(entry->name);

	if (named == (entry->names != NULL))
		return refuse_at(reader, place, "must have either \"names\" or \"name\"");
	if (named)
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
		.call_at = {.parent = place, .key = "call"},
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
	action.call = entry.call;
	if (read_action(reader, &action, &rules.verdict))
		return -1;
	ret = read_arguments(reader, place, entry.args, &rules);
	if (!ret)
		ret = add_names(reader, place, &entry, &rules);
	free(rules.rules);
	return ret;
}
