/* SPDX-License-Identifier: GPL-2.0 */
/* Which policy a container gets. */
#ifndef VKERNEL_RUNTIME_POLICY_H
#define VKERNEL_RUNTIME_POLICY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"
#include "runtime/confinement.h"

/*
 * Annotation: the path of a policy blob that is taken instead of the bundle's own rules, or of an
 * instance module with private calls (vkernel build --with), which has its policy in it.
 */
#define ANNOTATION_PROFILE "io.vkernel.profile"
/* Annotation: "private" (the default), "private:SIZE", "deny" or "host": what the container sees as
 * the kernel's log. */
#define ANNOTATION_LOG	   "io.vkernel.log"
/* Annotation: "report" (the default) or "kill": what a program meets that holds a capability beyond
 * those that the container was started with. */
#define ANNOTATION_EXCESS  "io.vkernel.excess"

/* A container's policy: a blob, or a module that holds it. */
struct container_policy {
	void *blob; /* for the template; NULL where there is a module */
	size_t size;
	void *module; /* NULL, or an instance module that needs only its name */
	size_t module_size;
	bool restricts_calls;	  /* has an x86-64 table, which takes the place of linux.seccomp */
	struct confinement takes; /* what else the runtime below is not to do */
	char notice[1024];	  /* what the operator is to be told; "": nothing */
};

/*
 * Makes the policy for the container whose OCI configuration is root: from the annotation, else
 * from the bundle's own linux.seccomp, process.capabilities and what confinement.h says. A seccomp profile that asks for
 * what only seccomp can do (a listener, a tracer) is left to the runtime below, whole, and the
 * policy has no system-call tables: notice says so. Returns 0, or -1 with err set where a rule
 * cannot be enforced: there is no subset. The caller ends it with container_policy_free().
 */
int policy_for(const json_t *root, const char *id, struct container_policy *policy,
	       struct error *err);

void container_policy_free(struct container_policy *policy);

#endif
