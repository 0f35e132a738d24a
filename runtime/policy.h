/* SPDX-License-Identifier: GPL-2.0 */
/* Which policy a container gets. */
#ifndef VKERNEL_RUNTIME_POLICY_H
#define VKERNEL_RUNTIME_POLICY_H

#include <jansson.h>
#include <stddef.h>

#include "lib/error.h"

/* Annotation: the path of a policy blob that is taken instead of the bundle's own rules. */
#define ANNOTATION_POLICY "io.vkernel.policy"
/* Annotation: "deny" (the default) or "host": what the container sees of the kernel's log. */
#define ANNOTATION_LOG	  "io.vkernel.log"

/*
 * Makes the blob for the container whose OCI configuration is root: from the annotation, else from
 * the bundle's own linux.seccomp and process.capabilities. The caller frees *blob. Returns 0, or
 * -1 with err set where a rule cannot be enforced: there is no subset.
 */
int policy_for(const json_t *root, const char *id, void **blob, size_t *size, struct error *err);

#endif
