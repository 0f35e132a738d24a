/* SPDX-License-Identifier: GPL-2.0 */
/* Two profiles in one, the stricter of which counts in everything. */
#ifndef VKERNEL_BUILDER_COMBINE_H
#define VKERNEL_BUILDER_COMBINE_H

#include "builder/model.h"

/*
 * Makes into allow what both allow: system calls, capabilities, files, access. Name, log and reaction
 * to excess stay into's. Takes parts of from, which is then good for profile_free() only. Returns 0,
 * or -1 with err set: EXIT_USAGE where the two cannot be put together, with what it is about;
 * into is then good for profile_free() only.
 */
int profile_combine(struct profile *into, struct profile *from, struct error *err);

/*
 * Fills profile, which is new, with what policy, a view of blob, says. Its file rules stay the section that they
 * are, so that none can be put beside them. Returns 0, or -1 with err set.
 */
int profile_from_policy(struct profile *profile, const struct policy *policy, const void *blob,
			struct error *err);

#endif
