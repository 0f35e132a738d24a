/* SPDX-License-Identifier: GPL-2.0 */
/* What nightly/run did in a night: its steps.jsonl. */
#ifndef VKERNEL_HARNESS_NIGHTLY_STEPS_H
#define VKERNEL_HARNESS_NIGHTLY_STEPS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"

struct step {
	json_t *line;	    /* owns the texts below */
	const char *kernel; /* 6.12 */
	const char *name;   /* ready, tests, isolation, bench; earlier: about a night before */
	bool done;	    /* false: it was not begun, for the reason */
	int status;	    /* exit status, where done */
	double seconds;
	const char *log;    /* a file in the night's folder, or "" */
	const char *result; /* the folder that it left, or "" */
	const char *reason; /* why it was not begun or failed, or "" */
};

struct steps {
	struct step *rows; /* in the order in which they were made */
	size_t count;
};

/*
 * Reads folder/steps.jsonl; a last line that is cut off is not there yet. Returns 0, or -1 with err
 * naming file and line. The caller ends it with steps_free().
 */
int steps_read(const char *folder, struct steps *steps, struct error *err);

void steps_free(struct steps *steps);

#endif
