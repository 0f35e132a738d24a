// SPDX-License-Identifier: GPL-2.0
#include "builder/number.h"

#include <assert.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Sorted by name, as strcmp() sorts. */
static const struct call_numbers calls[] = {
#include "builder/numbers.inc"
};

static int compare(const void *name, const void *call)
{
	return strcmp(name, ((const struct call_numbers *)call)->name);
}

const struct call_numbers *number_find(const char *name)
{
	return bsearch(name, calls, ARRAY_SIZE(calls), sizeof(calls[0]), compare);
}

bool number_known_elsewhere(const char *name)
{
	return seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR;
}

const char *number_name(enum policy_table_index table, unsigned int number)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		if (calls[i].numbers[table] == (int)number)
			return calls[i].name;
	return NULL;
}

static const char *const fields[POLICY_FIELDS_MAX] = {
	[POLICY_OPENAT2_FLAGS] = "flags",
	[POLICY_OPENAT2_MODE] = "mode",
	[POLICY_OPENAT2_RESOLVE] = "resolve",
};

static_assert((int)POLICY_CLONE3_FLAGS == (int)POLICY_OPENAT2_FLAGS, "a field has one number");

int number_field(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (!strcmp(name, fields[i]))
			return i;
	return NUMBER_NONE;
}

const char *number_field_name(unsigned int field)
{
	return fields[field];
}

unsigned int number_fields(unsigned int number)
{
	if (number == POLICY_CLONE3)
		return POLICY_CLONE3_FIELDS;
	return number == POLICY_OPENAT2 ? POLICY_OPENAT2_FIELDS : 0;
}
