/* SPDX-License-Identifier: GPL-2.0 */
/* Two profiles as one flame graph, in which colours say where the second executes more or less. */
#ifndef VKERNEL_HARNESS_PROFILE_FLAME_H
#define VKERNEL_HARNESS_PROFILE_FLAME_H

#include <stdio.h>

#include "harness/profile/profile.h"

/*
 * Writes an SVG that stands by itself, for light and dark pages: a box for each function as it was
 * called, over the one that called it; its width is what it and those above it execute in either, its
 * colour what after has more (red) or less (blue) than before, its title the figures. Boxes too
 * narrow to be seen are left out. Returns 0, or -1 with err set: no memory, or out cannot be written.
 */
int flame_write(FILE *out, const struct profile *before, const struct profile *after,
		struct error *err);

#endif
