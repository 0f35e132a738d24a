/* SPDX-License-Identifier: GPL-2.0 */
/* The policy that a running container is under. */
#ifndef VKERNEL_OPERATOR_INFORCE_H
#define VKERNEL_OPERATOR_INFORCE_H

#include <vkernel/policy.h>

#include "operator/instances.h"

/*
 * Reads the blob in force into *blob, which the caller frees and which policy is a view of.
 * Returns 0, or -1 with err set.
 */
int policy_in_force(const struct instance *instance, void **blob, struct policy *policy,
		    struct error *err);

/*
 * Writes another blob to fd, the instance's "policy" opened for writing: all of it is in force
 * when this returns 0. Else -1, err says why in words, and the policy before it is in force.
 */
int policy_replace(const struct instance *instance, int fd, const void *blob, size_t size,
		   struct error *err);

#endif
