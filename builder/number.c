// SPDX-License-Identifier: GPL-2.0
#include "builder/number.h"

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
