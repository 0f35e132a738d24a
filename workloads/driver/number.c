// SPDX-License-Identifier: GPL-2.0
#include "workloads/driver/number.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

uint64_t driver_now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

uint64_t driver_start(clockid_t clock)
{
	return driver_now(clock);
}

uint64_t driver_elapsed(clockid_t clock, uint64_t start)
{
	return driver_now(clock) - start;
}

#define SPIN_NS	      200000
#define BATCH_MOST_NS 100000000

/* Whether the clock advances while the thread runs; it may lose its processor meanwhile. */
static bool advances(clockid_t clock)
{
	uint64_t start = driver_now(CLOCK_MONOTONIC), begun = driver_now(clock);

	while (driver_now(CLOCK_MONOTONIC) - start < SPIN_NS)
		;
	start = driver_now(clock) - begun;
	return start > SPIN_NS / 2 && start < 2 * SPIN_NS;
}

clockid_t driver_thread_clock(void)
{
	for (int i = 0; i < 5; i++)
		if (advances(CLOCK_THREAD_CPUTIME_ID))
			return CLOCK_THREAD_CPUTIME_ID;
	return CLOCK_MONOTONIC;
}

long driver_trial(long operations)
{
	return operations < 100 ? 1 : operations / 100;
}

long driver_fit(long operations, uint64_t elapsed_ns, long made)
{
	while (operations > 1 && (double)elapsed_ns / made * operations > BATCH_MOST_NS)
		operations /= 2;
	return operations;
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
