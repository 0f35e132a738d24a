/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every figure over all nights in which it was measured alike, and where it changed. Nights of
 * another clock, kernel or machine are another group, and nothing is ever compared across groups.
 */
#ifndef VKERNEL_HARNESS_HISTORY_HISTORY_H
#define VKERNEL_HARNESS_HISTORY_HISTORY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "harness/history/night.h"
#include "harness/history/shift.h"
#include "workloads/workload.h"

#define HISTORY_SCHEMA 1
#define HISTORY_RATE   0.05 /* the share of false changes among those told, at most, on average */

/* One figure. Its texts belong to the nights. */
struct track {
	const char *workload, *configuration, *metric, *unit;
	enum better better;
	bool headline; /* the workload's first figure on this clock; the others are a family apart */
	size_t *nights; /* of each value, its place in group.nights */
	double *values;
	struct series series; /* over values */
};

struct group {
	const char *clock, *kernel, *machine; /* of its nights */
	const struct night **nights;	      /* by time */
	size_t nights_count;
	struct track *tracks; /* headlines first */
	size_t count, headlines;
};

struct history_options {
	const char *kernel;    /* 6.12 or a full release; NULL: all */
	const char *clock;     /* NULL: both */
	const char *only;      /* workloads, commas between; NULL: all */
	const char *config;    /* configurations, likewise */
	double minimum_effect; /* a fraction: less is told as such, and is neither better nor worse */
	const char *until;     /* runs that started later are passed over; NULL: none */
	size_t nights;	       /* the last so many of each group; 0: all */
};

struct history {
	struct nights nights;
	struct group *groups; /* the one with the last night last */
	size_t count;
	double minimum_effect;
};

enum shift_verdict { SHIFT_BETTER, SHIFT_WORSE, SHIFT_SMALL };

/* Returns 0, or -1 with err set. The caller ends it with history_free(). */
int history_make(const char *results, const struct history_options *options,
		 struct history *history, struct error *err);

enum shift_verdict history_verdict(const struct history *history, const struct track *track,
				   const struct shift *shift);

/* "better", "worse", "below minimum effect". */
const char *shift_verdict_name(enum shift_verdict verdict);

/* The group that a run with this environment belongs to, or NULL. */
const struct group *history_group(const struct history *history, const char *clock,
				  const char *kernel, const char *machine);

/* NULL: this figure is not in the group. */
const struct track *history_track(const struct group *group, const char *workload,
				  const char *configuration, const char *metric);

/* history.json; the caller owns it, NULL: no memory. */
json_t *history_json(const struct history *history);

/* The changes as tables for a terminal. */
void history_print(const struct history *history, FILE *out);

void history_free(struct history *history);

#endif
