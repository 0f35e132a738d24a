/* SPDX-License-Identifier: GPL-2.0 */
/* Distributions that were counted in powers of two: histograms.jsonl of a run's folder. */
#ifndef VKERNEL_HARNESS_REPORT_HISTOGRAM_H
#define VKERNEL_HARNESS_REPORT_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "lib/error.h"

#define HISTOGRAM_BUCKETS 64

/* One distribution of a workload in a configuration, all boots together. */
struct histogram {
	char *workload, *configuration, *what, *unit; /* owned */
	uint64_t counts[HISTOGRAM_BUCKETS];	      /* of values from 2^i on, and below 2 in 0 */
	uint64_t total;
};

struct histograms {
	struct histogram *rows; /* in the order in which they first appear */
	size_t count;
};

/*
 * Reads folder's histograms.jsonl; none is no error, and no histogram. Returns 0, or -1 with err
 * naming file and line. The caller ends it with histograms_release().
 */
int histograms_load(const char *folder, struct histograms *histograms, struct error *err);
void histograms_release(struct histograms *histograms);

#endif
