/* SPDX-License-Identifier: GPL-2.0 */
/*
 * File rules from several sources in one profile, the strictest of which counts: patterns that
 * allow come from one source only (an AppArmor profile, or "everything" where there is none), those
 * that deny add up. Context: one thread at a time for one profile.
 */
#ifndef VKERNEL_BUILDER_PATHS_H
#define VKERNEL_BUILDER_PATHS_H

#include "builder/model.h"

/*
 * Puts rules in place of "everything is allowed", where the profile has that; what it denies stays.
 * The rules are then the profile's, and *rules is empty. Returns 0, or -1 without memory.
 */
int files_take(struct profile *profile, struct file_rules *rules);

#endif
