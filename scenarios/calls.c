// SPDX-License-Identifier: GPL-2.0
#include "scenarios/calls.h"

#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#define ALL_ONES (~0ul)

/* Newer than libseccomp 2.5; the same numbers on every architecture. */
static const struct {
	unsigned int number;
	const char *name;
} newer[] = {
	{451, "cachestat"},	    {452, "fchmodat2"},	       {453, "map_shadow_stack"},
	{454, "futex_wake"},	    {455, "futex_wait"},       {456, "futex_requeue"},
	{457, "statmount"},	    {458, "listmount"},	       {459, "lsm_get_self_attr"},
	{460, "lsm_set_self_attr"}, {461, "lsm_list_modules"}, {462, "mseal"},
	{463, "setxattrat"},	    {464, "getxattrat"},       {465, "listxattrat"},
	{466, "removexattrat"},	    {467, "open_tree_attr"},   {468, "file_getattr"},
	{469, "file_setattr"},
};

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

static uint32_t seccomp_arch(enum entry entry)
{
	return entry == ENTRY_I386 ? SCMP_ARCH_X86 : SCMP_ARCH_X86_64;
}

char *calls_name(enum entry entry, unsigned int number)
{
	if (entry != ENTRY_I386 && (number == 335 || number == 336))
		return strdup(number == 335 ? "uretprobe" : "uprobe");
	for (size_t i = 0; i < sizeof(newer) / sizeof(*newer); i++)
		if (newer[i].number == number)
			return strdup(newer[i].name);
	return seccomp_syscall_resolve_num_arch(seccomp_arch(entry), number);
}

/*
 * libseccomp itself answers a negative number for the i386 calls that socketcall and ipc also
 * make; each name is looked for in the list of the numbers' names instead.
 */
struct name_list {
	char *names[CALLS_MAX];
};

static void list_names(enum entry entry, struct name_list *list)
{
	for (int number = 0; number < CALLS_MAX; number++)
		list->names[number] = calls_name(entry, number);
}

static void free_names(struct name_list *list)
{
	for (int number = 0; number < CALLS_MAX; number++)
		free(list->names[number]);
}

static int find_number(const struct name_list *list, const char *name)
{
	for (int number = 0; name && number < CALLS_MAX; number++)
		if (list->names[number] && !strcmp(list->names[number], name))
			return number;
	return -1;
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

static void apply_rule(const json_t *rule, const struct name_list *list, bool allowed[CALLS_MAX],
		       bool decided[CALLS_MAX])
{
	const char *action = json_string_value(json_object_get(rule, "action"));
	bool conditional = json_array_size(json_object_get(rule, "args"));
	const json_t *name;
	size_t i;

	json_array_foreach(json_object_get(rule, "names"), i, name) {
		int number = find_number(list, json_string_value(name));

		if (number < 0 || decided[number])
			continue;
		allowed[number] = !conditional && action && !strcmp(action, "SCMP_ACT_ALLOW");
		decided[number] = !conditional;
	}
}

void calls_allowed(const json_t *seccomp, enum entry entry, bool allowed[CALLS_MAX])
{
	const char *otherwise = json_string_value(json_object_get(seccomp, "defaultAction"));
	bool decided[CALLS_MAX] = {false};
	struct name_list list;
	const json_t *rule;
	size_t i;

	list_names(entry, &list);
	for (int number = 0; number < CALLS_MAX; number++)
		allowed[number] = otherwise && !strcmp(otherwise, "SCMP_ACT_ALLOW");
	json_array_foreach(json_object_get(seccomp, "syscalls"), i, rule)
		apply_rule(rule, &list, allowed, decided);
	free_names(&list);
}
