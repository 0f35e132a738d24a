/* SPDX-License-Identifier: GPL-2.0 */
/* Where instructions went: attribution.jsonl of a run's folder. */
#ifndef VKERNEL_HARNESS_REPORT_ATTRIBUTION_H
#define VKERNEL_HARNESS_REPORT_ATTRIBUTION_H

#include <stddef.h>

#include "lib/error.h"

struct attributed {
	char *image, *symbol; /* owned */
	double instructions;  /* of one operation */
};

/* A workload in a configuration: the mean over its lines, which are of one boot each. */
struct attribution {
	char *workload, *configuration; /* owned */
	unsigned int lines;
	struct attributed *rows;
	size_t count;
};

struct attributions {
	struct attribution *rows; /* in the order in which they first appear */
	size_t count;
};

/* Where one costs more or less than the other, for one operation. */
struct excess {
	const char *image, *symbol; /* of the attributions, as long as they */
	double one, other;	    /* instructions */
};

/*
 * Reads folder's attribution.jsonl; none is no error. Returns 0, or -1 with err naming file and line.
 * The caller ends it with attributions_release().
 */
int attributions_load(const char *folder, struct attributions *attributions, struct error *err);
void attributions_release(struct attributions *attributions);

/* NULL where there is none. */
const struct attribution *attribution_find(const struct attributions *attributions,
					   const char *workload, const char *configuration);

/* Instructions of one operation, all symbols together. */
double attribution_total(const struct attribution *attribution);

/*
 * The differences of one to other, the greatest first, in *rows, which the caller frees. Returns how
 * many there are; 0 also where there is no memory.
 */
size_t attribution_compare(const struct attribution *one, const struct attribution *other,
			   struct excess **rows);

#endif
