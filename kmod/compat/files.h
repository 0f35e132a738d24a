/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files as 6.12 has them. Identity-mapped mounts have a type of their own since 6.3, files opened by
 * stacked file systems a path of their own since 6.8, truncation of an open file a check since 6.2;
 * the real dentry behind overlayfs has been asked for in another way since 6.9; vfs_path_lookup() was
 * exported, but not declared, before 6.4; the head by which a dentry is freed was in a union before 7.
 */
#ifndef VKM_COMPAT_FILES_H
#define VKM_COMPAT_FILES_H

#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/version.h>

/* Without the mode COMPAT_FMODE_BACKING or this the next one is NULL. */
static inline bool compat_may_be_behind(const struct file *file)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
	return file->f_inode != file->f_path.dentry->d_inode;
#else
	return false;
#endif
}

/*
 * The dentry of a file that a stacked file system opens behind another, or NULL: before 6.8 the file
 * has the other's path, with its own inode.
 */
static inline struct dentry *compat_dentry_behind(const struct file *file)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
	struct dentry *dentry = file->f_path.dentry;

	if (file->f_inode == dentry->d_inode || !(dentry->d_flags & DCACHE_OP_REAL))
		return NULL;
	return d_real(dentry, file->f_inode);
#else
	return file->f_mode & FMODE_BACKING ? file->f_path.dentry : NULL;
#endif
}

/* The path by which a file was opened, also where the file is what a stacked file system reads. */
static inline const struct path *compat_user_path(const struct file *file)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
	return &file->f_path;
#else
	return file_user_path(file);
#endif
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#define COMPAT_FMODE_BACKING 0
#else
#define COMPAT_FMODE_BACKING FMODE_BACKING
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#define COMPAT_DENTRY_RCU d_u.d_rcu
#else
#define COMPAT_DENTRY_RCU d_rcu
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define COMPAT_TRUNCATE_OF_FILE NULL /* it asks security_path_truncate() */
#else
#define COMPAT_TRUNCATE_OF_FILE "security_file_truncate"
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
int vfs_path_lookup(struct dentry *dentry, struct vfsmount *mnt, const char *name,
		    unsigned int flags, struct path *path);
#endif

/* Whether inode, seen through mnt, belongs to who acts for the current task. */
static inline bool compat_is_owner(const struct vfsmount *mnt, const struct inode *inode)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
	const vfsuid_t owner = i_uid_into_vfsuid(mnt_user_ns(mnt), inode);
#else
	const vfsuid_t owner = i_uid_into_vfsuid(mnt_idmap(mnt), inode);
#endif

	return vfsuid_eq_kuid(owner, current_fsuid());
}

/*
 * What a stacked file system keeps a regular file in, or dentry itself. Where it keeps the bytes
 * elsewhere than the rest (metacopy) this is the rest, since 6.9: it may not have looked for the bytes
 * yet, and warns where it is asked for them and they are not there.
 */
static inline struct dentry *compat_real_dentry(struct dentry *dentry)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
	return d_real(dentry, NULL);
#else
	return d_real(dentry, D_REAL_METADATA);
#endif
}

#endif
