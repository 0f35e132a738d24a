/* SPDX-License-Identifier: GPL-2.0 */
/* System calls, counted: syscalls.jsonl of a run's folder. */
#ifndef VKERNEL_HARNESS_REPORT_CALLS_H
#define VKERNEL_HARNESS_REPORT_CALLS_H

#include <stddef.h>

#include "lib/error.h"

/* How often a workload made a call in a configuration, all lines of the file together. */
struct call_count {
	char *workload, *configuration, *call; /* owned */
	double count;
};

struct calls {
	struct call_count *rows; /* in the order in which they first appear */
	size_t count;
};

/*
 * Reads folder's syscalls.jsonl; none is no error. Returns 0, or -1 with err naming file and line. The
 * caller ends it with calls_release().
 */
int calls_load(const char *folder, struct calls *calls, struct error *err);
void calls_release(struct calls *calls);

/* 0 where it was not made, or nothing was counted. */
double calls_of(const struct calls *calls, const char *workload, const char *configuration,
		const char *call);

/*
 * The names of a workload's calls, the most frequent in any configuration first; they live as long as
 * calls, the array is the caller's. Returns how many; 0 also without memory.
 */
size_t calls_names(const struct calls *calls, const char *workload, const char ***names);

#endif
