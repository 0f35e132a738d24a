// SPDX-License-Identifier: GPL-2.0
#include "harness/plugin/memory.h"

#include <stdio.h>
#include <stdlib.h>

static void *check(void *memory)
{
	if (memory)
		return memory;
	fputs("vkernel-attribute: no memory to attribute instructions\n", stderr);
	exit(3);
}

void *allocate(size_t size)
{
	return check(calloc(1, size));
}

void *reallocate(void *memory, size_t size)
{
	return check(realloc(memory, size));
}
