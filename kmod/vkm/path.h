/* SPDX-License-Identifier: GPL-2.0 */
/* The path of a file, as rules name it. */
#ifndef VKM_PATH_H
#define VKM_PATH_H

#include <linux/types.h>

struct path;
struct vkm_names;

/*
 * Finds what the kernel does not export. Returns 0 or -EOPNOTSUPP (the log says what is missing),
 * -ENOMEM. Context: process, may sleep.
 */
int vkm_path_start(void);

/*
 * The path from the root of the mount namespace to path, wherever the task is confined to; a
 * directory's ends with '/'; a deleted file's is the one it had. A mount that is in no namespace
 * (open_tree(2), a lazy umount) counts as the root. Not terminated; in names->path; length is set.
 * NULL: it is on a mount of the kernel's own. -ENAMETOOLONG; -ENOENT where it is not below the root
 * of its mount. Context: any, path held; nothing sleeps.
 */
const char *vkm_path_of(const struct path *path, bool directory, struct vkm_names *names,
			size_t *length);

#endif
