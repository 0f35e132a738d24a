/* SPDX-License-Identifier: GPL-2.0 */
/* What two policies do differently, in words. Context: any thread. */
#ifndef VKERNEL_BUILDER_DIFFERENCE_H
#define VKERNEL_BUILDER_DIFFERENCE_H

#include <stdio.h>

#include "builder/builder.h"

/*
 * Says on stream what after does differently than before, and nothing where they do the same: their
 * names do not count, nor in which words file rules say the same. Conditions of system calls are
 * compared as normal.h writes them. Returns 1 where they differ, 0 where not, or -1 with err set
 * (EXIT_ENVIRONMENT). The caller checks stream for errors.
 */
int words_difference(FILE *stream, const struct policy *before, const struct policy *after,
		     struct error *err);

/* The part of it that is about paths: true where they differ. */
bool difference_files(FILE *stream, const struct policy *before, const struct policy *after);

#endif
