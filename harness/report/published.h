/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What others have published about what we measure: context for a reader. It was read from other
 * machines, kernels and clocks, so it stands in a table of its own, never in a column with ours.
 */
#ifndef VKERNEL_HARNESS_REPORT_PUBLISHED_H
#define VKERNEL_HARNESS_REPORT_PUBLISHED_H

struct published {
	const char *what; /* NULL ends the table */
	const char *figures;
	const char *source;
};

extern const struct published published[];

#endif
