/* SPDX-License-Identifier: GPL-2.0 */
/* A child, with a log, that cannot outlive this process. */
#ifndef VKERNEL_LIB_PROCESS_H
#define VKERNEL_LIB_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/error.h"

struct process {
	pid_t pid;
	int pidfd; /* readable when it has ended */
};

/*
 * Starts argv, in a session of its own, with its output appended to the file log and with the
 * count descriptors keep left open. The kernel kills it when the calling thread ends.
 */
int process_start(struct process *process, char *const argv[], const char *log, const int *keep,
		  unsigned int count, struct error *err);

/* True when it has ended within timeout milliseconds. */
bool process_ended(const struct process *process, int timeout);

/* Kills it if it still runs, reaps it, closes pidfd. Returns its wait status. */
int process_finish(struct process *process);

#endif
