/* SPDX-License-Identifier: GPL-2.0 */
/* Which arguments of system calls matter: one table. Context: any thread. */
#ifndef VKERNEL_OPERATOR_TRACE_CALLS_H
#define VKERNEL_OPERATOR_TRACE_CALLS_H

#include "operator/bpf/trace.h"

/* Flags of clone(2) by which a task gets namespaces, another parent or a tracer. */
#define TRACE_CLONE_MASK  UINT64_C(0x7e82a000)
/*
 * clone3(2) has some that clone(2) cannot be given: CLONE_NEWTIME and all above 32 bits but
 * CLONE_CLEAR_SIGHAND. The highest bit has no place in a profile.
 */
#define TRACE_CLONE3_MASK (TRACE_CLONE_MASK | UINT64_C(0x7ffffffe00000080))

/* The arguments of a call that are recorded; NULL: none are. */
const struct trace_arguments *trace_call_arguments(enum trace_table table, unsigned int number);

/* Its name; NULL: this tree knows no such call. */
const char *trace_call_name(enum trace_table table, unsigned int number);

/* How many calls of a table this tree knows. */
unsigned int trace_calls_known(enum trace_table table);

/* The name of a table in recordings: x86-64, i386, x32. */
const char *trace_table_name(enum trace_table table);

#endif
