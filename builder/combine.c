// SPDX-License-Identifier: GPL-2.0
#include "builder/combine.h"

#include <stdlib.h>
#include <string.h>

#include "builder/paths.h"

static const char *const reasons[] = {
	[MODEL_NO_MEMORY] = "no memory for a profile",
	[MODEL_MIXED] = "one asks for its arguments and the other for fields of what its pointer "
			"leads to; a call is decided by one of them",
	[MODEL_TOO_MANY] = "their conditions together are more than a policy may have for one call",
	[MODEL_TWO_CALLS] = "each puts another private call in its place",
};

static int refuse(enum model_result result, enum policy_table_index index, unsigned int number,
		  struct error *err)
{
	const char *name = number_name(index, number);
	const char *entry = index == POLICY_TABLE_I386 ? " (i386)" : "";

	if (result == MODEL_NO_MEMORY)
		return error_set(err, EXIT_ENVIRONMENT, "%s", reasons[result]);
	if (name)
		return error_set(err, EXIT_USAGE, "system call %s%s: %s", name, entry,
				 reasons[result]);
	return error_set(err, EXIT_USAGE, "system call %u%s: %s", number, entry, reasons[result]);
}

/* The number in into for each private call of from. */
static int number_calls(struct profile *into, const struct profile *from,
			int numbers[POLICY_CALLS_MAX], struct error *err)
{
	for (unsigned int i = 0; i < from->calls_count; i++) {
		numbers[i] = model_private_call(into, from->calls[i]);
		if (numbers[i] < 0)
			return error_set(err, EXIT_USAGE,
					 "together they name more than %d private calls",
					 POLICY_CALLS_MAX);
	}
	return 0;
}

static __u32 everything(void)
{
	return POLICY_VERDICT(POLICY_ALLOW, 0);
}

/* Where there is nothing to join, the tables change their owner. */
static void take_tables(struct profile *into, struct profile *from)
{
	for (size_t i = 0; i < POLICY_TABLES; i++) {
		free(into->tables[i].rules);
		into->tables[i] = from->tables[i];
		from->tables[i].rules = NULL;
		from->tables[i].present = false;
	}
	memcpy(into->calls, from->calls, sizeof(into->calls));
	into->calls_count = from->calls_count;
}

static int combine_tables(struct profile *into, const struct profile *from, struct error *err)
{
	int numbers[POLICY_CALLS_MAX];

	if (number_calls(into, from, numbers, err))
		return -1;
	for (size_t i = 0; i < POLICY_TABLES; i++) {
		struct table *table = &into->tables[i];
		enum model_result result;
		unsigned int slot;

		if (!from->tables[i].present)
			continue;
		if (!table->present)
			table->otherwise = everything();
		table->present = true;
		result = model_combine(table, &from->tables[i], numbers, &slot);
		if (result != MODEL_ADDED)
			return refuse(result, i, slot, err);
	}
	return 0;
}

static bool has_tables(const struct profile *profile)
{
	return profile->tables[POLICY_TABLE_X86_64].present ||
	       profile->tables[POLICY_TABLE_I386].present;
}

static int combine_calls(struct profile *into, struct profile *from, struct error *err)
{
	const bool partial = (!has_tables(into) || into->partial_calls) && from->partial_calls;

	if (!has_tables(from))
		return 0;
	if (!has_tables(into) && !into->calls_count)
		take_tables(into, from);
	else if (combine_tables(into, from, err))
		return -1;
	into->partial_calls = partial;
	into->logs_verdicts |= from->logs_verdicts;
	return 0;
}

static void combine_access(struct profile *into, const struct profile *from)
{
	if (!from->restricts_access)
		return;
	if (!into->restricts_access) {
		into->access = POLICY_ACCESS_ALL;
		for (size_t i = 0; i < POLICY_FAMILIES; i++)
			into->socket_types[i] = POLICY_SOCKET_TYPES;
	}
	into->restricts_access = true;
	into->access &= from->access;
	for (size_t i = 0; i < POLICY_FAMILIES; i++)
		into->socket_types[i] &= from->socket_types[i];
}

int profile_combine(struct profile *into, struct profile *from, struct error *err)
{
	if (combine_calls(into, from, err) || files_combine(into, from, err))
		return -1;
	combine_access(into, from);
	into->capabilities &= from->capabilities;
	into->has_apparmor |= from->has_apparmor;
	return 0;
}
