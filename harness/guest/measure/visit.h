/* SPDX-License-Identifier: GPL-2.0 */
/* One launch of a workload in a configuration: made ready, run, read, cleared away. */
#ifndef VKERNEL_HARNESS_GUEST_MEASURE_VISIT_H
#define VKERNEL_HARNESS_GUEST_MEASURE_VISIT_H

#include <jansson.h>

#include "harness/guest/configuration.h"
#include "harness/guest/measure/counters.h"
#include "lib/error.h"
#include "workloads/workload.h"

enum visit_purpose {
	VISIT_WARM,  /* fill the caches; a client is stopped early, and its figures are dropped */
	VISIT_TIME,  /* nothing but the work */
	VISIT_COUNT, /* with counters attached, which cost time: the readings are not for use */
	VISIT_ATTRIBUTE, /* VISIT_TIME, marked for QEMU's plugin, and the modules' places noted */
};

struct visit {
	struct readings readings;
	double counters[COUNTERS]; /* VISIT_COUNT only: of the whole launch */
	json_t *places; /* VISIT_ATTRIBUTE only: the caller's, to be filled by places_note() */
};

/*
 * Sets what is in visit, but for places. Returns 0, or -1 with err set; nothing is left behind either way.
 */
int visit_run(const struct workload *workload, const struct configuration *configuration,
	      enum visit_purpose purpose, struct visit *visit, struct error *err);

#endif
