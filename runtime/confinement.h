/* SPDX-License-Identifier: GPL-2.0 */
/* File rules that a bundle asks for: masked and read-only paths, an AppArmor profile. */
#ifndef VKERNEL_RUNTIME_CONFINEMENT_H
#define VKERNEL_RUNTIME_CONFINEMENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "builder/builder.h"
#include "lib/error.h"

/*
 * Annotation: "keep" leaves linux.maskedPaths and readonlyPaths to the runtime below, which mounts
 * something over each; "replace" makes file rules of them, and no mounts. Without it a container that
 * may mount and unmount (CAP_SYS_ADMIN) gets rules, another one mounts.
 */
#define ANNOTATION_PATHS    "io.vkernel.masked-paths"
/* Annotation: the absolute path of an AppArmor profile whose rules the instance enforces. */
#define ANNOTATION_APPARMOR "io.vkernel.apparmor"

/* What the instance takes from the runtime below. */
struct confinement {
	bool paths;    /* linux.maskedPaths, linux.readonlyPaths */
	bool apparmor; /* process.apparmorProfile */
};

/*
 * Adds the rules to profile, which has the seccomp profile and the capabilities already; these are
 * what the container starts with. Returns 0, or -1 with err set.
 */
int confinement_add(const json_t *root, uint64_t capabilities, struct profile *profile,
		    struct confinement *confinement, struct error *err);

#endif
