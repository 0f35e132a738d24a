// SPDX-License-Identifier: GPL-2.0
#include "scenarios/denied.h"

#include "harness/guest/bundle.h"
#include "harness/guest/dockerprofile.h"

/* That of the first configuration which has one. */
static json_t *profile(struct error *err)
{
	for (unsigned int i = 0; i < configurations_count; i++)
		if (configurations[i].seccomp)
			return dockerprofile_load(configurations[i].seccomp, bundle_capabilities,
						  err);
	error_set(err, EXIT_ENVIRONMENT, "no configuration has a seccomp profile");
	return NULL;
}

int denied_letters(enum entry entry, char letters[CALLS_MAX + 1], struct error *err)
{
	json_t *seccomp = profile(err);
	bool allowed[CALLS_MAX], conditional[CALLS_MAX];

	if (!seccomp)
		return -1;
	calls_allowed(seccomp, entry, allowed);
	calls_conditional(seccomp, entry, conditional);
	json_decref(seccomp);
	for (int i = 0; i < CALLS_MAX; i++)
		letters[i] = allowed[i] ? 'a' : conditional[i] ? 'c' : 'd';
	letters[CALLS_MAX] = '\0';
	return 0;
}
