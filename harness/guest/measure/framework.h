/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The host's state for a loop of one system call: with vKM and hooks, or without. Hooks cost a few
 * instructions in every task; a figure that is compared with vKernel's must not hold them.
 * Context: one visit at a time in a guest, and no container running beside it.
 */
#ifndef VKERNEL_HARNESS_GUEST_MEASURE_FRAMEWORK_H
#define VKERNEL_HARNESS_GUEST_MEASURE_FRAMEWORK_H

#include <stdbool.h>

#include "harness/guest/configuration.h"
#include "lib/error.h"
#include "workloads/workload.h"

struct framework {
	bool was_loaded;
};

/*
 * Unless configuration enforces its rules through vKM, unloads vKM if it is loaded, and all hooks
 * with it. Where it does, and workload runs outside, starts a container in configuration and waits
 * for its end: what it had hooked stays. The container's program makes sure that a call is refused
 * in there. Returns 0, or -1 with err set; the caller calls framework_end() either way.
 */
int framework_begin(const struct workload *workload, const struct configuration *configuration,
		    struct framework *framework, struct error *err);

/* Loads vKM where it was loaded before. Returns 0, or -1 with err set. */
int framework_end(const struct framework *framework, struct error *err);

#endif
