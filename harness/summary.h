/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Figures from samples. A boot is the replicate: the median of a boot's samples is that boot's
 * value, the median over boots the figure. Ratios are paired: made within each boot, then reduced.
 */
#ifndef VKERNEL_HARNESS_SUMMARY_H
#define VKERNEL_HARNESS_SUMMARY_H

#include <jansson.h>
#include <stdbool.h>

#include "harness/samples.h"

#define SUMMARY_SCHEMA 1

/* Fewer boots than this say nothing about the spread: the interval is then unknown. */
#define SUMMARY_BOOTS_MIN 3

/* What a ratio is made to. */
enum summary_base { BASE_NATIVE, BASE_CRUN, BASE_CRUN_SECURE, BASES };

struct summary_base_row {
	const char *configuration;
	const char *ratio, *low, *high; /* names in summary.json */
};

extern const struct summary_base_row summary_bases[BASES];

struct estimate {
	unsigned int n; /* boots; 0: there is no figure, and nothing else is set */
	double median;
	bool spread; /* low and high are known: the 95 % bootstrap interval */
	double low, high;
};

struct figure {
	const struct workload *workload;
	const struct configuration *configuration;
	const struct metric *metric;
	unsigned int samples;
	struct estimate value;
	struct estimate ratios[BASES]; /* n is 0 to itself, and where a base is 0 or missing */
};

struct summary {
	enum clock clock;
	unsigned int boots;
	struct figure *figures; /* by workload, metric, configuration, in the order of the tables */
	size_t count;
};

/*
 * The median of n values (n > 0) and its 95 % percentile bootstrap interval, the same for the same
 * values in the same order on any machine.
 */
struct estimate summary_estimate(const double *values, unsigned int n);

/* Returns 0, or -1 with err set (no memory). The caller ends it with summary_free(). */
int summary_make(const struct samples *samples, struct summary *summary, struct error *err);

/* NULL where there is none. */
const struct figure *summary_find(const struct summary *summary, const struct workload *workload,
				  const struct configuration *configuration,
				  const struct metric *metric);

/* summary.json; the caller owns it, NULL: no memory. */
json_t *summary_json(const struct summary *summary);

void summary_free(struct summary *summary);

#endif
