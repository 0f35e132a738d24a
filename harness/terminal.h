/* SPDX-License-Identifier: GPL-2.0 */
/* This program's terminal, joined to a guest's. */
#ifndef VKERNEL_HARNESS_TERMINAL_H
#define VKERNEL_HARNESS_TERMINAL_H

#include <pthread.h>
#include <termios.h>

#include "lib/error.h"

#define TERMINAL_ESCAPE 0x1d /* Ctrl-]: gives the guest up, as vm_interrupt() does */

struct terminal {
	int guest; /* socket to the guest's end; the caller's */
	int stop;  /* eventfd that ends the thread */
	pthread_t thread;
	struct termios before;
};

/*
 * Makes standard input raw and carries bytes between it, standard output and guest until
 * terminal_leave(). Returns 0, or -1 with err set (EXIT_USAGE: it is no terminal) and nothing
 * changed.
 */
int terminal_enter(struct terminal *terminal, int guest, struct error *err);

/* Prints what is still under way, and makes the terminal what it was. */
void terminal_leave(struct terminal *terminal);

#endif
