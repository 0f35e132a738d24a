/* SPDX-License-Identifier: GPL-2.0 */
/*
 * File rules from several sources in one profile, the strictest of which counts: what one set of
 * rules allows counts as far as the others allow it too, what is denied adds up. "Everything", where
 * nobody allows anything, gives way to rules that do. Context: one thread at a time for one profile.
 */
#ifndef VKERNEL_BUILDER_PATHS_H
#define VKERNEL_BUILDER_PATHS_H

#include "builder/model.h"

/*
 * Puts rules in place of "everything is allowed", where the profile has that; what it denies stays.
 * The rules are then the profile's, and *rules is empty. Returns 0, or -1 without memory.
 */
int files_take(struct profile *profile, struct file_rules *rules);

/*
 * Where the profile has no file rules, allows everything; source names the rule. Returns 0, or -1
 * with err set.
 */
int files_open(struct profile *profile, const char *source, struct error *err);

/*
 * Makes into's file rules those that both profiles allow, and denies what either denies. Takes
 * from's. Returns 0, or -1 with err set, whose text says what cannot be put together.
 */
int files_combine(struct profile *into, struct profile *from, struct error *err);

#endif
