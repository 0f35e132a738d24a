// SPDX-License-Identifier: GPL-2.0
#include "workloads/driver/loop.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workloads/driver/number.h"

#define BATCHES_MOST 63
#define PROGRAM	     "/proc/self/exe"

/* What is handed from one execution to the next, as words, in this order. */
struct chain {
	long left;	 /* of this batch */
	long operations; /* of every batch */
	long batches;	 /* to be timed, this one included */
	long untimed; /* 2: a single execution, to see how long it takes; 1: a batch to warm up */
	long start;   /* of this batch, ns of the clock */
	long clock;
};

#define WORDS 6

/* Becomes the next execution. */
static int hand_on(const struct chain *chain, struct error *err)
{
	const long values[] = {chain->left,    chain->operations, chain->batches,
			       chain->untimed, chain->start,	  chain->clock};
	char words[WORDS][24], path[64] = "";
	char *argv[WORDS + 3] = {path, "exec-again"};
	char *const environment[] = {NULL};

	/* The path itself: rules are for paths, and the one in /proc is another for each process. */
	if (readlink(PROGRAM, path, sizeof(path) - 1) < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot read " PROGRAM);
	for (int i = 0; i < WORDS; i++) {
		snprintf(words[i], sizeof(words[i]), "%ld", values[i]);
		argv[2 + i] = words[i];
	}
	execve(path, argv, environment);
	return error_set_errno(err, EXIT_FINDING, errno, "cannot execute %s", path);
}

int drive_exec_again(char *const arguments[], int count, struct error *err)
{
	struct chain chain;
	long *const values[WORDS] = {&chain.left,    &chain.operations, &chain.batches,
				     &chain.untimed, &chain.start,	&chain.clock};

	if (count != WORDS)
		return error_set(err, EXIT_USAGE, "exec-again is for exec alone");
	for (int i = 0; i < WORDS; i++)
		if (sscanf(arguments[i], "%ld", values[i]) != 1)
			return error_set(err, EXIT_USAGE, "exec-again is for exec alone");
	if (--chain.left > 0)
		return hand_on(&chain, err);
	if (chain.untimed == 2)
		chain.operations =
			driver_fit(chain.operations, driver_now(chain.clock) - chain.start, 1);
	if (chain.untimed)
		chain.untimed--;
	else
		driver_reading(driver_elapsed(chain.clock, chain.start), chain.operations);
	if (!chain.untimed && chain.batches-- == 0)
		return 0;
	if (fflush(stdout))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot write the readings");
	chain.left = chain.operations;
	chain.start = driver_batch(chain.clock);
	return hand_on(&chain, err);
}

int drive_exec(char *const arguments[], int count, struct error *err)
{
	struct chain chain = {.left = 1, .untimed = 2};

	if (count != 2)
		return error_set(err, EXIT_USAGE, "exec takes BATCHES OPERATIONS");
	if (driver_number(arguments[0], BATCHES_MOST, &chain.batches, err) ||
	    driver_number(arguments[1], 1000000, &chain.operations, err))
		return -1;
	chain.clock = driver_thread_clock();
	chain.start = driver_now(chain.clock);
	return hand_on(&chain, err);
}

static int fork_once(struct error *err)
{
	int status;
	pid_t child = fork();

	if (!child)
		_exit(0);
	if (child < 0)
		return error_set_errno(err, EXIT_FINDING, errno, "cannot fork");
	if (waitpid(child, &status, 0) != child || status)
		return error_set(err, EXIT_FINDING, "a child did not end as it should");
	return 0;
}

int drive_fork(char *const arguments[], int count, struct error *err)
{
	uint64_t elapsed[BATCHES_MOST], start;
	long batches, operations;

	if (count != 2)
		return error_set(err, EXIT_USAGE, "fork takes BATCHES OPERATIONS");
	if (driver_number(arguments[0], BATCHES_MOST, &batches, err) ||
	    driver_number(arguments[1], 1000000, &operations, err))
		return -1;
	start = driver_now(CLOCK_MONOTONIC);
	if (fork_once(err))
		return -1;
	operations = driver_fit(operations, driver_now(CLOCK_MONOTONIC) - start, 1);
	for (long i = -1; i < batches; i++) {
		start = driver_batch(CLOCK_MONOTONIC);
		for (long n = 0; n < operations; n++)
			if (fork_once(err))
				return -1;
		if (i >= 0)
			elapsed[i] = driver_elapsed(CLOCK_MONOTONIC, start);
	}
	for (long i = 0; i < batches; i++)
		driver_reading(elapsed[i], operations);
	return 0;
}
