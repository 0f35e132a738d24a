// SPDX-License-Identifier: GPL-2.0
/*
 * What Docker masks and makes read-only in /proc and /sys, opened directly, after remounting and
 * unmounting what lies over it, and through other mounts of the same file systems. Nothing is read
 * but a byte, nothing written.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/guest/bundle.h"
#include "lib/cleanup.h"
#include "scenarios/scenario.h"

#define PLACE "/tmp/vkernel-scenario"

static const struct target {
	const char *system, *rest; /* where the file system is mounted, and the path in it */
	int flags;		   /* what is refused */
} targets[] = {
	{"/proc", "/kcore", O_RDONLY},
	{"/proc", "/keys", O_RDONLY},
	{"/proc", "/timer_list", O_RDONLY},
	{"/proc", "/interrupts", O_RDONLY},
	{"/proc", "/acpi", O_RDONLY | O_DIRECTORY},
	{"/proc", "/scsi", O_RDONLY | O_DIRECTORY},
	{"/sys", "/firmware", O_RDONLY | O_DIRECTORY},
	{"/sys", "/devices/virtual/powercap", O_RDONLY | O_DIRECTORY},
	{"/proc", "/sysrq-trigger", O_WRONLY},
	{"/proc", "/sys/kernel/core_pattern", O_WRONLY},
	{"/proc", "/sys/vm/overcommit_memory", O_WRONLY},
	{"/proc", "/irq/default_smp_affinity", O_WRONLY},
};

/* What lies over a masked path: a null device, or an empty tmpfs. */
static bool is_mask(int fd)
{
	struct stat status;
	struct statfs system;

	if (fstat(fd, &status) || fstatfs(fd, &system))
		return false;
	if (S_ISDIR(status.st_mode))
		return system.f_type == TMPFS_MAGIC;
	return S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
}

/* EACCES for a mask too: what is below it was not reached. */
static int reach(const char *path, int flags)
{
	autoclose int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return errno == EROFS ? EACCES : errno;
	return is_mask(fd) ? EACCES : 0;
}

static int own_mounts(void)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return errno;
	return mkdir(PLACE, 0700) && errno != EEXIST ? errno : 0;
}

static void path_of(const struct target *target, const char *system, char path[128])
{
	snprintf(path, 128, "%s%s", system, target->rest);
}

static int directly(const struct target *target)
{
	char path[128];

	path_of(target, target->system, path);
	return reach(path, target->flags);
}

static int unmounted(const struct target *target)
{
	int number = own_mounts();
	char path[128];

	if (number)
		return number;
	path_of(target, target->system, path);
	while (!umount2(path, MNT_DETACH))
		;
	if (errno == EPERM || errno == EACCES)
		return errno;
	umount2("/proc/sys", MNT_DETACH);
	umount2("/proc/irq", MNT_DETACH);
	return reach(path, target->flags);
}

static int remounted(const struct target *target)
{
	static const char *const folders[] = {"/proc/sys", "/proc/irq", "/proc/sysrq-trigger",
					      "/sys"};
	int number = own_mounts();
	char path[128];

	if (number)
		return number;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (mount(NULL, folders[i], NULL, MS_REMOUNT | MS_BIND, NULL) && errno != EINVAL)
			return errno;
	path_of(target, target->system, path);
	return reach(path, target->flags);
}

static int mounted_anew(const struct target *target)
{
	const char *type = strcmp(target->system, "/proc") ? "sysfs" : "proc";
	int number = own_mounts();
	char path[128];

	if (number || mount(type, PLACE, type, 0, NULL))
		return number ? number : errno;
	path_of(target, PLACE, path);
	return reach(path, target->flags);
}

/* Not with what lies over it: a bind mount that is not recursive leaves that behind. */
static int bound(const struct target *target)
{
	int number = own_mounts();
	char path[128];

	if (number || mount(target->system, PLACE, NULL, MS_BIND, NULL))
		return number ? number : errno;
	path_of(target, PLACE, path);
	return reach(path, target->flags);
}

static const struct {
	const char *name;
	int (*go)(const struct target *target);
} ways[] = {
	{"directly", directly},		 {"after umount", unmounted},
	{"after remounting", remounted}, {"through a mount of its own", mounted_anew},
	{"through a bind mount", bound},
};

static void try_way(struct tries *tries, size_t way, const struct target *target)
{
	char name[128];
	int status;
	pid_t child = fork();

	if (!child)
		_exit(ways[way].go(target));
	snprintf(name, sizeof(name), "%s%s %s %s", target->system, target->rest,
		 target->flags & O_WRONLY ? "written" : "read", ways[way].name);
	if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status))
		tries_add(tries, name, OUTCOME_BROKEN, "no child that ends");
	else
		/* ENOENT: it is masked so well, or this kernel has no such thing; the control tells */
		tries_add_errno(tries, name, WEXITSTATUS(status),
				WEXITSTATUS(status) == ENOENT ? ENOENT : EACCES);
}

static void probe(const char *nonce, const char *argument, struct tries *tries)
{
	(void)nonce;
	(void)argument;
	for (size_t way = 0; way < sizeof(ways) / sizeof(ways[0]); way++)
		for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
			try_way(tries, way, &targets[i]);
	tries_add_must(tries, "reading what is not masked",
		       reach("/proc/sys/kernel/ostype", O_RDONLY) ||
			       reach("/proc/meminfo", O_RDONLY));
}

static const char *const capable[] = {BUNDLE_CAPABILITIES_BUT_AUDIT_WRITE, "CAP_AUDIT_WRITE",
				      "CAP_SYS_ADMIN", NULL};

const struct scenario masked_paths = {
	.name = "masked-paths",
	.group = "files",
	.summary = "open what Docker masks, or write what it makes read-only, in /proc and /sys",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_BLOCKED},
		     {"crun-secure", VERDICT_BLOCKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.probe = probe,
};

const struct scenario masked_paths_capable = {
	.name = "masked-paths-capable",
	.group = "files",
	.summary = "the same in a container that may unmount what lies over them",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_LEAKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.options = {.capabilities = capable},
	.probe = probe,
};
