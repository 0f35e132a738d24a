/* SPDX-License-Identifier: GPL-2.0 */
/* attribution.jsonl: a profile a line. */
#ifndef VKERNEL_HARNESS_PROFILE_STORE_H
#define VKERNEL_HARNESS_PROFILE_STORE_H

#include <stdbool.h>

#include "harness/profile/profile.h"

struct profiles {
	struct profile *rows;
	size_t count;
};

/*
 * Reads path into *profiles, which is the caller's (profiles_clear()); where there is no such file, and
 * that is fine, nothing. Returns 0, or -1 with err naming the line.
 */
int profiles_read(const char *path, bool may_be_missing, struct profiles *profiles,
		  struct error *err);

/*
 * Puts profile into profiles, which owns it then; one of the same workload and configuration that is
 * there goes. Returns 0, or -1 with err set, and profile is still the caller's.
 */
int profiles_put(struct profiles *profiles, struct profile *profile, struct error *err);

/* Writes all of them to path: what was there, or all that is new. Returns 0, or -1 with err set. */
int profiles_write(const char *path, const struct profiles *profiles, struct error *err);

/* The row, or NULL. */
const struct profile *profiles_find(const struct profiles *profiles, const char *workload,
				    const char *configuration);

void profiles_clear(struct profiles *profiles);

#endif
