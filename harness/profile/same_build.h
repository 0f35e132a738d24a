/* SPDX-License-Identifier: GPL-2.0 */
/* Whether a run was made of the modules and programs whose instructions are to be attributed. */
#ifndef VKERNEL_HARNESS_PROFILE_SAME_BUILD_H
#define VKERNEL_HARNESS_PROFILE_SAME_BUILD_H

#include "lib/error.h"

/*
 * Refuses (-1, EXIT_USAGE) the folder of a run whose env.json names another digest for a module or
 * program than the one in payload: its report would tell of another build's instructions as of the
 * run's. A folder without env.json is no run's, and what env.json does not name is not known to
 * differ.
 */
int same_build(const char *folder, const char *payload, struct error *err);

#endif
