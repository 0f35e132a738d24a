/* SPDX-License-Identifier: GPL-2.0 */
/* One AppArmor profile given to AppArmor, or made into a policy for an instance. */
#ifndef VKERNEL_HARNESS_GUEST_FILEPROFILE_H
#define VKERNEL_HARNESS_GUEST_FILEPROFILE_H

#include <stdio.h>

#include "harness/guest/bundle.h"
#include "harness/guest/configuration.h"
#include "lib/error.h"

/* What a bundle names: at most one is set. */
struct fileprofile {
	char *apparmor; /* the name of the loaded profile, the caller's */
	char *policy;	/* the path of the policy, the caller's */
	const char
		*rules; /* the path of the profile from which the runtime derives one; borrowed */
};

/*
 * Makes file rules ready to be named by a bundle: those of the launch's options, else the
 * configuration's. They are loaded with apparmor_parser, or built with `vkernel build`, together with
 * request's capabilities and seccomp rules where it has the latter, else alone. What depends on
 * nothing but the configuration is made once in a boot. None is set where there are no rules, or
 * nobody to enforce them. Returns 0, or -1 with err set.
 */
int fileprofile_prepare(const struct configuration *configuration,
			const struct launch_options *options, const struct bundle_request *request,
			struct fileprofile *made, struct error *err);

void fileprofile_free(struct fileprofile *made);

/*
 * Writes text, a profile that ends with the line "}", to out with `more` file rules before that
 * line. The same number gives the same rules; none of them is for a path that exists in a guest.
 * Returns 0, or -1 with err set (EXIT_USAGE: text does not end so).
 */
int fileprofile_fill(FILE *out, const char *text, unsigned int more, struct error *err);

#endif
