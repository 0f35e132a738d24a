// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/configuration.h"

#include <stddef.h>
#include <string.h>

#define CRUN	"/usr/bin/crun"
#define RUNTIME "/vkernel/bin/vkernel-runtime"
#define LOADED	"/sys/module/vkm"
#define FILES	"/vkernel/share/vkernel-files.apparmor"
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
		.apparmor = true,
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
		.runtime = RUNTIME,
		.seccomp = PROFILE,
		.needs = LOADED,
		.framework = true,
	},
	{
		.name = "crun-apparmor",
		.summary = "crun and, by AppArmor, Docker's default profile with rules for a web "
			   "server",
		.runtime = CRUN,
		.needs = "/sys/kernel/security/apparmor/profiles",
		.files = FILES,
		.apparmor = true,
		.micro_only = true,
	},
	{
		.name = "vkernel-files",
		.summary = "the profile of crun-apparmor, enforced by a virtual kernel instance, "
			   "and nothing else",
		.runtime = RUNTIME,
		.needs = LOADED,
		.files = FILES,
		.framework = true,
		.micro_only = true,
	},
	{
		.name = "vkernel-files-2000",
		.summary = "vkernel-files with 2,000 rules more, for other paths",
		.runtime = RUNTIME,
		.needs = LOADED,
		.files = FILES,
		.rules = 2000,
		.framework = true,
		.micro_only = true,
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
