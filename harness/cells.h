/* SPDX-License-Identifier: GPL-2.0 */
/* The samples of a run by cell: what a workload gave in a configuration, boot by boot. */
#ifndef VKERNEL_HARNESS_CELLS_H
#define VKERNEL_HARNESS_CELLS_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/samples.h"

struct cell {
	const struct workload *workload;
	const struct configuration *configuration;
	const struct metric *metric;
	bool again; /* the boots' second visits */
};

struct cells {
	const struct samples *samples; /* must outlive this */
	size_t *order;		       /* their indices by cell and boot */
	double *pool;		       /* scratch for the samples of one boot */
	unsigned int boots;	       /* the greatest boot's number */
};

/* Returns 0, or -1 without memory. */
int cells_make(const struct samples *samples, struct cells *cells);

/*
 * The median of each boot's samples of cell in values, which has room for cells->boots: the first
 * is boot 1's; NAN where a boot has none. Returns how many samples there are in all.
 */
size_t cells_values(const struct cells *cells, const struct cell *cell, double *values);

void cells_free(struct cells *cells);

#endif
