// SPDX-License-Identifier: GPL-2.0
#include "scenarios/calls.h"

#include <string.h>

#include "builder/number.h"

#define ALL_ONES (~0ul)

/*
 * Six times -1 is no descriptor, no pointer, no known flag, no length: nearly every call fails
 * with it and changes nothing. These are the others.
 */
static const struct {
	const char *name;
	const char *reason; /* why it is not made at all, or NULL */
	unsigned long arguments[6];
} special[] = {
	{.name = "uretprobe",
	 .reason = "seccomp lets it pass by design; it is of use to uprobes only"},
	{.name = "uprobe", .reason = "as uretprobe"},
	{.name = "fork", .reason = "returns twice"},
	{.name = "vfork", .reason = "returns twice, on one stack"},
	{.name = "pause", .reason = "waits for a signal"},
	{.name = "sigsuspend", .reason = "waits for a signal"},
	{.name = "sync", .reason = "writes out every file system, for an unbounded time"},
	/* Unknown operations answer ENOSYS, as an absent call does; these are known. */
	{.name = "futex", .arguments = {0, 1 /* FUTEX_WAKE */, 0}},
	{.name = "modify_ldt", .arguments = {0, 0, 0}},
	{.name = "ipc", .arguments = {2 /* SEMGET */, ALL_ONES, ALL_ONES, ALL_ONES}},
	/* A persona that changes nothing but the caller's own next exec. */
	{.name = "personality", .arguments = {0x0040000 /* ADDR_NO_RANDOMIZE */}},
	/* The length -1 asks for all memory. */
	{.name = "init_module", .arguments = {0, 0, 0}},
	/* -1 as a flag or signal is refused before anyone is chosen; the target is the caller's own. */
	{.name = "kill", .arguments = {0x7fffffff, 0}},
};

static enum policy_table_index table_of(enum entry entry)
{
	return entry == ENTRY_I386 ? POLICY_TABLE_I386 : POLICY_TABLE_X86_64;
}

const char *calls_name(enum entry entry, unsigned int number)
{
	return number_name(table_of(entry), number);
}

static int calls_number(enum entry entry, const char *name)
{
	const struct call_numbers *found = name ? number_find(name) : NULL;

	return found ? found->numbers[table_of(entry)] : NUMBER_NONE;
}

bool calls_arguments(const char *name, unsigned long arguments[6], const char **reason)
{
	*reason = NULL;
	for (int i = 0; i < 6; i++)
		arguments[i] = ALL_ONES;
	for (size_t i = 0; name && i < sizeof(special) / sizeof(*special); i++) {
		if (strcmp(special[i].name, name))
			continue;
		*reason = special[i].reason;
		memcpy(arguments, special[i].arguments, sizeof(special[i].arguments));
	}
	return !*reason;
}

static void apply_rule(const json_t *rule, enum entry entry, bool allowed[CALLS_MAX],
		       bool decided[CALLS_MAX])
{
	const char *action = json_string_value(json_object_get(rule, "action"));
	bool conditional = json_array_size(json_object_get(rule, "args"));
	const json_t *name;
	size_t i;

	json_array_foreach(json_object_get(rule, "names"), i, name) {
		int number = calls_number(entry, json_string_value(name));

		if (number < 0 || number >= CALLS_MAX || decided[number])
			continue;
		allowed[number] = !conditional && action && !strcmp(action, "SCMP_ACT_ALLOW");
		decided[number] = !conditional;
	}
}

void calls_conditional(const json_t *seccomp, enum entry entry, bool conditional[CALLS_MAX])
{
	const json_t *rule, *name;
	size_t i, k;

	memset(conditional, 0, CALLS_MAX * sizeof(*conditional));
	json_array_foreach(json_object_get(seccomp, "syscalls"), i, rule) {
		if (!json_array_size(json_object_get(rule, "args")))
			continue;
		json_array_foreach(json_object_get(rule, "names"), k, name) {
			int number = calls_number(entry, json_string_value(name));

			if (number >= 0 && number < CALLS_MAX)
				conditional[number] = true;
		}
	}
}

void calls_allowed(const json_t *seccomp, enum entry entry, bool allowed[CALLS_MAX])
{
	const char *otherwise = json_string_value(json_object_get(seccomp, "defaultAction"));
	bool decided[CALLS_MAX] = {false};
	const json_t *rule;
	size_t i;

	for (int number = 0; number < CALLS_MAX; number++)
		allowed[number] = otherwise && !strcmp(otherwise, "SCMP_ACT_ALLOW");
	json_array_foreach(json_object_get(seccomp, "syscalls"), i, rule)
		apply_rule(rule, entry, allowed, decided);
}
