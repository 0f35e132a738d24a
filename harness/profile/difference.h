/* SPDX-License-Identifier: GPL-2.0 */
/* Where one configuration executes other instructions than another, for each operation. */
#ifndef VKERNEL_HARNESS_PROFILE_DIFFERENCE_H
#define VKERNEL_HARNESS_PROFILE_DIFFERENCE_H

#include "harness/profile/profile.h"

struct difference {
	const char *image, *symbol; /* the profiles' */
	double before, after;	    /* instructions for each operation */
};

/*
 * Every symbol of either profile, once, sorted by the size of what differs. *differences is the
 * caller's, and lives as long as the profiles. Returns 0, or -1 with err set without memory.
 */
int difference_make(const struct profile *before, const struct profile *after,
		    struct difference **differences, size_t *count, struct error *err);

/* Prints the first most of them, what the others come to, and the sum; most 0: all. */
int difference_print(FILE *out, const struct profile *before, const struct profile *after,
		     size_t most, struct error *err);

#endif
