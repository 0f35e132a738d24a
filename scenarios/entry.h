/* SPDX-License-Identifier: GPL-2.0 */
/* The ways into the kernel's system calls, and one call made in a child of its own. */
#ifndef VKERNEL_SCENARIOS_ENTRY_H
#define VKERNEL_SCENARIOS_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "scenarios/tries.h"

enum entry {
	ENTRY_X86_64,
	ENTRY_I386, /* int $0x80 from 64-bit code */
	ENTRY_X32,  /* the 64-bit entry with bit 30 of the number set */
};

/* How a call ended. */
struct ending {
	enum {
		ENDING_RETURNED,
		ENDING_SIGNAL,	/* the caller was killed by `value` */
		ENDING_EXITED,	/* the caller ended with exit status `value` */
		ENDING_TIMEOUT, /* neither in entry_patience seconds */
		ENDING_UNMADE,	/* no child could be made: errno is in value */
	} how;
	long value; /* as the kernel returned it: negative errno, or a result */
};

extern const int entry_patience;

/* Makes the call here and now and returns what the kernel returned. */
long entry_call(enum entry entry, unsigned int number, const unsigned long arguments[6]);

/* Makes the call in a forked child in a session of its own, in its first or a second thread. */
struct ending entry_try(enum entry entry, unsigned int number, const unsigned long arguments[6],
			bool second_thread);

/*
 * What an ending means where the call should be refused: EPERM or a SIGSYS REFUSED, ENOSYS
 * MISSING, whatever else REACHED.
 */
enum outcome entry_outcome(const struct ending *ending);

/* Adds a try called name for an ending, with the outcome given. */
void entry_add(struct tries *tries, const char *name, enum outcome outcome,
	       const struct ending *ending);

#endif
