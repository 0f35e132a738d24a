/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The raw figures of a run: samples.jsonl, and missing.jsonl with what could not be measured and
 * why. Both are only ever appended to; every report is made from them.
 */
#ifndef VKERNEL_HARNESS_SAMPLES_H
#define VKERNEL_HARNESS_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "harness/accelerator.h"
#include "harness/guest/configuration.h"
#include "lib/error.h"
#include "workloads/workload.h"

#define SAMPLES_SCHEMA 1

/* Ratios of what lies between are numbers that can be drawn. */
#define SAMPLE_LEAST 1e-9
#define SAMPLE_MOST  1e18

struct sample {
	unsigned int boot;  /* from 1 */
	unsigned int order; /* place of its visit in the boot, from 1 */
	const struct workload *workload;
	const struct configuration *configuration;
	const struct metric *metric;
	double value;
	/*
	 * Of the boot's second visit of the same cell, made to see how far a configuration differs
	 * from itself: it stands in no figure.
	 */
	bool again;
};

struct absence {
	unsigned int boot, order;
	const struct workload *workload;
	const struct configuration *configuration;
	bool again;		 /* as in a sample */
	enum exit_status status; /* EXIT_ENVIRONMENT: cannot run here; else: it failed */
	char *reason;
};

struct samples {
	char *run; /* NULL where there is neither a sample nor an absence */
	enum clock clock;
	struct sample *rows;
	size_t count;
	struct absence *absences;
	size_t absences_count;
};

/* Whether metric can have this value: what was timed has taken some time, and nothing takes ages. */
bool samples_possible(const struct metric *metric, double value);

/* Each writes one line and flushes it. Returns 0, or -1 with err set. */
int samples_write(FILE *file, const char *run, enum clock clock, const struct sample *sample,
		  struct error *err);
int samples_write_absence(FILE *file, const char *run, enum clock clock,
			  const struct absence *absence, struct error *err);

/*
 * Reads both files of a run's folder; a missing.jsonl that is not there counts as empty. Returns
 * 0, or -1 with err naming file and line: a line that is no sample, a name that this program does
 * not know, a second run or clock, a last line that is cut off.
 */
int samples_read(const char *folder, struct samples *samples, struct error *err);

void samples_free(struct samples *samples);

#endif
