/* SPDX-License-Identifier: GPL-2.0 */
/*
 * System calls by number, past the C library, through either way into the kernel. What they return
 * is what the kernel left in the register: an error is a negative errno.
 */
#ifndef GUEST_CALL_H
#define GUEST_CALL_H

enum entry {
	ENTRY_64, /* the syscall instruction */
	ENTRY_80, /* int $0x80: numbers and arguments as on i386, cut to 32 bits */
};

struct call {
	enum entry entry;
	unsigned long number; /* all 64 bits go into the register */
	unsigned long arguments[6];
};

long call_make(const struct call *call);

#endif
