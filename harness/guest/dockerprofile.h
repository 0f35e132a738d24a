/* SPDX-License-Identifier: GPL-2.0 */
/* A seccomp profile in Docker's form, made into the form that an OCI runtime reads. */
#ifndef VKERNEL_HARNESS_GUEST_DOCKERPROFILE_H
#define VKERNEL_HARNESS_GUEST_DOCKERPROFILE_H

#include <jansson.h>

#include "lib/error.h"

/* What `includes` and `excludes` are compared with. */
struct dockerprofile_target {
	const char *const *capabilities; /* NULL-terminated names: the bounding set */
	const char *arch;		 /* as Go names it: "amd64" */
	const char *kernel;		 /* uname -r, for minKernel */
};

/*
 * Returns the value of an OCI configuration's linux.seccomp: the rules that apply to target, in
 * the profile's order, and the architectures that the profile maps target's to. path is for
 * messages only. Returns NULL with err set (EXIT_USAGE) where the profile has a part that is
 * not understood. The caller owns the value; profile is not changed.
 */
json_t *dockerprofile_resolve(const json_t *profile, const struct dockerprofile_target *target,
			      const char *path, struct error *err);

/*
 * Reads the profile at path (the guest's) and resolves it for a container with these
 * capabilities (NULL-terminated names) on the running kernel. Returns NULL with err set:
 * EXIT_ENVIRONMENT where it cannot be read, EXIT_USAGE with line and column where it is wrong.
 */
json_t *dockerprofile_load(const char *path, const char *const *capabilities, struct error *err);

/*
 * Lets rules, a JSON list in OCI form, take the place of everything that seccomp (as resolved)
 * says of the calls that they name. Returns 0, or -1 with err set (EXIT_USAGE) and seccomp
 * unchanged where the text is no such list.
 */
int dockerprofile_override(json_t *seccomp, const char *rules, struct error *err);

#endif
