// SPDX-License-Identifier: GPL-2.0
#include "workloads/driver/number.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/plugin/mark.h"

static uint64_t now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

uint64_t driver_start(clockid_t clock)
{
	uint64_t start = now(clock);

	if (clock == CLOCK_THREAD_CPUTIME_ID)
		mark(MARK_THREAD_BEGIN);
	else
		mark(MARK_ELAPSED_BEGIN);
	return start;
}

uint64_t driver_elapsed(clockid_t clock, uint64_t start)
{
	mark(MARK_END);
	return now(clock) - start;
}

int driver_number(const char *text, long most, long *value, struct error *err)
{
	char *end;

	errno = 0;
	*value = strtol(text, &end, 10);
	if (errno || end == text || *end || *value < 1 || *value > most)
		return error_set(err, EXIT_USAGE, "\"%s\" is not a number from 1 to %ld", text,
				 most);
	return 0;
}

void driver_reading(uint64_t elapsed_ns, long operations)
{
	printf("{\"elapsed_ns\": %llu, \"operations\": %ld}\n", (unsigned long long)elapsed_ns,
	       operations);
}
