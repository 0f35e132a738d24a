/* SPDX-License-Identifier: GPL-2.0 */
/* The isolation check: every scenario in every configuration, in one guest. */
#ifndef VKERNEL_HARNESS_ISOLATION_H
#define VKERNEL_HARNESS_ISOLATION_H

#include <stdio.h>

#include "harness/guest_options.h"
#include "lib/error.h"

struct isolation_options {
	struct guest_options guest; /* no figures are read: plain emulation is the fastest */
	const char *only, *config;  /* names with commas between them, or NULL: all */
	FILE *out;		    /* where KTAP and the matrix go */
};

/*
 * Boots a guest, attacks, and writes isolation.json and console.log into folder, which is there.
 * *unexpected is how many verdicts and checks are not the expected ones. Returns 0, or -1 with err
 * set: the guest did not come up or died, and there is no isolation.json.
 */
int isolation_check(const struct isolation_options *options, const char *folder,
		    unsigned int *unexpected, struct error *err);

#endif
