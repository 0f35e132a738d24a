/* SPDX-License-Identifier: GPL-2.0 */
/* Shards of one run as one run. */
#ifndef VKERNEL_HARNESS_MERGE_H
#define VKERNEL_HARNESS_MERGE_H

#include "lib/error.h"

/*
 * Makes the folder out, which must not be there, of the runs in count folders, and its reports;
 * prints on standard error which of the boots that were wanted are in none. Refused (EXIT_USAGE):
 * runs that differ in clock, kernel, machine, commit, seed or anything else that shards share, and
 * a boot that is in two. Returns 0, 1 where boots are missing, or -1 with err set and no out.
 */
int merge_make(const char *out, const char *const folders[], unsigned int count, struct error *err);

#endif
