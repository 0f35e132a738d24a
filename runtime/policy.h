/* SPDX-License-Identifier: GPL-2.0 */
/* Which policy a container gets. */
#ifndef VKERNEL_RUNTIME_POLICY_H
#define VKERNEL_RUNTIME_POLICY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "builder/source.h"
#include "lib/error.h"
#include "runtime/settings.h"

/* Annotation: the absolute path of a profile on the host: any source that builder/source.h takes. */
#define ANNOTATION_PROFILE  "io.vkernel.profile"
/* Where an instance module has to lie that it names. */
#define MODULES_FOLDER	    "/etc/vkernel/"
/* Annotation: "private" (the default), "private:SIZE", "deny" or "host": what the container sees as
 * the kernel's log. */
#define ANNOTATION_LOG	    "io.vkernel.log"
/* Annotation: "report" (the default) or "kill": what a program meets that holds a capability beyond
 * those that the container was started with. */
#define ANNOTATION_EXCESS   "io.vkernel.excess"
/*
 * Annotation: "keep" leaves linux.maskedPaths and readonlyPaths to the runtime below, which mounts
 * something over each; "replace" makes file rules of them, and no mounts. Without it a container that
 * may mount and unmount (CAP_SYS_ADMIN) gets rules, another one mounts.
 */
#define ANNOTATION_PATHS    "io.vkernel.masked-paths"
/* Annotation: the absolute path of an AppArmor profile whose rules the instance enforces. */
#define ANNOTATION_APPARMOR "io.vkernel.apparmor"

/* What a policy is made of; all borrowed. */
struct policy_request {
	const json_t *root; /* the container's OCI configuration; policy_known() needs none */
	/*
	 * The texts that cut.h makes of it, or NULL. Where it is not whole, root was made of lean alone:
	 * it lacks seccomp, masked and read-only paths.
	 */
	const char *lean, *seccomp;
	size_t lean_size, seccomp_size;
	bool whole;
	const char *id;
	const struct settings *settings; /* for what no annotation says */
	const char *cache;		 /* the folder of derived policies */
};

/* A container's policy: a blob, or a module that holds it. */
struct container_policy {
	void *blob; /* for the template; NULL where there is a module */
	size_t size;
	void *module; /* NULL, or an instance module that needs only its name */
	size_t module_size;
	/* What the instance enforces and the runtime below is not to do. */
	bool takes_seccomp;  /* all of linux.seccomp; never with settings->keep_seccomp */
	bool takes_paths;    /* linux.maskedPaths, linux.readonlyPaths */
	bool takes_apparmor; /* process.apparmorProfile */
	bool wants_all;	     /* it was not made: root has to have all for that */
	/* Lean, seccomp and the settings say all that there is to it. */
	bool plain;
	uint32_t name_at;  /* where the container's id stands in the blob; 0: nowhere */
	char notice[1024]; /* what the operator is to be told; "": nothing */
};

/*
 * Makes the policy: of the profile that the annotation names, else of the one in the settings, and
 * of the bundle's own linux.seccomp, process.capabilities and paths, each of which must allow what is
 * done. A prepared profile, a blob or a module, is taken as it is. A seccomp profile that asks for
 * what only seccomp can do (a listener, a tracer) is left to the runtime below, whole, and so is one
 * that a prepared profile does not cover: notice says so. Returns 0, or -1 with err set where a rule
 * cannot be enforced: there is no subset. The caller ends it with container_policy_free().
 */
int policy_for(const struct policy_request *request, struct container_policy *policy,
	       struct error *err);

/*
 * Whether the same was made before, for another container, of the same lean text, seccomp and settings:
 * then policy is what policy_for() would make, and the bundle is one that bundle_parse() accepts.
 */
bool policy_known(const struct policy_request *request, struct container_policy *policy);

/* Keeps what policy_for() has made, where it is plain, for policy_known(). */
void policy_remember(const struct policy_request *request, const struct container_policy *policy);

/* How much of a container's id is the policy's name, where no profile says one. */
#define POLICY_ID_SHOWN 64

/* Puts id in place of another one of the same length; false: that does not fit the blob. */
bool policy_rename(struct container_policy *policy, const char *id);

void container_policy_free(struct container_policy *policy);

#endif
