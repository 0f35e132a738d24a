// SPDX-License-Identifier: GPL-2.0
#include "workloads/driver/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "lib/cleanup.h"
#include "workloads/driver/number.h"

#define BATCHES_MOST 63

/* The instruction itself, so that the loop around the kernel is a few instructions. */
static inline long call3(long number, long first, long second, long third)
{
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(first), "S"(second), "d"(third)
			 : "rcx", "r11", "memory");
	return result;
}

/* Returns 0, or a negative errno. */
typedef long loop(const char *path, long operations);

static long open_close(const char *path, long operations)
{
	for (long i = 0; i < operations; i++) {
		long fd = call3(SYS_open, (long)path, O_RDONLY | O_CLOEXEC, 0);

		if (fd < 0)
			return fd;
		call3(SYS_close, fd, 0, 0);
	}
	return 0;
}

static long look(const char *path, long operations)
{
	struct stat status;

	for (long i = 0; i < operations; i++) {
		long result = call3(SYS_stat, (long)path, (long)&status, 0);

		if (result < 0)
			return result;
	}
	return 0;
}

static const struct {
	const char *name;
	loop *run;
} loops[] = {
	{"open-close", open_close},
	{"stat", look},
};

/* What is enforced has to be what is measured. */
static int check(const char *path, const char *answer, struct error *err)
{
	int wanted = strcmp(answer, "refused") ? 0 : EACCES;
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	int got = fd < 0 ? errno : 0;

	if (!wanted && strcmp(answer, "allowed"))
		return error_set(err, EXIT_USAGE, "\"%s\" is neither allowed nor refused", answer);
	if (got == wanted)
		return 0;
	return error_set(err, EXIT_FINDING,
			 "opening %s answered \"%s\" where \"%s\" was expected; what is enforced "
			 "here is not what is to be measured",
			 path, strerror(got), strerror(wanted));
}

/* Fills elapsed; returns 0, or a negative errno. */
static long time_batches(loop *run, const char *path, long batches, long *operations,
			 uint64_t elapsed[])
{
	clockid_t clock = driver_thread_clock();
	long trial = driver_trial(*operations);
	uint64_t start = driver_now(clock);
	long result = run(path, trial);

	*operations = driver_fit(*operations, driver_now(clock) - start, trial);
	if (!result)
		result = run(path, *operations);
	for (long i = 0; i < batches && !result; i++) {
		start = driver_batch(clock);
		result = run(path, *operations);
		elapsed[i] = driver_elapsed(clock, start);
	}
	return result;
}

int drive_file(char *const arguments[], int count, struct error *err)
{
	loop *run = NULL;
	uint64_t elapsed[BATCHES_MOST];
	long batches, operations;
	long result;

	for (size_t i = 0; count && i < sizeof(loops) / sizeof(loops[0]); i++)
		if (!strcmp(loops[i].name, arguments[0]))
			run = loops[i].run;
	if (count != 6 || !run)
		return error_set(err, EXIT_USAGE,
				 "file takes open-close|stat PATH BATCHES OPERATIONS OTHER "
				 "allowed|refused");
	if (driver_number(arguments[2], BATCHES_MOST, &batches, err) ||
	    driver_number(arguments[3], 1000000000, &operations, err) ||
	    check(arguments[4], arguments[5], err))
		return -1;

	result = time_batches(run, arguments[1], batches, &operations, elapsed);
	if (result)
		return error_set_errno(err, EXIT_FINDING, -result, "%s of %s", arguments[0],
				       arguments[1]);
	if (check(arguments[4], arguments[5], err))
		return -1;
	for (long i = 0; i < batches; i++)
		driver_reading(elapsed[i], operations);
	return 0;
}
