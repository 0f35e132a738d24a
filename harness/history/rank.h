/* SPDX-License-Identifier: GPL-2.0 */
/* Order statistics of short series, for shift.c. None changes what it is given. */
#ifndef VKERNEL_HARNESS_HISTORY_RANK_H
#define VKERNEL_HARNESS_HISTORY_RANK_H

#include <stddef.h>

/* Ranks from 1, of equal values their mean, minus the mean of all ranks. Returns -1: no memory. */
int rank_centred(const double *values, size_t n, double *ranks);

/* n > 0. NAN: no memory. */
double rank_median(const double *values, size_t n);

/*
 * The line through (0, v0), (1, v1), ... whose slope is the median of all slopes between two points
 * (Theil and Sen's). n > 1. Returns -1: no memory.
 */
struct line {
	double start, slope;
};

int rank_line(const double *values, size_t n, struct line *line);

#endif
