/* SPDX-License-Identifier: GPL-2.0 */
/* Attributing what a workload executes in a guest, on the instruction clock. */
#ifndef VKERNEL_HARNESS_PROFILE_TAKE_H
#define VKERNEL_HARNESS_PROFILE_TAKE_H

#include "harness/guest_options.h"
#include "harness/profile/profile.h"

struct take;

/*
 * Boots a guest under the plugin, loads vKM into it, and reads its kernel's symbols. options' own
 * accelerator does not matter. Returns 0, or -1 with err set; the caller ends *take by take_end().
 */
int take_begin(const struct guest_options *options, struct take **take, struct error *err);

/*
 * Measures workload in configuration once, and fills profile with all but run and boot. Returns 0,
 * or -1 with err set: EXIT_ENVIRONMENT where the configuration cannot run.
 */
int take_one(struct take *take, const char *workload, const char *configuration,
	     struct profile *profile, struct error *err);

/* Stops the guest. NULL is fine. */
void take_end(struct take *take);

/*
 * Whether what was attributed agrees with the clock, to 1 %: only where one thread was counted, by
 * its own time. Elsewhere the clock also holds waiting. Returns 0, or -1 with err set.
 */
int take_agrees(const struct profile *profile, struct error *err);

#endif
