// SPDX-License-Identifier: GPL-2.0
#include "place.h"

#include <linux/array_size.h>
#include <linux/fs.h>
#include <linux/magic.h>

/* As fs/configfs and fs/fuse have them, for themselves. */
#define CONFIGFS_MAGIC 0x62656570
#define FUSECTL_MAGIC  0x65735543

const char *vkm_usual_place(const struct super_block *sb)
{
	static const struct {
		unsigned long magic;
		const char *place;
	} places[] = {
		{PROC_SUPER_MAGIC, "/proc"},
		{SYSFS_MAGIC, "/sys"},
		{CGROUP2_SUPER_MAGIC, "/sys/fs/cgroup"},
		{CGROUP_SUPER_MAGIC, "/sys/fs/cgroup"},
		{SECURITYFS_MAGIC, "/sys/kernel/security"},
		{DEBUGFS_MAGIC, "/sys/kernel/debug"},
		{TRACEFS_MAGIC, "/sys/kernel/tracing"},
		{CONFIGFS_MAGIC, "/sys/kernel/config"},
		{SELINUX_MAGIC, "/sys/fs/selinux"},
		{PSTOREFS_MAGIC, "/sys/fs/pstore"},
		{RDTGROUP_SUPER_MAGIC, "/sys/fs/resctrl"},
		{FUSECTL_MAGIC, "/sys/fs/fuse/connections"},
		{EFIVARFS_MAGIC, "/sys/firmware/efi/efivars"},
		{BINFMTFS_MAGIC, "/proc/sys/fs/binfmt_misc"},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++)
		if (places[i].magic == sb->s_magic)
			return places[i].place;
	return NULL;
}
