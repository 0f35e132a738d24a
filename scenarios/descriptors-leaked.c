// SPDX-License-Identifier: GPL-2.0
/*
 * A descriptor of the host's that reaches a container's program is a way out of it, as in
 * CVE-2024-21626. The runtime is started with one that leads to the host's root folder, as a
 * careless engine would; whatever else the program holds beyond the standard three is the
 * runtime's own.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scenarios/scenario.h"

#define LEAKED 20 /* the number that arrange() gives its descriptor */

static void add_name(char list[256], const char *number)
{
	char path[64], target[128];
	size_t used = strlen(list);
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/self/fd/%.8s", number);
	length = readlink(path, target, sizeof(target) - 1);
	target[length < 0 ? 0 : length] = '\0';
	snprintf(list + used, 256 - used, "%s%.8s: %s", used ? ", " : "", number, target);
}

static void try_list(struct tries *tries)
{
	static const char name[] = "a descriptor beyond the standard ones";
	DIR *folder = opendir("/proc/self/fd");
	struct dirent *entry;
	char list[256] = "";

	if (!folder) {
		tries_add(tries, name, OUTCOME_BROKEN, "%s", errno_name(errno));
		return;
	}
	while ((entry = readdir(folder)))
		if (atoi(entry->d_name) > 2 && atoi(entry->d_name) != dirfd(folder))
			add_name(list, entry->d_name);
	closedir(folder);
	tries_add(tries, name, *list ? OUTCOME_REACHED : OUTCOME_REFUSED, "%s",
		  *list ? list : "there is none");
}

static void probe(const char *nonce, const char *argument, struct tries *tries)
{
	(void)nonce;
	(void)argument;
	try_list(tries);
	tries_add_errno(tries, "the host's root folder",
			openat(LEAKED, "etc", O_RDONLY | O_DIRECTORY | O_CLOEXEC) < 0 ? errno : 0,
			EBADF);
}

static int arrange(struct scene *scene, struct error *err)
{
	int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int number;

	(void)scene;
	if (fd < 0 || dup2(fd, LEAKED) < 0) {
		number = errno;
		close(fd);
		return error_set_errno(err, EXIT_ENVIRONMENT, number, "cannot leak a descriptor");
	}
	close(fd);
	return 0;
}

static void restore(struct scene *scene)
{
	(void)scene;
	close(LEAKED);
}

const struct scenario descriptors_leaked = {
	.name = "descriptors-leaked",
	.group = "descriptors",
	.summary = "find a descriptor that leads out of the container",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_BLOCKED},
		     {"crun-secure", VERDICT_BLOCKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.arrange = arrange,
	.probe = probe,
	.restore = restore,
};

const struct scenario descriptors_leaked_exec = {
	.name = "descriptors-leaked-exec",
	.group = "descriptors",
	.summary = "the same, from a process that came into the container by exec",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_BLOCKED},
		     {"crun-secure", VERDICT_BLOCKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.entered = true,
	.arrange = arrange,
	.probe = probe,
	.restore = restore,
};
