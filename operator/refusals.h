/* SPDX-License-Identifier: GPL-2.0 */
/* What a container was refused, as vKM counts it. */
#ifndef VKERNEL_OPERATOR_REFUSALS_H
#define VKERNEL_OPERATOR_REFUSALS_H

#include <stddef.h>
#include <stdint.h>
#include <vkernel/policy.h>

#include "operator/instances.h"

#define REFUSAL_CLASSES 24

/* The lines of `denied`, in the kernel's order. */
struct refusals {
	struct {
		char name[16];
		uint64_t count;
	} classes[REFUSAL_CLASSES];
	size_t count;
	uint64_t refused; /* all classes that refuse something */
};

/* Returns 0, or -1 with err set. */
int refusals_read(const struct instance *instance, struct refusals *refusals, struct error *err);

/* A system call that was refused at least once. */
struct refused_call {
	enum policy_table_index path;
	unsigned int number;
	uint64_t count;
};

/*
 * Fills *calls, most refused first, which the caller frees. Returns 0, or -1 with err set.
 */
int refused_calls_read(const struct instance *instance, struct refused_call **calls, size_t *count,
		       struct error *err);

#endif
