/* SPDX-License-Identifier: GPL-2.0 */
/* A container that waits while something else is done, in it or beside it. */
#ifndef VKERNEL_SCENARIOS_CONTAINER_H
#define VKERNEL_SCENARIOS_CONTAINER_H

#include <sys/types.h>

#include "lib/error.h"

struct container {
	pid_t pid;
	int input, output; /* our ends of its standard input and output */
};

/*
 * Starts argv, whose program prints a line when it runs and then waits for the end of its standard
 * input, and waits for that line. Returns 0, or -1 with err set and nothing left running.
 */
int container_start(char *const argv[], struct container *container, struct error *err);

/* Lets it end and waits for that. */
void container_stop(struct container *container);

#endif
