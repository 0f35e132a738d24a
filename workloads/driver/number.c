// SPDX-License-Identifier: GPL-2.0
#include "workloads/driver/number.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "harness/plugin/mark.h"

uint64_t driver_now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

uint64_t driver_start(clockid_t clock)
{
	uint64_t start = driver_now(clock);

	if (clock == CLOCK_THREAD_CPUTIME_ID)
		mark(MARK_THREAD_BEGIN);
	else
		mark(MARK_ELAPSED_BEGIN);
	return start;
}

/*
 * A memory cgroup is charged by the page, and the processor keeps the rest of a page for the next small
 * object. Where that rest is less than the object (for a file, in one of twenty states), each round of
 * a loop that allocates and frees one charges a page and gives it back: 500 instructions, in every
 * round, until something else is allocated. A file more or less is another state. Of three in turn one
 * at most is such a one, so the median of five batches is none.
 */
static void shift_charges(void)
{
	static const int kept[] = {60, 61};

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		int fd;

		if (fcntl(kept[i], F_GETFD) >= 0)
			continue;
		fd = eventfd(0, 0);
		if (fd >= 0 && dup2(fd, kept[i]) >= 0)
			close(fd);
		return;
	}
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		close(kept[i]);
}

uint64_t driver_batch(clockid_t clock)
{
	shift_charges();
	return driver_start(clock);
}

uint64_t driver_elapsed(clockid_t clock, uint64_t start)
{
	mark(MARK_END);
	return driver_now(clock) - start;
}

#define SPIN_NS	      200000
#define BATCH_MOST_NS 500000000

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
