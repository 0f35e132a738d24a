/* SPDX-License-Identifier: GPL-2.0 */
/* One AppArmor profile given to AppArmor, or made into a policy for an instance. */
#ifndef VKERNEL_HARNESS_GUEST_FILEPROFILE_H
#define VKERNEL_HARNESS_GUEST_FILEPROFILE_H

#include <stdio.h>

#include "harness/guest/configuration.h"
#include "lib/error.h"

/* What a bundle names; both are the caller's, and at most one is set. */
struct fileprofile {
	char *apparmor; /* the name of the loaded profile */
	char *policy;	/* the path of the policy */
};

/*
 * Makes the file rules of configuration, or the launch's own, ready to be named by a bundle: loads
 * them with apparmor_parser, or builds them with `vkernel build`, together with the configuration's
 * filter, if it has one. What was made once in this boot is taken again. Neither is set where the
 * configuration has no rules or nobody to enforce them. Returns 0, or -1 with err set.
 */
int fileprofile_prepare(const struct configuration *configuration,
			const struct launch_options *options, struct fileprofile *made,
			struct error *err);

void fileprofile_free(struct fileprofile *made);

/*
 * Writes text, a profile that ends with the line "}", to out with `more` file rules before that
 * line. The same number gives the same rules; none of them is for a path that exists in a guest.
 * Returns 0, or -1 with err set (EXIT_USAGE: text does not end so).
 */
int fileprofile_fill(FILE *out, const char *text, unsigned int more, struct error *err);

#endif
