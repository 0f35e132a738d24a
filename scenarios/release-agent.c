// SPDX-License-Identifier: GPL-2.0
/*
 * Whoever may write the release_agent of a hierarchy of cgroups runs programs on the host, as in
 * CVE-2022-0492. A hierarchy is mounted directly, and in namespaces of one's own; whether its files
 * could be written is asked by opening them, nothing is written.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/guest/bundle.h"
#include "lib/cleanup.h"
#include "scenarios/scenario.h"

#define HIERARCHY "/run/vkernel-scenario-cgroup"
#define PLACE	  "/tmp/vkernel-scenario"
#define OPTIONS	  "none,name=vkernel-scenario"
#define PROFILE	  "/vkernel/share/vkernel-docker.apparmor"

static int writable(const char *path)
{
	autoclose int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return errno == EROFS ? EACCES : errno;
	return 0;
}

static int mount_here(const char *type, const char *options)
{
	if (mkdir(PLACE, 0700) && errno != EEXIST)
		return errno;
	return mount(type, PLACE, type, 0, options) ? errno : 0;
}

static int own_mounts(int also)
{
	if (unshare(CLONE_NEWNS | also) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return errno;
	return 0;
}

static int write_map(const char *path, const char *text)
{
	autoclose int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 || write(fd, text, strlen(text)) < 0 ? errno : 0;
}

/* Root in a user namespace, whose root is the container's. */
static int own_user(void)
{
	int number;

	if (unshare(CLONE_NEWUSER))
		return errno;
	number = write_map("/proc/self/uid_map", "0 0 1");
	return number ? number : own_mounts(CLONE_NEWCGROUP);
}

static int mounted(void)
{
	int number = own_mounts(0);

	if (!number)
		number = mount_here("cgroup", OPTIONS);
	return number ? number : writable(PLACE "/release_agent");
}

static int mounted_as_own_root(void)
{
	int number = own_user();

	if (!number)
		number = mount_here("cgroup", OPTIONS);
	return number ? number : writable(PLACE "/release_agent");
}

static int new_tree(void)
{
	int number = own_mounts(0);

	if (!number)
		number = mount_here("cgroup2", NULL);
	return number ? number : writable(PLACE "/cgroup.subtree_control");
}

static int tree(void)
{
	return writable("/sys/fs/cgroup/cgroup.subtree_control");
}

static int tree_remounted(void)
{
	int number = own_mounts(0);

	if (number || mount(NULL, "/sys/fs/cgroup", NULL, MS_REMOUNT | MS_BIND, NULL))
		return number ? number : errno;
	return tree();
}

static const struct {
	const char *name;
	int (*go)(void);
} ways[] = {
	{"release_agent", mounted},
	{"release_agent, as root of a user namespace", mounted_as_own_root},
	{"the tree of cgroups", tree},
	{"the tree, remounted", tree_remounted},
	{"the tree, mounted anew", new_tree},
};

static void probe(const char *nonce, const char *argument, struct tries *tries)
{
	(void)nonce;
	(void)argument;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		int status;
		pid_t child = fork();

		if (!child)
			_exit(ways[i].go());
		if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status))
			tries_add(tries, ways[i].name, OUTCOME_BROKEN, "no child that ends");
		else
			tries_add_errno(tries, ways[i].name, WEXITSTATUS(status), EACCES);
	}
}

static int arrange(struct scene *scene, struct error *err)
{
	(void)scene;
	if (mkdir(HIERARCHY, 0700) && errno != EEXIST)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make folder %s",
				       HIERARCHY);
	if (mount("cgroup", HIERARCHY, "cgroup", 0, OPTIONS))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno,
				       "cannot mount a hierarchy of cgroups");
	return 0;
}

static void restore(struct scene *scene)
{
	(void)scene;
	umount2(HIERARCHY, MNT_DETACH);
	rmdir(HIERARCHY);
}

static const char *const capable[] = {BUNDLE_CAPABILITIES_BUT_AUDIT_WRITE, "CAP_AUDIT_WRITE",
				      "CAP_SYS_ADMIN", NULL};

const struct scenario release_agent = {
	.name = "release-agent",
	.group = "files",
	.summary = "write the release_agent of a hierarchy of cgroups, under Docker's file rules",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_BLOCKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.options = {.files = PROFILE},
	.arrange = arrange,
	.probe = probe,
	.restore = restore,
};

const struct scenario release_agent_capable = {
	.name = "release-agent-capable",
	.group = "files",
	.summary = "the same in a container given CAP_SYS_ADMIN",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_BLOCKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.options = {.files = PROFILE, .capabilities = capable},
	.arrange = arrange,
	.probe = probe,
	.restore = restore,
};
