// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/mounts.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOT_DRIVE   "/dev/vda"
#define NEW_ROOT     "/root"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct mount_row {
	const char *type;
	const char *target;
	unsigned long flags;
	const char *options;
	bool optional; /* a kernel may not have it */
};

#define NO_PROGRAMS (MS_NOSUID | MS_NOEXEC | MS_NODEV)

static const struct mount_row early[] = {
	{.type = "proc", .target = "/proc", .flags = NO_PROGRAMS},
	{.type = "sysfs", .target = "/sys", .flags = NO_PROGRAMS},
	{.type = "devtmpfs", .target = "/dev", .flags = MS_NOSUID, .options = "mode=0755"},
};

static const char *const taken_along[] = {"/proc", "/sys", "/dev"};

static const struct mount_row late[] = {
	{.type = "devpts",
	 .target = "/dev/pts",
	 .flags = MS_NOSUID | MS_NOEXEC,
	 .options = "gid=5,mode=620,ptmxmode=666"},
	{.type = "tmpfs", .target = "/dev/shm", .flags = MS_NOSUID | MS_NODEV},
	{.type = "mqueue", .target = "/dev/mqueue", .flags = NO_PROGRAMS},
	{.type = "tmpfs", .target = "/run", .flags = MS_NOSUID | MS_NODEV, .options = "mode=0755"},
	{.type = "tmpfs", .target = "/tmp", .flags = MS_NOSUID | MS_NODEV},
	{.type = "cgroup2", .target = "/sys/fs/cgroup", .flags = NO_PROGRAMS},
	{.type = "securityfs", .target = "/sys/kernel/security", .flags = NO_PROGRAMS},
	{.type = "tracefs", .target = "/sys/kernel/tracing", .flags = NO_PROGRAMS},
	{.type = "bpf", .target = "/sys/fs/bpf", .flags = NO_PROGRAMS, .optional = true},
};

static int mount_rows(const struct mount_row *rows, size_t count, struct error *err)
{
	for (const struct mount_row *row = rows; row < rows + count; row++) {
		mkdir(row->target, 0755);
		if (mount(row->type, row->target, row->type, row->flags, row->options) < 0 &&
		    !row->optional)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno, "mounting %s on %s",
					       row->type, row->target);
	}
	return 0;
}

int mount_early(struct error *err)
{
	return mount_rows(early, COUNT(early), err);
}

static int move_mount_to_root(const char *source, unsigned long flags, struct error *err)
{
	char target[64] = NEW_ROOT;

	strncat(target, source, sizeof(target) - sizeof(NEW_ROOT));
	mkdir(target, 0755);
	if (mount(source, target, NULL, flags, NULL) < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "moving %s to %s", source,
				       target);
	return 0;
}

static int mount_root_drive(struct error *err)
{
	mkdir(NEW_ROOT, 0755);
	for (int try = 0; access(ROOT_DRIVE, F_OK) < 0; try++) {
		if (try == 500)
			return error_set(err, EXIT_ENVIRONMENT, "no root drive %s", ROOT_DRIVE);
		usleep(10000);
	}
	if (mount(ROOT_DRIVE, NEW_ROOT, "ext4", 0, NULL) < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "mounting " ROOT_DRIVE);
	return 0;
}

int enter_root_drive(struct error *err)
{
	if (mount_root_drive(err) < 0)
		return -1;
	for (size_t i = 0; i < COUNT(taken_along); i++) {
		if (move_mount_to_root(taken_along[i], MS_MOVE, err) < 0)
			return -1;
	}
	if (move_mount_to_root("/vkernel", MS_BIND, err) < 0)
		return -1;
	if (chdir(NEW_ROOT) < 0 || mount(".", "/", NULL, MS_MOVE, NULL) < 0 || chroot(".") < 0 ||
	    chdir("/") < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "making the drive the root");
	return 0;
}

int mount_late(struct error *err)
{
	/* As with a system's own init: runtimes make their mounts private themselves. */
	if (mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL) < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "making mounts shared");
	return mount_rows(late, COUNT(late), err);
}
