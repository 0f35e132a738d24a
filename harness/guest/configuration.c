// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/configuration.h"

#include <stddef.h>
#include <string.h>

#define CRUN	"/usr/bin/crun"
#define PROFILE "/usr/share/containers/seccomp.json" /* golang-github-containers-common */

const struct configuration configurations[] = {
	{
		.name = "native",
		.summary = "no container: the program runs directly in the guest",
	},
	{
		.name = "crun",
		.summary = "crun, Docker's capabilities and paths, no system-call filter",
		.runtime = CRUN,
		.needs = CRUN,
	},
	{
		.name = "crun-secure",
		.summary = "crun, the same and Debian's default seccomp profile for containers, in "
			   "the form that crun and runc give it: one comparison after the other",
		.runtime = CRUN,
		.seccomp = PROFILE,
		.needs = CRUN,
	},
	{
		.name = "crun-secure-tree",
		.summary = "crun-secure with the profile as libseccomp's binary tree, which crun "
			   "takes "
			   "by an annotation",
		.runtime = CRUN,
		.seccomp = PROFILE,
		.needs = CRUN,
		.tree = true,
		.micro_only = true,
	},
	{
		.name = "vkernel",
		.summary = "the bundle of crun-secure, enforced by a virtual kernel instance",
		.runtime = "/vkernel/bin/vkernel-runtime",
		.seccomp = PROFILE,
		.needs = "/sys/module/vkm",
		.framework = true,
	},
};

const unsigned int configurations_count = sizeof(configurations) / sizeof(*configurations);

const struct configuration *configuration_find(const char *name)
{
	for (unsigned int i = 0; i < configurations_count; i++)
		if (!strcmp(configurations[i].name, name))
			return &configurations[i];
	return NULL;
}
