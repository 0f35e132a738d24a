/* SPDX-License-Identifier: GPL-2.0 */
/* Denials as they happen, from vKM's trace event, in a trace buffer of our own. */
#ifndef VKERNEL_OPERATOR_TRACE_DENIALS_H
#define VKERNEL_OPERATOR_TRACE_DENIALS_H

#include <limits.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/error.h"
#include "runtime/framework.h"

struct denials {
	char folder[PATH_MAX]; /* in tracefs; empty: none */
};

/*
 * From now on, denials are kept. Returns 0, or -1 with err set (EXIT_ENVIRONMENT: vKM is not there,
 * or there is no tracefs).
 */
int denials_begin(struct denials *denials, struct error *err);

/* What is not counted. */
struct denials_passed {
	char (*others)[MODULE_NAME_MAX + 1]; /* instances of other containers */
	size_t others_count;
	uint64_t granted; /* other capabilities the container never had: the kernel refuses them */
};

/*
 * Prints a line for each different denial to stream, the most frequent first, and counts all of
 * them. *lost is how many the buffer lost, which count too. Returns 0, or -1 with err set.
 */
int denials_print(const struct denials *denials, const struct denials_passed *passed, FILE *stream,
		  unsigned long *count, unsigned long *lost, struct error *err);

void denials_end(struct denials *denials);

#endif
