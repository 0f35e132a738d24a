// SPDX-License-Identifier: GPL-2.0
#include "workloads/driver/loop.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workloads/driver/number.h"

#define BATCHES_MOST 63
#define MAPPING	     (64 * 1024)
#define TABLE	     (2 * 1024 * 1024) /* of memory that one page of the page table is for */

/* What a loop works on. */
struct ends {
	int in, out;
	char *hole; /* where nothing is mapped, with something before and after it */
};

/* Does operations; 0, or -1 with errno set. */
typedef int transfer(const struct ends *ends, long operations);

static int to_and_fro(const struct ends *ends, long operations)
{
	char byte = 'v';

	for (long i = 0; i < operations; i++)
		if (write(ends->out, &byte, 1) != 1 || read(ends->in, &byte, 1) != 1)
			return -1;
	return 0;
}

static int map_and_unmap(const struct ends *ends, long operations)
{
	for (long i = 0; i < operations; i++) {
		char *at = mmap(ends->hole, MAPPING, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

		if (at == MAP_FAILED)
			return -1;
		*(volatile char *)at = 1;
		if (munmap(at, MAPPING))
			return -1;
	}
	return 0;
}

/* Fills elapsed; -1 with errno set. */
static int time_batches(transfer *run, const struct ends *ends, clockid_t clock, long batches,
			long *operations, uint64_t elapsed[])
{
	long trial = driver_trial(*operations);
	uint64_t start = driver_now(clock);
	int result = run(ends, trial);

	*operations = driver_fit(*operations, driver_now(clock) - start, trial);
	if (!result)
		result = run(ends, *operations);
	for (long i = 0; i < batches && !result; i++) {
		start = driver_batch(clock);
		result = run(ends, *operations);
		elapsed[i] = driver_elapsed(clock, start);
	}
	return result;
}

/* Prints the readings of all batches but a first one. */
static int drive(transfer *run, const struct ends *ends, clockid_t clock, char *const arguments[],
		 int count, struct error *err)
{
	uint64_t elapsed[BATCHES_MOST];
	long batches, operations;

	if (count != 2)
		return error_set(err, EXIT_USAGE, "it takes BATCHES OPERATIONS");
	if (driver_number(arguments[0], BATCHES_MOST, &batches, err) ||
	    driver_number(arguments[1], 1000000, &operations, err))
		return -1;
	if (time_batches(run, ends, clock, batches, &operations, elapsed))
		return error_set_errno(err, EXIT_FINDING, errno, "an operation failed");
	for (long i = 0; i < batches; i++)
		driver_reading(elapsed[i], operations);
	return 0;
}

int drive_pipe(char *const arguments[], int count, struct error *err)
{
	int ends[2];

	if (pipe(ends))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make a pipe");
	return drive(to_and_fro, &(struct ends){.in = ends[0], .out = ends[1]},
		     driver_thread_clock(), arguments, count, err);
}

/*
 * A hole between pages that are in use and stay so: whether the loop makes and frees a page of the
 * page table each time would else depend on where the kernel happens to put the mapping.
 */
static char *make_hole(void)
{
	char *at =
		mmap(NULL, 2 * TABLE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *table;

	if (at == MAP_FAILED)
		return NULL;
	madvise(at, 2 * TABLE, MADV_NOHUGEPAGE);
	table = at + (TABLE - (uintptr_t)at % TABLE) % TABLE;
	*(volatile char *)table = 1;
	table[TABLE - 1] = 1;
	return munmap(table + TABLE / 2, MAPPING) ? NULL : table + TABLE / 2;
}

int drive_mmap(char *const arguments[], int count, struct error *err)
{
	char *hole = make_hole();

	if (!hole)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot map memory");
	return drive(map_and_unmap, &(struct ends){.hole = hole}, driver_thread_clock(), arguments,
		     count, err);
}

/* Sends back what comes, until there is nobody to send it. */
static void echo(int in, int out)
{
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(in, &byte, 1) == 1)
		if (write(out, &byte, 1) != 1)
			break;
	_exit(0);
}

int drive_switch(char *const arguments[], int count, struct error *err)
{
	int there[2], back[2], status, result;
	pid_t child;

	if (pipe(there) || pipe(back))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make a pipe");
	child = fork();
	if (child < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot fork");
	if (!child) {
		close(there[1]);
		close(back[0]);
		echo(there[0], back[1]);
	}
	close(there[0]);
	close(back[1]);
	result = drive(to_and_fro, &(struct ends){.in = back[0], .out = there[1]}, CLOCK_MONOTONIC,
		       arguments, count, err);
	close(there[1]);
	close(back[0]);
	if (waitpid(child, &status, 0) == child && !status)
		return result;
	return result ? -1 : error_set(err, EXIT_FINDING, "the other process failed");
}
