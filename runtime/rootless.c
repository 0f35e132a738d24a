// SPDX-License-Identifier: GPL-2.0
#include "runtime/rootless.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/cleanup.h"

#define ALL_IDS 4294967295u

#define REASON                                                                               \
	"rootless containers are not supported: an instance is a kernel module, which only " \
	"the host's root may load; run it as root, or use crun for this container"

/* Whether the namespace's users are the host's; where there are no user namespaces they are. */
static bool is_initial_namespace(void)
{
	autofclose FILE *map = fopen("/proc/self/uid_map", "re");
	unsigned int first, outside, count;

	if (!map)
		return true;
	return fscanf(map, "%u %u %u", &first, &outside, &count) == 3 && !first && !outside &&
	       count == ALL_IDS;
}

/*
 * Whether the kernel lets this process take away modules, which takes its rights over the host: asked
 * with a name that is none, so that it is refused for that.
 */
static bool rules_modules(void)
{
	return syscall(SYS_delete_module, NULL, O_NONBLOCK) && errno == EFAULT;
}

static bool asks_for_it(const char *rootless)
{
	return rootless &&
	       (!strcmp(rootless, "true") || !strcmp(rootless, "yes") || !strcmp(rootless, "1"));
}

int rootless_check(const struct arguments *arguments, struct error *err)
{
	if (asks_for_it(arguments->rootless))
		return error_set(err, EXIT_ENVIRONMENT, "--rootless %s: " REASON,
				 arguments->rootless);
	if (geteuid())
		return error_set(err, EXIT_ENVIRONMENT, REASON " (this is user %d)", geteuid());
	if (!rules_modules() && !is_initial_namespace())
		return error_set(err, EXIT_ENVIRONMENT,
				 REASON " (this is root in a user namespace only)");
	return 0;
}
