/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a figure that is read night after night changed.
 *
 * The test is Pettitt's, made fit for short histories: the largest standardised rank sum over all
 * places at which the nights can be split, its significance taken from permutations of the nights
 * (so it needs no distribution, and one wild night moves it no more than a mild one). A family of
 * figures is corrected by Benjamini and Hochberg's procedure, so that of a thousand quiet figures
 * none is expected to speak. What is left is split again on both sides.
 *
 * Context: any thread. The same values give the same answer on any machine.
 */
#ifndef VKERNEL_HARNESS_HISTORY_SHIFT_H
#define VKERNEL_HARNESS_HISTORY_SHIFT_H

#include <stddef.h>

/* Nights on each side of a change; fewer nights than twice that are never split. */
#define SHIFT_SIDE_MIN 3

enum shift_kind {
	SHIFT_STEP,  /* one level before, another from then on */
	SHIFT_DRIFT, /* a little every night: told once, for the whole series */
};

struct shift {
	enum shift_kind kind;
	size_t at; /* index of the first value after the step; of a drift the first value */
	double p;  /* significance of the split alone, before correction */
	double before, after;	 /* medians beside the step; of a drift the line's two ends */
	double ratio, low, high; /* after / before, and its bootstrap interval */
};

struct series {
	const double *values; /* n of them, in order of time, all above 0 */
	size_t n;
	struct shift *shifts; /* by shifts_find(); in order of time */
	size_t count;
	double p; /* of the first split; 1 where there are too few nights */
};

/*
 * Finds the changes of count series that are one family, so that the expected share of false ones
 * among those found is at most rate. Fills p, changes and count of each. The caller frees them by
 * shifts_free(), also after a failure. Returns 0, or -1 (no memory).
 */
int shifts_find(struct series *family, size_t count, double rate);

/*
 * From how many nights on shifts_find() can tell a change of one series alone, however large, in a
 * family of count: fewer nights have too few orders.
 */
size_t shifts_nights(size_t count, double rate);

void shifts_free(struct series *family, size_t count);

const char *shift_kind_name(enum shift_kind kind);

#endif
