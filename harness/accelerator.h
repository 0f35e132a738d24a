/* SPDX-License-Identifier: GPL-2.0 */
/* The accelerators by name, and the choice of the one that works on this machine. */
#ifndef VKERNEL_HARNESS_ACCELERATOR_H
#define VKERNEL_HARNESS_ACCELERATOR_H

#include "harness/vm.h"

/* "kvm", "icount", "mttcg". */
const char *accelerator_name(enum accelerator accelerator);

/* The clock that figures from a guest with this accelerator are read from. */
enum clock accelerator_clock(enum accelerator accelerator);
const char *clock_name(enum clock clock); /* "instructions", "wall" */

struct accelerator_choice {
	enum accelerator accelerator;
	char reason[256]; /* a sentence for the user: why this one */
};

/*
 * The accelerator that name asks for; with "auto", KVM if a trial boot of kernel proves that it
 * works (half a minute at most; the outcome is kept in the cache folder until the machine is
 * booted again), else the instruction clock. Returns -1 with err set for an unknown name
 * (EXIT_USAGE), without a guest to try with, or after vm_interrupt().
 */
int accelerator_choose(const char *name, const char *kernel, struct accelerator_choice *choice,
		       struct error *err);

#endif
