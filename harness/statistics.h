/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Intervals that hold what they promise with few replicates, and verdicts. docs/method.md says
 * why these, tests/harness/coverage_test.c how often they hold the truth. Context: any thread.
 */
#ifndef VKERNEL_HARNESS_STATISTICS_H
#define VKERNEL_HARNESS_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>

#include "workloads/workload.h"

/* Fewer replicates than this say nothing about the spread: the interval is then unknown. */
#define REPLICATES_MIN 3

/* From this many on, an interval of the median needs no assumption about the values. */
#define REPLICATES_EXACT 6

struct estimate {
	unsigned int n; /* replicates; 0: there is no figure, and nothing else is set */
	double median;
	bool spread; /* low and high are known: an interval of at least 95 % */
	double low, high;
	/* With spread, and of statistics_estimate() only: what resampling the replicates says. */
	double bootstrap_low, bootstrap_high;
};

/* Sorts the n values (n > 0) and returns their median. */
double statistics_median(double *values, size_t n);

/*
 * The median of n values (n > 0) and its interval: from REPLICATES_EXACT on the two order
 * statistics between which the median of any distribution lies; with fewer, Student's around the
 * mean of the logarithms (of the values themselves where one is not positive). Beside it the percentile
 * bootstrap's interval of the median, not from drawn samples but from all that could be drawn; of
 * ratios made within boots it is the paired bootstrap's. No verdict rests on it: with few replicates
 * it is too narrow (docs/method.md).
 */
struct estimate statistics_estimate(const double *values, unsigned int n);

/*
 * How many times as large b's values are as a's, which are of other replicates (nothing is paired):
 * the ratio of the medians and Welch's interval on the logarithms; n is the lesser count. n is 0
 * where one is empty or a value is not positive, unless all values of both are the same.
 */
struct estimate statistics_compare(const double *a, unsigned int a_count, const double *b,
				   unsigned int b_count);

enum change {
	CHANGE_UNKNOWN, /* too few replicates, or no ratio */
	CHANGE_NOISE,	/* the interval holds 1 */
	CHANGE_SMALL,	/* it does not, but the ratio is nearer to 1 than the minimum effect */
	CHANGE_FASTER,	/* less of what is better low, more of what is better high */
	CHANGE_SLOWER,
};

/* "unknown", "within noise", "below minimum effect", "faster", "slower". */
const char *change_name(enum change verdict);

/* minimum_effect is a fraction: 0.01 for one percent. */
enum change statistics_judge(const struct estimate *ratio, enum better better,
			     double minimum_effect);

#endif
