/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names and numbers of system calls. The table is made when the tree is built, from the kernel
 * headers of the machine and newer.tbl; no library is asked at run time.
 * Context: any thread.
 */
#ifndef VKERNEL_BUILDER_NUMBER_H
#define VKERNEL_BUILDER_NUMBER_H

#include <stdbool.h>
#include <vkernel/policy.h>

#define NUMBER_NONE (-1)

/*
 * On i386, socketcall(2) and ipc(2) make many calls: `multiplexer` is their number and `subcall`
 * the value of their first argument that means this call; NUMBER_NONE for other calls.
 */
struct call_numbers {
	const char *name;
	short numbers[POLICY_TABLES]; /* NUMBER_NONE: absent there */
	short multiplexer;
	short subcall;
};

/* NULL if neither x86-64 nor i386 has a call of that name. */
const struct call_numbers *number_find(const char *name);

/* True if libseccomp has heard of the name on any architecture. */
bool number_known_elsewhere(const char *name);

/* The name of a call, or NULL; static. */
const char *number_name(enum policy_table_index table, unsigned int number);

/*
 * Fields of what a call's pointer leads to: a field's number is the same for all calls, and a call
 * (the numbers are those of POLICY_CLONE3, ...) has those below number_fields(), 0 where it has none.
 */
int number_field(const char *name); /* NUMBER_NONE: no call has it */
const char *number_field_name(unsigned int field);
unsigned int number_fields(unsigned int number);

#endif
