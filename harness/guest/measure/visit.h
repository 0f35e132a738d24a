/* SPDX-License-Identifier: GPL-2.0 */
/* One launch of a workload in a configuration: made ready, run, read, cleared away. */
#ifndef VKERNEL_HARNESS_GUEST_MEASURE_VISIT_H
#define VKERNEL_HARNESS_GUEST_MEASURE_VISIT_H

#include "harness/guest/configuration.h"
#include "harness/guest/measure/counters.h"
#include "lib/error.h"
#include "workloads/workload.h"

enum visit_purpose {
	VISIT_WARM,  /* fill the caches; a client is stopped early, and its figures are dropped */
	VISIT_TIME,  /* nothing but the work */
	VISIT_COUNT, /* with counters attached, which cost time: the readings are not for use */
};

struct visit {
	struct readings readings;
	double counters[COUNTERS]; /* VISIT_COUNT only: of the whole launch */
};

/* Returns 0, or -1 with err set; nothing is left behind either way. */
int visit_run(const struct workload *workload, const struct configuration *configuration,
	      enum visit_purpose purpose, struct visit *visit, struct error *err);

#endif
