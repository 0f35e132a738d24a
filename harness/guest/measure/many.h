/* SPDX-License-Identifier: GPL-2.0 */
/* A visit of a workload that is launched many times at once. */
#ifndef VKERNEL_HARNESS_GUEST_MEASURE_MANY_H
#define VKERNEL_HARNESS_GUEST_MEASURE_MANY_H

#include "harness/guest/measure/visit.h"

/*
 * As visit_run(), for a workload with copies: the one reading is the time from the first one's start
 * until all have ended, the counters are those of all together. To warm the caches one is enough.
 */
int many_run(const struct workload *workload, const struct configuration *configuration,
	     enum visit_purpose purpose, struct visit *visit, struct error *err);

#endif
