// SPDX-License-Identifier: GPL-2.0
#include "harness/plugin/functions.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "harness/plugin/memory.h"
#include "lib/cleanup.h"

/* No function is longer: what is farther from the last beginning is in none that is known. */
#define LONGEST (1u << 16)

static uint64_t *starts;
static size_t count;

int functions_load(const char *path)
{
	autofclose FILE *in = fopen(path, "re");
	struct stat status;

	if (!in || fstat(fileno(in), &status))
		return -1;
	count = (size_t)status.st_size / sizeof(*starts);
	starts = reallocate(starts, (count + 1) * sizeof(*starts));
	return fread(starts, sizeof(*starts), count, in) == count ? 0 : -1;
}

uint64_t functions_find(uint64_t address)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (starts[middle] <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low && address - starts[low - 1] < LONGEST ? starts[low - 1] : 0;
}
