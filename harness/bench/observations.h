/* SPDX-License-Identifier: GPL-2.0 */
/* What was observed of tasks: histograms.jsonl and syscalls.jsonl of a run's folder. */
#ifndef VKERNEL_HARNESS_BENCH_OBSERVATIONS_H
#define VKERNEL_HARNESS_BENCH_OBSERVATIONS_H

#include <jansson.h>
#include <stdio.h>

#include "harness/bench/plan.h"
#include "lib/error.h"

#define OBSERVATIONS_SCHEMA 1

/* Where an observation is from. */
struct observed {
	const char *run;
	unsigned int boot, order; /* from 1 */
	const struct stop *stop;
};

/*
 * Appends each of list, as measure printed them, to the file that it belongs to. *reason is then why
 * nothing could be observed, as long as list lives, or NULL. Returns 0, or -1 with err set.
 */
int observations_write(const json_t *list, const struct observed *observed, FILE *histograms,
		       FILE *calls, const char **reason, struct error *err);

#endif
