// SPDX-License-Identifier: GPL-2.0
#include "path.h"

#include <linux/anon_inodes.h>
#include <linux/array_size.h>
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/mount.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>

#include "alias.h"
#include "symbol.h"

static struct vkm_symbol absolute_path = {.name = "d_absolute_path"};

/*
 * The kernel's own mounts (overlayfs looks through them at its layers) have an error pointer in
 * place of their namespace. Where that pointer lies behind the struct vfsmount is no interface:
 * it is found by a mount whose namespace is known, and tried on one of the kernel's own.
 */
static size_t namespace_offset; /* bytes from the struct vfsmount */

#define NAMESPACE_WITHIN 256 /* bytes: well inside the structure */

static const void *namespace_of(const struct vfsmount *mnt)
{
	return READ_ONCE(*(void **)((char *)mnt + namespace_offset));
}

static bool is_kernels(const struct vfsmount *mnt)
{
	return IS_ERR(namespace_of(mnt));
}

/* How often it is found, which should be once. */
static unsigned int find_namespace(const struct vfsmount *mnt, const void *ns)
{
	unsigned int found = 0;
	size_t offset;

	for (offset = sizeof(*mnt); offset < NAMESPACE_WITHIN; offset += sizeof(void *)) {
		if (*(void **)((char *)mnt + offset) == ns) {
			namespace_offset = offset;
			found++;
		}
	}
	return found;
}

/* The file goes later, maybe after a module that cannot start: its operations are the kernel's. */
static int try_namespace(void)
{
	struct file *file = anon_inode_getfile("[vkm]", &generic_ro_fops, NULL, O_RDONLY);
	bool holds;

	if (IS_ERR(file))
		return PTR_ERR(file);
	holds = is_kernels(file->f_path.mnt);
	fput(file);
	return holds ? 0 : -EOPNOTSUPP;
}

static int start_namespace(void)
{
	struct path root;
	unsigned int found;
	int error = -EOPNOTSUPP;

	get_fs_root(current->fs, &root);
	found = find_namespace(root.mnt, current->nsproxy->mnt_ns);
	if (found == 1 && !is_kernels(root.mnt))
		error = try_namespace();
	path_put(&root);
	if (error == -EOPNOTSUPP)
		pr_err("cannot tell the kernel's own mounts (%u places fit); this kernel is not "
		       "supported\n",
		       found);
	return error;
}

int vkm_path_start(void)
{
	int error = vkm_symbols_find(&absolute_path, 1);

	return error ? error : start_namespace();
}

/* A directory's path ends with a '/', for which there is room. */
static const char *finish(const char *start, char *end, bool directory, size_t *length)
{
	if (directory && (end == start || end[-1] != '/'))
		*end++ = '/';
	*length = end - start;
	return start;
}

static const char *from_mount(const struct path *path, bool directory, struct vkm_names *names,
			      size_t *length)
{
	char *const end = names->path + sizeof(names->path) - 1;
	const char *way;

	if (is_kernels(path->mnt))
		return NULL;
	if (!is_subdir(path->dentry, path->mnt->mnt_root))
		return ERR_PTR(-ENOENT);
	way = vkm_alias_way(path->dentry, path->mnt->mnt_root, names->path, end - names->path);
	return way ? finish(way, end, directory, length) : ERR_PTR(-ENAMETOOLONG);
}

/* d_absolute_path() puts a zero where a directory gets its '/'. */
const char *vkm_path_of(const struct path *path, bool directory, struct vkm_names *names,
			size_t *length)
{
	const size_t size = sizeof(names->path) - 1;
	const char *start = (const char *)vkm_call((unsigned long)path, (unsigned long)names->path,
						   size, absolute_path.site);

	if (!IS_ERR(start))
		return finish(start, names->path + size - 1, directory, length);
	if (PTR_ERR(start) != -EINVAL)
		return ERR_PTR(-ENAMETOOLONG);
	return from_mount(path, directory, names, length);
}
