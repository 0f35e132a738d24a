// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "builder/action.h"
#include "builder/entry.h"
#include "builder/model.h"

struct root {
	const json_t *defaultAction, *defaultErrnoRet, *defaultErrno;
	const json_t *architectures, *archMap, *flags, *listenerPath, *syscalls;
};

#define ROOT(name, kind) .key = #name, .offset = offsetof(struct root, name), .type = kind
static const struct field root_fields[] = {
	{ROOT(defaultAction, JSON_STRING)},    {ROOT(defaultErrnoRet, JSON_INTEGER)},
	{ROOT(defaultErrno, JSON_STRING)},     {ROOT(architectures, JSON_ARRAY)},
	{ROOT(archMap, JSON_ARRAY)},	       {ROOT(flags, JSON_ARRAY)},
	{ROOT(listenerPath, JSON_STRING)},     {.key = "listenerMetadata", .type = JSON_TRUE},
	{.key = "comment", .type = JSON_TRUE}, {ROOT(syscalls, JSON_ARRAY)},
};

/* The tables that an architecture of the profile opens; x32 has none, see docs/profiles.md. */
static const struct {
	const char *name;
	bool x86_64, i386;
} architectures[] = {
	{.name = "SCMP_ARCH_X86_64", .x86_64 = true},
	{.name = "SCMP_ARCH_NATIVE", .x86_64 = true},
	{.name = "SCMP_ARCH_X86", .i386 = true},
	{.name = "SCMP_ARCH_X32"},
};

/* No call of theirs comes into an x86-64 kernel, so there is nothing to decide. */
static const char *const elsewhere[] = {
	"SCMP_ARCH_AARCH64",	 "SCMP_ARCH_ARM",    "SCMP_ARCH_LOONGARCH64",
	"SCMP_ARCH_M68K",	 "SCMP_ARCH_MIPS",   "SCMP_ARCH_MIPS64",
	"SCMP_ARCH_MIPS64N32",	 "SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64",
	"SCMP_ARCH_MIPSEL64N32", "SCMP_ARCH_PARISC", "SCMP_ARCH_PARISC64",
	"SCMP_ARCH_PPC",	 "SCMP_ARCH_PPC64",  "SCMP_ARCH_PPC64LE",
	"SCMP_ARCH_RISCV64",	 "SCMP_ARCH_S390",   "SCMP_ARCH_S390X",
	"SCMP_ARCH_SH",		 "SCMP_ARCH_SHEB",
};

static const char *const harmless_flags[] = {
	"SECCOMP_FILTER_FLAG_TSYNC",	  /* a vKI always holds for every thread */
	"SECCOMP_FILTER_FLAG_SPEC_ALLOW", /* about the filter's own mitigations */
};

struct opened {
	bool x86_64, i386;
};

static int read_architecture(struct reader *reader, const struct place *place, const char *name,
			     struct opened *opened)
{
	for (size_t i = 0; i < ARRAY_SIZE(architectures); i++)
		if (!strcmp(name, architectures[i].name)) {
			opened->x86_64 |= architectures[i].x86_64;
			opened->i386 |= architectures[i].i386;
			return 0;
		}
	for (size_t i = 0; i < ARRAY_SIZE(elsewhere); i++)
		if (!strcmp(name, elsewhere[i]))
			return 0;
	return refuse_at(reader, place,
			 "unknown architecture \"%.64s\"; an x86-64 kernel has "
			 "SCMP_ARCH_X86_64, SCMP_ARCH_X86 and SCMP_ARCH_X32",
			 name);
}

static int read_architectures(struct reader *reader, const struct place *place, const json_t *array,
			      struct opened *opened)
{
	struct place at = {.parent = place};
	const char *name;
	json_t *value;

	json_array_foreach(array, at.index, value)
		if (read_element(reader, &at, value, &name) ||
		    read_architecture(reader, &at, name, opened))
			return -1;
	if (!opened->x86_64)
		return refuse_at(reader, place,
				 "the profile is for another architecture: SCMP_ARCH_X86_64 is "
				 "not among its architectures");
	return 0;
}

/* Docker's form names each native architecture with those that come with it. */
static int read_arch_map(struct reader *reader, const struct place *place, const json_t *map,
			 struct opened *opened)
{
	struct place at = {.parent = place};
	json_t *value;

	json_array_foreach(map, at.index, value) {
		const struct place sub = {.parent = &at, .key = "subArchitectures"};
		const json_t *name = json_object_get(value, "architecture");
		const json_t *more = json_object_get(value, "subArchitectures");

		if (!json_is_string(name) || (more && !json_is_null(more) && !json_is_array(more)))
			return refuse_at(reader, &at,
					 "must have \"architecture\" (a string) and "
					 "\"subArchitectures\" (an array)");
		if (strcmp(json_string_value(name), "SCMP_ARCH_X86_64"))
			continue;
		opened->x86_64 = true;
		return json_is_array(more) ? read_architectures(reader, &sub, more, opened) : 0;
	}
	return refuse_at(reader, place,
			 "the profile is for other architectures: no element is for "
			 "SCMP_ARCH_X86_64");
}

bool flag_needs_seccomp(const char *name)
{
	return !strcmp(name, "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");
}

static int read_flag(struct reader *reader, const struct place *place, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(harmless_flags); i++)
		if (!strcmp(name, harmless_flags[i]))
			return 0;
	if (!strcmp(name, "SECCOMP_FILTER_FLAG_LOG")) {
		reader->profile->logs_verdicts = true;
		return 0;
	}
	if (flag_needs_seccomp(name))
		return refuse_at(reader, place, "%s is about notifications, which " ONLY_SECCOMP,
				 name);
	return refuse_at(reader, place,
			 "flag \"%.64s\" is not supported: a policy cannot do what it asks for",
			 name);
}

static int read_flags(struct reader *reader, const struct place *place, const json_t *flags)
{
	struct place at = {.parent = place};
	const char *name;
	json_t *value;

	json_array_foreach(flags, at.index, value)
		if (read_element(reader, &at, value, &name) || read_flag(reader, &at, name))
			return -1;
	return 0;
}

static int read_opened(struct reader *reader, const struct root *root, struct opened *opened)
{
	const struct place list = {.parent = reader->root, .key = "architectures"};
	const struct place map = {.parent = reader->root, .key = "archMap"};

	if (json_array_size(root->architectures) && json_array_size(root->archMap))
		return refuse_at(reader, &map, "stands beside \"architectures\"; keep one of them");
	if (json_array_size(root->archMap))
		return read_arch_map(reader, &map, root->archMap, opened);
	if (json_array_size(root->architectures))
		return read_architectures(reader, &list, root->architectures, opened);
	return 0;
}

static int read_default(struct reader *reader, const struct root *root)
{
	const struct action action = {
		.action = root->defaultAction,
		.number = root->defaultErrnoRet,
		.name = root->defaultErrno,
		.action_at = {.parent = reader->root, .key = "defaultAction"},
		.number_at = {.parent = reader->root, .key = "defaultErrnoRet"},
		.name_at = {.parent = reader->root, .key = "defaultErrno"},
	};
	__u32 verdict;

	if (read_action(reader, &action, &verdict))
		return -1;
	for (size_t i = 0; i < POLICY_TABLES; i++) {
		reader->profile->tables[i].present = true;
		reader->profile->tables[i].otherwise = verdict;
		reader->profile->tables[i].overlaps = reader->context->lenient;
	}
	return 0;
}

/* An entry path that the profile does not open kills the caller's thread, as libseccomp has it. */
static void close_table(struct table *table)
{
	memset(table->calls, 0, sizeof(table->calls));
	table->count = 0;
	table->otherwise = POLICY_VERDICT(POLICY_KILL_THREAD, 0);
}

static int add_entries(struct reader *reader, const struct root *root)
{
	const struct place list = {.parent = reader->root, .key = "syscalls"};
	struct place at = {.parent = &list};
	json_t *value;

	json_array_foreach(root->syscalls, at.index, value)
		if (add_entry(reader, &at, value))
			return -1;
	return 0;
}

/* What follows from the entries, when all are there. */
static enum model_result complete(struct reader *reader, const struct opened *opened)
{
	struct table *tables = reader->profile->tables;
	enum model_result result = MODEL_ADDED;

	if (!opened->i386)
		close_table(&tables[POLICY_TABLE_I386]);
	else
		result = model_add_multiplexed(&tables[POLICY_TABLE_I386]);
	if (reader->context->clone3 == CLONE3_AS_WRITTEN)
		return result;
	for (size_t i = 0; i < POLICY_TABLES && result == MODEL_ADDED; i++)
		result = model_clone3_as_clone(&tables[i], i);
	return result;
}

static int add_root(struct reader *reader, const json_t *json)
{
	const struct place flags = {.parent = reader->root, .key = "flags"};
	const struct place listener = {.parent = reader->root, .key = "listenerPath"};
	struct opened opened = {0};
	struct root root = {0};

	if (!json_is_object(json))
		return refuse_at(reader, reader->root, "a seccomp profile must be an object");
	if (read_fields(reader, reader->root, json, root_fields, ARRAY_SIZE(root_fields), &root) ||
	    read_default(reader, &root) || read_opened(reader, &root, &opened) ||
	    read_flags(reader, &flags, root.flags))
		return -1;
	if (root.listenerPath && json_string_length(root.listenerPath))
		return refuse_at(reader, &listener,
				 "has notifications sent to a listener, which " ONLY_SECCOMP);
	if (add_entries(reader, &root))
		return -1;
	if (complete(reader, &opened) != MODEL_ADDED)
		return error_set(reader->err, EXIT_ENVIRONMENT, "no memory for a profile");
	return 0;
}

int profile_add_seccomp(struct profile *profile, const json_t *json,
			const struct seccomp_context *context, struct error *err)
{
	struct reader reader;

	if (reader_start(&reader, context, profile, err))
		return -1;
	return add_root(&reader, json);
}
