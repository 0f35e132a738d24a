/* SPDX-License-Identifier: GPL-2.0 */
/* One launch of a workload in a configuration: made ready, run, read, cleared away. */
#ifndef VKERNEL_HARNESS_GUEST_MEASURE_VISIT_H
#define VKERNEL_HARNESS_GUEST_MEASURE_VISIT_H

#include <jansson.h>

#include "harness/guest/configuration.h"
#include "harness/guest/measure/counters.h"
#include "harness/guest/measure/tasks.h"
#include "lib/error.h"
#include "workloads/workload.h"

enum visit_purpose {
	VISIT_WARM,    /* fill the caches; a client is stopped early, and its figures are dropped */
	VISIT_TIME,    /* nothing but the work */
	VISIT_COUNT,   /* with counters attached, which cost time: the readings are not for use */
	VISIT_OBSERVE, /* with tasks observed, which costs more time: the readings neither */
	VISIT_ATTRIBUTE, /* VISIT_TIME, marked for QEMU's plugin, and the modules' places noted */
};

struct visit {
	struct readings readings;
	double counters[COUNTERS]; /* VISIT_COUNT only: of the whole launch */
	json_t *places;	     /* VISIT_ATTRIBUTE only: the caller's, to be filled by places_note() */
	struct tasks *tasks; /* VISIT_OBSERVE only: the caller's */
};

/*
 * Sets what is in visit, but for what is the caller's. Returns 0, or -1 with err set; nothing is left
 * behind either way.
 */
int visit_run(const struct workload *workload, const struct configuration *configuration,
	      enum visit_purpose purpose, struct visit *visit, struct error *err);

#endif
