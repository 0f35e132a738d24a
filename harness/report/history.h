/* SPDX-License-Identifier: GPL-2.0 */
/* The runs before this one, as far as their figures may stand beside it. */
#ifndef VKERNEL_HARNESS_REPORT_HISTORY_H
#define VKERNEL_HARNESS_REPORT_HISTORY_H

#include <jansson.h>
#include <stddef.h>

#include "lib/error.h"

#define HISTORY_MOST 30 /* the last ones, this run among them */

struct past {
	char *name;	 /* the folder's */
	json_t *figures; /* of its summary.json */
};

struct history {
	struct past rows[HISTORY_MOST]; /* by the time of their start; the last one is this run */
	size_t count;
};

/*
 * Looks beside folder for runs of the same clock, kernel, accelerator and guest processor that
 * started before; environment is that of folder's run, figures its own. What cannot be read stands
 * outside: history is an ornament. Returns 0, or -1 with err set (no memory). The caller ends it with
 * history_release().
 */
int history_load(const char *folder, const json_t *environment, json_t *figures,
		 struct history *history, struct error *err);
void history_release(struct history *history);

#endif
