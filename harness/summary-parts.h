/* SPDX-License-Identifier: GPL-2.0 */
/* What the files that make a summary share. */
#ifndef VKERNEL_HARNESS_SUMMARY_PARTS_H
#define VKERNEL_HARNESS_SUMMARY_PARTS_H

#include "harness/cells.h"
#include "harness/summary.h"

struct parts {
	struct summary *summary;
	struct cells cells;
	double *own, *base, *pairs; /* scratch, by boot */
};

/* The configuration that is a base, or NULL where there is none. */
const struct configuration *base_configuration(enum summary_base base);

/*
 * Of parts->own to parts->base, boot by boot; n is 0 where no boot has both, and where one has a
 * base of 0.
 */
struct estimate estimate_ratio(struct parts *parts);

/* Each fills its part of parts->summary; -1: no memory. */
int make_means(struct parts *parts);
int make_checks(struct parts *parts);
int make_repeats(struct parts *parts);

#endif
