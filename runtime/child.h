/* SPDX-License-Identifier: GPL-2.0 */
/* The underlying runtime as a child process. */
#ifndef VKERNEL_RUNTIME_CHILD_H
#define VKERNEL_RUNTIME_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/error.h"

/*
 * Starts argv[0] (found in PATH) with this process's descriptors and terminal. From here on
 * signals wait to be handed on by child_wait(). Returns the process number, or -1 with err set.
 */
pid_t child_start(char *const argv[], struct error *err);

/*
 * Whether this process has children, before it has started any: those that it had when it became this
 * program.
 */
bool child_was_left(void);

/*
 * A copy of this process, which has no children and is killed when this one ends. Returns 0 in it, here
 * its number for child_wait(), or -1 with err set.
 */
pid_t child_fork(struct error *err);

/*
 * Waits for the child and hands on the signals that other processes send to this one. Those that
 * the terminal sends reach the child without help. Returns its wait status.
 */
int child_wait(pid_t pid);

/* The exit status that a shell would give for a wait status. */
int child_exit_status(int status);

#endif
