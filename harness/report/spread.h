/* SPDX-License-Identifier: GPL-2.0 */
/* Names at the ends of a drawing's lines, moved apart so that each can be read. */
#ifndef VKERNEL_HARNESS_REPORT_SPREAD_H
#define VKERNEL_HARNESS_REPORT_SPREAD_H

#include <stddef.h>
#include <stdio.h>

#define SPREAD_MOST 32

struct spread {
	struct spread_name {
		const char *text, *colour; /* of the caller, as long as the spread */
		double at;		   /* the line's end, its logarithm on a logarithmic axis */
	} names[SPREAD_MOST];
	size_t count;
};

/* What is beyond SPREAD_MOST gets no name. */
void spread_add(struct spread *spread, const char *text, const char *colour, double at);

/*
 * Sets labels at the right of the drawing, a letter's height apart, where the vertical axis goes from
 * low to high (logarithms on a logarithmic axis) over height units.
 */
void spread_print(struct spread *spread, double low, double high, double height, FILE *out);

#endif
