/* SPDX-License-Identifier: GPL-2.0 */
/* Which policy a container gets. */
#ifndef VKERNEL_RUNTIME_POLICY_H
#define VKERNEL_RUNTIME_POLICY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"

/* Annotation: the path of a policy blob that is taken instead of the bundle's own rules. */
#define ANNOTATION_POLICY "io.vkernel.policy"
/* Annotation: "deny" (the default) or "host": what the container sees of the kernel's log. */
#define ANNOTATION_LOG	  "io.vkernel.log"

/* A container's policy; the holder frees blob. */
struct container_policy {
	void *blob;
	size_t size;
	bool restricts_calls; /* has an x86-64 table, which takes the place of linux.seccomp */
};

/*
 * Makes the policy for the container whose OCI configuration is root: from the annotation, else
 * from the bundle's own linux.seccomp and process.capabilities. Returns 0, or -1 with err set
 * where a rule cannot be enforced: there is no subset.
 */
int policy_for(const json_t *root, const char *id, struct container_policy *policy,
	       struct error *err);

#endif
