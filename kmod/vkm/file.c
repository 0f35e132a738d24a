// SPDX-License-Identifier: GPL-2.0
/*
 * What tasks of a container do with files, asked where the kernel asks its own security modules.
 * What is remembered is answered without looking at a path.
 */
#include <linux/binfmts.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/mm_types.h>
#include <linux/mman.h>
#include <linux/mount.h>
#include <linux/personality.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/stat.h>
#include <uapi/linux/fs.h>
#include <compat/files.h>

#include "dispatch.h"
#include "identity.h"
#include "instance.h"
#include "judge.h"
#include "memory.h"

/* Without file rules there is no memory, and nothing to ask. */
static __always_inline bool is_settled(struct vkm_memory *memory, const struct path *path,
				       unsigned int permissions)
{
	return !memory || !(permissions & ~vkm_remembered(memory, path, POLICY_SUBJECTS));
}

/*
 * instance is NULL where the task exits: it may have given up its PID, and then is nobody's. Nothing
 * keeps the instance while memory is waited for.
 */
static long ask(struct vkm_instance *instance, const struct vkm_question *question)
{
	long answer = VKM_PASS;

	if (instance)
		return vkm_judge(instance, question, GFP_KERNEL);
	rcu_read_lock();
	instance = vkm_instance_of(current);
	if (instance && READ_ONCE(instance->memory))
		answer = vkm_judge(instance, question, GFP_ATOMIC | __GFP_NOWARN);
	rcu_read_unlock();
	return answer;
}

/* Whether it is remembered to be allowed to the file's owner, or to others, who asks. */
static bool is_settled_for(struct vkm_memory *memory, const struct path *path,
			   unsigned int permissions)
{
	const bool owns = compat_is_owner(path->mnt, d_inode(path->dentry));
	const enum policy_subject subject = owns ? POLICY_OWNER : POLICY_OTHERS;

	return !(permissions & ~vkm_remembered(memory, path, subject));
}

/* Out of line: what is settled needs none of this. */
static noinline long ask_path(struct vkm_instance *instance, const char *operation,
			      const struct path *path, unsigned int permissions)
{
	const struct inode *inode = d_inode(path->dentry);
	const struct vkm_question question = {
		.operation = operation,
		.path = *path,
		.owned = inode,
		.permissions = permissions,
		.directory = inode && S_ISDIR(inode->i_mode),
	};

	if (!permissions || (instance && is_settled_for(instance->memory, path, permissions)))
		return VKM_PASS;
	return ask(instance, &question);
}

static __always_inline long enter(struct vkm_instance *instance, const char *operation,
				  const struct path *path, unsigned int permissions)
{
	if (likely(instance) && likely(is_settled(READ_ONCE(instance->memory), path, permissions)))
		return VKM_PASS;
	return ask_path(instance, operation, path, permissions);
}

/* A name in a directory: of something that is there, or will be. */
static long enter_name(struct vkm_instance *instance, const char *operation, const struct path *at,
		       struct dentry *dentry, const struct inode *owned, bool directory,
		       unsigned int permissions)
{
	const struct vkm_question question = {
		.operation = operation,
		.path = {.mnt = at->mnt, .dentry = dentry},
		.owned = owned,
		.permissions = permissions,
		.directory = directory,
	};

	if (instance && !READ_ONCE(instance->memory))
		return VKM_PASS;
	return ask(instance, &question);
}

/* Opened by execve(2) or uselib(2), see open_to_execute(). */
static bool is_for_exec(const struct file *file)
{
	return file->f_flags & __FMODE_EXEC;
}

/*
 * What a descriptor can be used for. The access mode 3 is for ioctl(2) alone, and wants both to be
 * permitted.
 */
static unsigned int permissions_of(const struct file *file)
{
	const unsigned int mode = (__force unsigned int)file->f_mode;
	unsigned int permissions = mode & (POLICY_FILE_READ | POLICY_FILE_WRITE);

	if (!permissions && !(file->f_flags & O_PATH) && (file->f_flags & O_ACCMODE) == O_ACCMODE)
		return POLICY_FILE_READ | POLICY_FILE_WRITE;
	if (file->f_flags & O_APPEND && permissions & POLICY_FILE_WRITE)
		permissions ^= POLICY_FILE_WRITE | POLICY_FILE_APPEND;
	if (file->f_flags & O_TRUNC)
		permissions |= POLICY_FILE_WRITE;
	return permissions;
}

/*
 * Of what execve(2) opens only the program and what interprets a script is asked about when it is
 * executed. The interpreter that a program names, and a library of uselib(2), are just opened and
 * mapped: they need what the program could do to the same end, or x.
 */
static long open_to_execute(const struct file *file, struct vkm_instance *instance)
{
	const struct path *path = &file->f_path;
	const struct inode *inode = d_inode(path->dentry);
	const struct vkm_question question = {
		.operation = "exec",
		.path = *path,
		.owned = inode,
		.permissions = POLICY_FILE_EXECUTE,
		.instead = POLICY_FILE_READ | POLICY_FILE_MAP,
	};

	if (instance && is_settled(READ_ONCE(instance->memory), path, question.permissions))
		return VKM_PASS;
	if (instance && is_settled(READ_ONCE(instance->memory), path, question.instead))
		return VKM_PASS;
	return ask(instance, &question);
}

/* What lies at the very bottom of the file in front was asked about with that (alias.h). */
static bool was_asked(const struct file *file, const struct dentry *dentry)
{
	return !dentry->d_sb->s_stack_depth &&
	       compat_real_dentry(compat_user_path(file)->dentry) == dentry;
}

/*
 * The file that the kernel opens behind one that was asked about. It has names of its own where it is
 * a stacked file itself (a container put an overlay on its own), where overlayfs keeps only the bytes
 * there, and where a FUSE server has named it, which need not have been able to open it.
 */
static long open_behind(struct file *file, struct dentry *dentry, struct vkm_instance *instance)
{
	const struct vkm_question question = {
		.operation = "open",
		.path = {.mnt = file->f_path.mnt, .dentry = dentry},
		.owned = d_inode(dentry),
		.permissions = is_for_exec(file) ? POLICY_FILE_EXECUTE : permissions_of(file),
		.behind = true,
	};

	if (was_asked(file, dentry) || (instance && !READ_ONCE(instance->memory)))
		return VKM_PASS;
	return ask(instance, &question);
}

static noinline long open_slowly(struct file *file, struct vkm_instance *instance)
{
	struct dentry *behind = compat_dentry_behind(file);

	if (behind)
		return open_behind(file, behind, instance);
	if (is_for_exec(file))
		return open_to_execute(file, instance);
	return enter(instance, "open", &file->f_path, permissions_of(file));
}

/* Most openings only read or write, and are settled: one function without a frame. */
notrace long vkm_enter_file_open(struct file *file, struct vkm_instance *instance)
{
	const unsigned int mode =
		(__force unsigned int)(FMODE_READ | FMODE_WRITE | COMPAT_FMODE_BACKING);
	const unsigned int permissions = (__force unsigned int)file->f_mode & mode;

	static_assert((__force unsigned int)FMODE_READ == POLICY_FILE_READ);
	static_assert((__force unsigned int)FMODE_WRITE == POLICY_FILE_WRITE);
	if (likely(instance && permissions && !compat_may_be_behind(file) &&
		   !(file->f_flags & (O_APPEND | O_TRUNC | __FMODE_EXEC)) &&
		   is_settled(instance->memory, &file->f_path, permissions)))
		return VKM_PASS;
	return open_slowly(file, instance);
}

long vkm_enter_file_receive(struct file *file, struct vkm_instance *instance)
{
	return enter(instance, "receive", &file->f_path, permissions_of(file));
}

long vkm_enter_exec(struct linux_binprm *bprm, struct vkm_instance *instance)
{
	return enter(instance, "exec", &bprm->file->f_path, POLICY_FILE_EXECUTE);
}

/* A personality makes all that is readable executable, but on mounts without programs. */
static bool maps_executable(const struct path *path, unsigned long protection)
{
	if (protection & PROT_EXEC)
		return true;
	return protection & PROT_READ && current->personality & READ_IMPLIES_EXEC &&
	       !(path->mnt->mnt_flags & MNT_NOEXEC) &&
	       !(path->dentry->d_sb->s_iflags & SB_I_NOEXEC);
}

/* Opened to append, which may be all that is permitted. */
static bool only_appends(const struct file *file)
{
	return file->f_flags & O_APPEND && file->f_mode & FMODE_WRITE;
}

/* What is mapped of a stacked file system is a file behind it: the path is that of the one in front. */
static long enter_map(struct file *file, unsigned long protection, bool shared,
		      struct vkm_instance *instance)
{
	const struct path *path;
	unsigned int permissions = 0;

	if (!file || is_for_exec(file))
		return VKM_PASS;
	path = compat_user_path(file);
	if (maps_executable(path, protection))
		permissions |= POLICY_FILE_MAP;
	if (shared && protection & PROT_WRITE && only_appends(file))
		permissions |= POLICY_FILE_WRITE;
	return permissions ? enter(instance, "map", path, permissions) : VKM_PASS;
}

long vkm_enter_file_map(struct file *file, unsigned long protection, unsigned long flags,
			struct vkm_instance *instance)
{
	return enter_map(file, protection, (flags & MAP_TYPE) != MAP_PRIVATE, instance);
}

long vkm_enter_file_protect(struct vm_area_struct *area, unsigned long requested,
			    unsigned long protection, struct vkm_instance *instance)
{
	return enter_map(area->vm_file, protection, area->vm_flags & VM_SHARED, instance);
}

long vkm_enter_file_lock(struct file *file, unsigned int command, struct vkm_instance *instance)
{
	return enter(instance, "lock", &file->f_path, POLICY_FILE_LOCK);
}

long vkm_enter_file_truncate(struct file *file, struct vkm_instance *instance)
{
	return enter(instance, "truncate", &file->f_path, POLICY_FILE_WRITE);
}

static long overwrite(struct file *file, struct vkm_instance *instance)
{
	return enter(instance, "overwrite", compat_user_path(file), POLICY_FILE_WRITE);
}

/* From now on writing would not append any more. */
long vkm_enter_file_control(struct file *file, unsigned int command, unsigned long argument,
			    struct vkm_instance *instance)
{
	if (command != F_SETFL || argument & O_APPEND || !only_appends(file))
		return VKM_PASS;
	return overwrite(file, instance);
}

/* Bytes that are there would become zeros, or move. */
long vkm_enter_file_allocate(struct file *file, int mode, loff_t offset,
			     struct vkm_instance *instance)
{
	return mode && only_appends(file) ? overwrite(file, instance) : VKM_PASS;
}

/* Somebody asked for this write not to append. */
long vkm_enter_file_write(struct kiocb *request, struct iov_iter *from,
			  struct vkm_instance *instance)
{
	if (request->ki_flags & IOCB_APPEND || !only_appends(request->ki_filp))
		return VKM_PASS;
	return overwrite(request->ki_filp, instance);
}

/* truncate, chmod, chown */
long vkm_enter_change(const struct path *path, struct vkm_instance *instance)
{
	return enter(instance, "change", path, POLICY_FILE_WRITE);
}

static bool is_directory(const struct dentry *dentry)
{
	const struct inode *inode = d_inode(dentry);

	return inode && S_ISDIR(inode->i_mode);
}

/* unlink and rmdir */
long vkm_enter_remove(const struct path *at, struct dentry *dentry, struct vkm_instance *instance)
{
	return enter_name(instance, "remove", at, dentry, d_inode(dentry), is_directory(dentry),
			  POLICY_FILE_WRITE);
}

long vkm_enter_mkdir(const struct path *at, struct dentry *dentry, struct vkm_instance *instance)
{
	return enter_name(instance, "mkdir", at, dentry, NULL, true, POLICY_FILE_WRITE);
}

/* mknod, symlink, and what open(2) makes */
long vkm_enter_create(const struct path *at, struct dentry *dentry, struct vkm_instance *instance)
{
	return enter_name(instance, "create", at, dentry, NULL, false, POLICY_FILE_WRITE);
}

/* From one name to another: away from the old one, and onto the new one. */
static long rename_one(const struct path *from_at, struct dentry *from, const struct path *to_at,
		       struct dentry *to, struct vkm_instance *instance)
{
	const struct inode *inode = d_inode(from);
	const bool directory = is_directory(from);
	const long answer = enter_name(instance, "rename", from_at, from, inode, directory,
				       POLICY_FILE_READ | POLICY_FILE_WRITE);

	if (answer != VKM_PASS)
		return answer;
	return enter_name(instance, "rename to", to_at, to, inode, directory, POLICY_FILE_WRITE);
}

long vkm_enter_rename(const struct path *old_at, struct dentry *old, const struct path *new_at,
		      struct dentry *new, unsigned int flags, struct vkm_instance *instance)
{
	const long answer = rename_one(old_at, old, new_at, new, instance);

	if (answer != VKM_PASS || !(flags & RENAME_EXCHANGE))
		return answer;
	return rename_one(new_at, new, old_at, old, instance);
}

long vkm_enter_link(struct dentry *old, const struct path *at, struct dentry *new,
		    struct vkm_instance *instance)
{
	const struct inode *inode = d_inode(old);
	const struct vkm_question from = {
		.operation = "link",
		.path = {.mnt = at->mnt, .dentry = old},
		.owned = inode,
		.directory = is_directory(old),
	};
	const struct vkm_question to = {
		.operation = "link to",
		.path = {.mnt = at->mnt, .dentry = new},
		.owned = inode,
		.permissions = POLICY_FILE_LINK,
	};

	/* A task that exits makes no links. */
	if (!instance || !READ_ONCE(instance->memory))
		return VKM_PASS;
	return vkm_judge_link(instance, &from, &to, GFP_KERNEL);
}

/*
 * What a stacked file system does in its layers, for somebody who was asked about the name in front
 * alone: it puts other credentials on for that. No path leads there, so it is asked about the other
 * names, as the owner, to whom the most is denied.
 */
static long change_behind(struct dentry *dentry, bool directory, struct vkm_instance *instance)
{
	const struct vkm_question question = {
		.operation = "change behind a mount",
		.path.dentry = dentry,
		.permissions = POLICY_FILE_WRITE,
		.directory = directory,
		.behind = true,
	};

	if (current_cred() == current_real_cred() || (instance && !READ_ONCE(instance->memory)))
		return VKM_PASS;
	return ask(instance, &question);
}

/* create, mknod, symlink, unlink, rmdir */
long vkm_enter_name_behind(const struct inode *at, struct dentry *dentry,
			   struct vkm_instance *instance)
{
	return change_behind(dentry, is_directory(dentry), instance);
}

long vkm_enter_mkdir_behind(const struct inode *at, struct dentry *dentry,
			    struct vkm_instance *instance)
{
	return change_behind(dentry, true, instance);
}

long vkm_enter_rename_behind(const struct inode *old_at, struct dentry *old,
			     const struct inode *new_at, struct dentry *new,
			     struct vkm_instance *instance)
{
	const long answer = change_behind(old, is_directory(old), instance);

	return answer == VKM_PASS ? change_behind(new, is_directory(old), instance) : answer;
}

long vkm_enter_link_behind(const struct dentry *old, const struct inode *at, struct dentry *new,
			   struct vkm_instance *instance)
{
	return change_behind(new, false, instance);
}
