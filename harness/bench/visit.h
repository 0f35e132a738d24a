/* SPDX-License-Identifier: GPL-2.0 */
/* One run of `measure` in a guest, and what it printed. */
#ifndef VKERNEL_HARNESS_BENCH_VISIT_H
#define VKERNEL_HARNESS_BENCH_VISIT_H

#include <jansson.h>

#include "harness/bench/plan.h"
#include "harness/samples.h"
#include "harness/vm.h"

#define VISIT_SAMPLES_MAX 4096

struct visit {
	struct sample *samples; /* boot and order are not set */
	size_t count;
	json_t *observations;	 /* what measure printed of tasks, as it did; NULL: nothing */
	enum exit_status status; /* of measure; not 0: there are no samples, and reason is set */
	char reason[1024];
};

/*
 * Returns 0 (also where measure failed), or -1 with err set where the guest did. observe: with one more
 * launch, whose tasks are observed.
 */
int visit_make(struct vm *vm, const struct stop *stop, enum clock clock, unsigned int repeat,
	       bool observe, struct visit *visit, struct error *err);

/*
 * Takes a line that measure printed. Returns 0, or -1 with visit->status and reason set: neither a
 * sample of stop's workload on clock nor an observation.
 */
int visit_line(struct visit *visit, const struct stop *stop, enum clock clock, const char *line);

void visit_free(struct visit *visit);

#endif
