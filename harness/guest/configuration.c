// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/configuration.h"

#include <stddef.h>
#include <string.h>

/* What rows share. */
#define CRUN	"/usr/bin/crun"
#define RUNC	"/usr/bin/runc"
#define RUNSC	"/usr/bin/runsc"
#define RUNTIME "/vkernel/bin/vkernel-runtime"
#define LOADED	"/sys/module/vkm"
#define FILES	"/vkernel/share/vkernel-files.apparmor"
#define DOCKER	"/vkernel/share/vkernel-docker.apparmor"
#define PROFILE "/usr/share/containers/seccomp.json" /* golang-github-containers-common */

/* One file each; the order is the tables'. */
const struct configuration configurations[] = {
#include "harness/guest/configurations/native.h"
#include "harness/guest/configurations/runc.h"
#include "harness/guest/configurations/runc-secure.h"
#include "harness/guest/configurations/crun.h"
#include "harness/guest/configurations/crun-secure.h"
#include "harness/guest/configurations/crun-secure-tree.h"
#include "harness/guest/configurations/vkernel.h"
#include "harness/guest/configurations/vkernel-secure.h"
#include "harness/guest/configurations/gvisor.h"
#include "harness/guest/configurations/kata.h"
#include "harness/guest/configurations/crun-apparmor.h"
#include "harness/guest/configurations/vkernel-files.h"
#include "harness/guest/configurations/vkernel-files-2000.h"
};

const unsigned int configurations_count = sizeof(configurations) / sizeof(*configurations);

const struct configuration *configuration_find(const char *name)
{
	for (unsigned int i = 0; i < configurations_count; i++)
		if (!strcmp(configurations[i].name, name))
			return &configurations[i];
	return NULL;
}
