/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two runs beside each other. Made from their summary.json and env.json alone, so that a committed
 * baseline needs no more than these, and names that this program does not know compare too.
 */
#ifndef VKERNEL_HARNESS_COMPARE_H
#define VKERNEL_HARNESS_COMPARE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "harness/statistics.h"
#include "lib/error.h"

#define COMPARE_SCHEMA 1

struct comparison_row {
	char *workload, *configuration, *metric, *unit; /* owned */
	enum better better;
	struct estimate a, b;
	struct estimate ratio; /* b by a; n is 0 where there is none */
	double chance;	       /* of such a difference where nothing changed */
	enum change verdict;
};

struct comparison {
	char *a, *b; /* the folders, as given */
	char *clock, *kernel;
	double minimum_effect;	     /* a fraction */
	struct comparison_row *rows; /* figures that are in both, in a's order */
	size_t count;
	size_t only_a, only_b; /* figures that are in one */
	json_t *gone; /* those only in a: [{"workload", "configuration", "metric", "reason"}, ...] */
	size_t failed; /* of these, those with a reason: b visited the cell, and got no figure */
	json_t *added; /* those only in b: [{"workload", "configuration", "metric"}, ...] */
	size_t better, worse, unknown; /* rows of these verdicts */
	json_t *differences; /* of env.json: {"commit": ["x", "y"], ...}: what else has changed */
};

/*
 * Compares the runs in the folders a (what it was) and b (what it is); why b lacks a figure is in its
 * missing.jsonl, if it has one. Returns 0, or -1 with err set: EXIT_USAGE where a folder holds no run,
 * where a figure stands in it twice, and where clocks, kernels or machines differ or are not told.
 * The caller ends it with comparison_free().
 */
int comparison_make(const char *a, const char *b, double minimum_effect,
		    struct comparison *comparison, struct error *err);

/*
 * Whether the run in folder can be compared with one like it: 0, or -1 with err set as above, also
 * where it holds no figure.
 */
int comparison_check(const char *folder, struct error *err);

/* "better", "worse", "same", "unknown". */
const char *comparison_verdict(enum change change);

/* compare.json; the caller owns it, NULL: no memory. */
json_t *comparison_json(const struct comparison *comparison);

/* A table for a terminal; all: rows that are the same, and cells that b did not visit, too. */
void comparison_print(const struct comparison *comparison, bool all, FILE *out);

void comparison_free(struct comparison *comparison);

#endif
