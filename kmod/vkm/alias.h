/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Other names of files.
 *
 * What a rule denies by path shall not be reached by another path: through a bind mount, a renamed
 * directory, a hard link. When a container starts, the places that its deny rules begin with are
 * looked up and their inodes *pinned* under that name. Whatever lies below a pinned inode, or is
 * it, has another name through it: the pin's, and the rest of the way.
 *
 * A pin holds its inode, so that it is not evicted and comes back as another one. It lets go when
 * the file system is shut down (umount), when the file has been deleted and nobody else holds it, and
 * with the instance.
 */
#ifndef VKM_ALIAS_H
#define VKM_ALIAS_H

#include <linux/limits.h>
#include <linux/types.h>
#include <vkernel/files.h>

struct dentry;
struct files;
struct path;
struct super_block;
struct vkm_instance;
struct vkm_rules;

/* Names are written into it from its end. */
struct vkm_names {
	char path[PATH_MAX];
	char other[PATH_MAX];
};

/* What deny rules say of a file's other names. */
struct vkm_aliases {
	/* asked */
	struct vkm_instance *instance;
	const struct files *files;
	enum policy_subject subject;
	u16 permissions;
	u16 instead; /* as in struct vkm_question */

	/* found */
	u16 denied[POLICY_SUBJECTS];
	const struct policy_accept *accept; /* what denies a permission, or NULL */
	const char *name; /* under which it does, in names->other; not terminated */
	size_t length;
};

/*
 * Pins what rules need, seen from the root of the mount namespace that `from` lies in. Names that
 * lead nowhere, or over symbolic links, which no path ever does, have no pin. Pins that are there
 * already stay, also where this fails. Returns 0, or -ENOMEM, also where there are too many.
 * Context: process, sleeps; instance->exchange held, which keeps rules.
 */
int vkm_alias_pin(struct vkm_instance *instance, const struct vkm_rules *rules,
		  const struct path *from);

/* Drops the pins of instance. Context: process, sleeps. */
void vkm_alias_drop(struct vkm_instance *instance);

/* Drops the pins of inodes that have been deleted. Context: process, sleeps. */
void vkm_alias_drop_deleted(void);

/*
 * Asks about the other names of dentry, which the caller holds; real is what lies behind it, or the
 * same. Stops at the first name that, with those before it, denies one of aliases->permissions to
 * aliases->subject, and one of aliases->instead where that is not 0. Returns 0, or -ENAMETOOLONG
 * where a name does not fit into names->other. Context: task; nothing sleeps.
 */
int vkm_alias_ask(struct vkm_aliases *aliases, struct dentry *dentry, struct dentry *real,
		  bool directory, struct vkm_names *names);

/*
 * Writes the way from top (above dentry, or it) to dentry, each name with a '/' before it, to the
 * end of buffer (size bytes). Returns its first byte, or NULL where it does not fit or top is not
 * above. Context: any, dentry held; nothing sleeps.
 */
char *vkm_alias_way(struct dentry *dentry, const struct dentry *top, char *buffer, size_t size);

/* When this returns no vkm_alias_shut_down() runs. Its hook is gone. Context: process, sleeps. */
void vkm_alias_stop(void);

#endif
