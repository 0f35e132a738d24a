/* SPDX-License-Identifier: GPL-2.0 */
/* The command that is traced: it waits until the programs know it. */
#ifndef VKERNEL_OPERATOR_TRACE_CHILD_H
#define VKERNEL_OPERATOR_TRACE_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/error.h"

struct traced_child {
	pid_t pid;
	int gate;   /* closed: the command begins; -1 afterwards */
	int fault;  /* what execve answered, until it did not */
	int status; /* of waitpid(), when it has ended */
	bool ended;
};

/* A child that will become argv. Returns 0, or -1 with err set. */
int traced_child_make(struct traced_child *child, char **argv, struct error *err);

/* Lets it begin. Returns 0, or -1 with err set (EXIT_USAGE: there is no such program). */
int traced_child_begin(struct traced_child *child, char **argv, struct error *err);

/* Looks whether it has ended, and reaps it. */
bool traced_child_ended(struct traced_child *child);

/* Ends one that never began. */
void traced_child_drop(struct traced_child *child);

/* SIGINT and SIGTERM: whether one came; SIGTERM is passed on to child, the terminal does SIGINT. */
void traced_signals_catch(const struct traced_child *child);
bool traced_interrupted(void);

#endif
