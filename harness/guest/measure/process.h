/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A child whose output is kept and whose time is taken.
 * Context: one thread; the calling program's SIGCHLD is not touched.
 */
#ifndef VKERNEL_HARNESS_GUEST_MEASURE_PROCESS_H
#define VKERNEL_HARNESS_GUEST_MEASURE_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/error.h"

enum process_stream { PROCESS_OUTPUT, PROCESS_ERRORS, PROCESS_STREAMS };

struct process {
	const char *name; /* argv[0], the caller's */
	pid_t pid;	  /* 0: none */
	int pidfd;
	int gate;
	bool ended;
	int status; /* as waitpid() gives it, once ended */
	uint64_t start_ns, elapsed_ns;
	struct {
		int fd;
		char *text; /* zero-terminated, at most 1 MiB; the rest is dropped */
		size_t size;
	} streams[PROCESS_STREAMS];
};

/*
 * Forks a child that waits, before it becomes argv, for process_release(): what must be attached
 * to it can be. The child dies with the caller. Returns 0, or -1 with err set and nothing left.
 */
int process_start(struct process *process, const char *const argv[], struct error *err);

/* Lets the child go and starts the clock (CLOCK_MONOTONIC). */
void process_release(struct process *process);

/*
 * Reads the child's output until it has ended, and stops the clock, or until milliseconds have
 * passed. Returns 1 where it has ended, 0 where it has not, -1 with err set.
 */
int process_wait(struct process *process, unsigned int milliseconds, struct error *err);

/* Sends a signal if the child has not ended. */
void process_signal(struct process *process, int number);

/*
 * Returns 0 where the ended child's status is 0, else -1 with err saying how it ended and the last
 * line that it wrote to its standard error.
 */
int process_succeeded(const struct process *process, struct error *err);

/*
 * Kills the child if it has not ended, and what it has started and left in its process group, and frees
 * what process holds. Zeroed process is fine.
 */
void process_free(struct process *process);

#endif
