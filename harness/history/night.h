/* SPDX-License-Identifier: GPL-2.0 */
/* The runs that lie under a folder, as their env.json and summary.json tell of them. */
#ifndef VKERNEL_HARNESS_HISTORY_NIGHT_H
#define VKERNEL_HARNESS_HISTORY_NIGHT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"

struct night {
	char *folder;
	char *machine; /* see night_machine() */
	json_t *environment, *summary;
	/* Inside environment: */
	const char *run, *started, *kernel, *clock;
	const char *commit; /* NULL: not known */
	bool dirty;	    /* the tree differed from commit */
};

struct nights {
	struct night *rows; /* by time */
	size_t count;
	json_t *left_out; /* [{"folder": F, "reason": R}]: runs that are in none of rows */
};

/*
 * Reads all runs under results, whatever folders lie between; unfinished ones, hidden folders and
 * links are passed over. A run that cannot be read is left out and named in left_out; so is a copy of
 * another one, and a shard of one that is there, too. Returns 0, or
 * -1 with err set (EXIT_USAGE: results is no folder). The caller ends it with nights_free().
 */
int nights_read(const char *results, struct nights *nights, struct error *err);

/*
 * What a run's figures may not be compared beyond, in words: the processor (on the clock wall also
 * the host's), the emulator, the guest's processors, memory and command line. Owned by the caller;
 * NULL: no memory.
 */
char *night_machine(const json_t *environment);

/* Names of what differs between two runs' environments beside the commit: packages, modules, ...
 * An array of texts, owned by the caller. */
json_t *night_differences(const json_t *before, const json_t *after);

void nights_free(struct nights *nights);

#endif
