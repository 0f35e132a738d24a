/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counts of executed instructions by function, stack and block, and the file that they go to.
 *
 * One record for each launch, in lines:
 *	launch SCOPE SPANS		SCOPE: launch, thread or elapsed; how many spans were counted
 *	node N PARENT ADDRESS PAGE	a function as called by PARENT (0: nobody)
 *	count N ADDRESS PAGE COUNT	instructions of the block at ADDRESS, executed in node N
 *	end TOTAL
 * Addresses and pages in hexadecimal; PAGE is page_hash() of the code's page, 0 in the kernel.
 * Context: QEMU's one thread that executes the guest.
 */
#ifndef VKERNEL_HARNESS_PLUGIN_RECORD_H
#define VKERNEL_HARNESS_PLUGIN_RECORD_H

#include <stdio.h>

#include "harness/plugin/block.h"
#include "harness/plugin/stack.h"

enum scope { SCOPE_NONE, SCOPE_LAUNCH, SCOPE_THREAD, SCOPE_ELAPSED };

/* Drops all counts; what is counted from now on is a span of the launch itself. */
void record_begin(void);

/* Begins a span within the launch; an open one is dropped, and so is what was outside of spans. */
void record_span(enum scope scope);

/* The span's counts stay. */
void record_span_end(void);

/* The block was entered in node, and broken kept it from executing all, if not NULL. */
void record_count(struct node *node, struct block *block, const struct broken *broken);

/* Writes the record. Returns 0, or -1 with errno set. */
int record_write(FILE *out);

#endif
