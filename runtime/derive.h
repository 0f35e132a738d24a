/* SPDX-License-Identifier: GPL-2.0 */
/* Inside the making of policies: from sources and a bundle to a blob, and what is kept of that. */
#ifndef VKERNEL_RUNTIME_DERIVE_H
#define VKERNEL_RUNTIME_DERIVE_H

#include <stdint.h>

#include "runtime/policy.h"

/* What the annotations and settings say, and what the bundle has. */
struct wishes {
	const struct policy_request *request;
	const json_t *seccomp;	  /* linux.seccomp, or NULL */
	uint64_t capabilities;	  /* what the container starts with */
	const char *log, *excess; /* an annotation's, else the settings'; NULL: not said */
	bool own_log, own_excess; /* it is an annotation's */
	bool replace_paths;	  /* masked and read-only paths become rules */
	bool apparmor;		  /* the AppArmor profile is the annotation's */
	const struct sources *sources;
};

/* Reads the words that stand in the bundle and in the settings. */
int wishes_read(const struct policy_request *request, struct wishes *wishes, struct error *err);

/* An annotation's text; NULL where the bundle has none. */
const char *wishes_annotation(const struct policy_request *request, const char *name);

/* linux.seccomp is not there to be looked at: what needs it sets container_policy.wants_all. */
bool wishes_lack_seccomp(const struct wishes *wishes);

/* Makes the blob, or finds it in the cache. */
int derive(const struct wishes *wishes, struct container_policy *made, struct error *err);

/* Takes the only source as it is. */
int take_prepared(const struct wishes *wishes, const struct source *source,
		  struct container_policy *made, struct error *err);

/* Refuses a policy that names private calls, which only an instance built with them has. */
int check_private_calls(const struct policy *policy, struct error *err);

/* Adds linux.seccomp to profile; *added where it is not left to the runtime below. */
int add_bundle_seccomp(const struct wishes *wishes, struct profile *profile, bool *added,
		       struct container_policy *made, struct error *err);

#endif
