/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the container does with files and other tasks, and its capabilities: asked where the kernel
 * asks its security modules, of which BPF is the last. Who is asked here was let through by all
 * others. The accesses are those that vKM's hooks ask for (kmod/vkm/file.c). BPF side only.
 */
#ifndef VKERNEL_OPERATOR_BPF_FILES_H
#define VKERNEL_OPERATOR_BPF_FILES_H

#include "operator/bpf/paths.h"
/* After the kernel's names. */
#include <bpf/bpf_tracing.h>

#define FMODE_READ	1
#define FMODE_WRITE	2
#define FMODE_EXEC_FLAG 0x20 /* in f_flags */
#define FMODE_BACKING	(1u << 24)
#define FLAG_ACCMODE	3
#define FLAG_TRUNC	01000
#define FLAG_APPEND	02000
#define FLAG_PATH	010000000
#define PROT_READ	1
#define PROT_WRITE	2
#define PROT_EXEC	4
#define MAP_TYPE	15
#define MAP_PRIVATE	2
#define VM_SHARED	8
#define IMPLIES_EXEC	0x0400000 /* of a personality */
#define RENAME_EXCHANGE 2
#define SETFL		4

static __always_inline __u32 access_of(const struct file *file)
{
	const __u32 mode = BPF_CORE_READ(file, f_mode), flags = BPF_CORE_READ(file, f_flags);
	__u32 access = 0;

	if (mode & FMODE_READ)
		access |= TRACE_READ;
	if (mode & FMODE_WRITE)
		access |= flags & FLAG_APPEND ? TRACE_APPEND : TRACE_WRITE;
	if (!access && !(flags & FLAG_PATH) && (flags & FLAG_ACCMODE) == FLAG_ACCMODE)
		return TRACE_READ | TRACE_WRITE;
	if (flags & FLAG_TRUNC)
		access |= TRACE_WRITE;
	return access;
}

static __always_inline bool only_appends(const struct file *file)
{
	return BPF_CORE_READ(file, f_flags) & FLAG_APPEND &&
	       BPF_CORE_READ(file, f_mode) & FMODE_WRITE;
}

/* A mapped file of an overlay is one behind it, which knows its path in front. */
static __always_inline void record_file(const struct file *file, __u32 access)
{
	if (BPF_CORE_READ(file, f_mode) & FMODE_BACKING &&
	    bpf_core_field_exists(struct backing_file, user_path))
		record_path((const struct path *)((const char *)file -
						  bpf_core_field_offset(struct backing_file, file) +
						  bpf_core_field_offset(struct backing_file,
									user_path)),
			    access);
	else
		record_path((const struct path *)((const char *)file +
						  bpf_core_field_offset(struct file, f_path)),
			    access);
}

SEC("lsm/file_open")
int BPF_PROG(see_open, struct file *file)
{
	const __u32 access = access_of(file);

	if (access && !(BPF_CORE_READ(file, f_flags) & FMODE_EXEC_FLAG))
		record_file(file, access);
	return 0;
}

SEC("lsm/file_receive")
int BPF_PROG(see_receive, struct file *file)
{
	const __u32 access = access_of(file);

	if (access)
		record_file(file, access);
	return 0;
}

/* ix is mr too, for AppArmor itself. */
SEC("lsm/bprm_check_security")
int BPF_PROG(see_exec, struct linux_binprm *bprm)
{
	record_file(BPF_CORE_READ(bprm, file), TRACE_EXECUTE | TRACE_READ | TRACE_MAP);
	return 0;
}

/* The container's first program was opened before it was a container. */
static __always_inline void record_program(const struct task_struct *task)
{
	const struct file *file = BPF_CORE_READ(task, mm, exe_file);

	if (file)
		record_file(file, TRACE_EXECUTE | TRACE_READ | TRACE_MAP);
}

static __always_inline void record_map(const struct file *file, __u64 protection, bool shared)
{
	const struct task_struct *task = (const void *)bpf_get_current_task();
	__u32 access = 0;

	if (!file)
		return;
	if (protection & PROT_EXEC ||
	    (protection & PROT_READ && BPF_CORE_READ(task, personality) & IMPLIES_EXEC))
		access |= TRACE_MAP | TRACE_READ;
	if (shared && protection & PROT_WRITE && only_appends(file))
		access |= TRACE_WRITE;
	if (access)
		record_file(file, access);
}

SEC("lsm/mmap_file")
int BPF_PROG(see_map, struct file *file, unsigned long requested, unsigned long protection,
	     unsigned long flags)
{
	record_map(file, protection, (flags & MAP_TYPE) != MAP_PRIVATE);
	return 0;
}

SEC("lsm/file_mprotect")
int BPF_PROG(see_protect, struct vm_area_struct *area, unsigned long requested,
	     unsigned long protection)
{
	record_map(BPF_CORE_READ(area, vm_file), protection,
		   BPF_CORE_READ(area, vm_flags) & VM_SHARED);
	return 0;
}

SEC("lsm/file_lock")
int BPF_PROG(see_lock, struct file *file, unsigned int command)
{
	record_file(file, TRACE_LOCK);
	return 0;
}

/* From now on writing would not append any more. */
SEC("lsm/file_fcntl")
int BPF_PROG(see_control, struct file *file, unsigned int command, unsigned long argument)
{
	if (command == SETFL && !(argument & FLAG_APPEND) && only_appends(file))
		record_file(file, TRACE_WRITE);
	return 0;
}

SEC("?lsm/file_truncate")
int BPF_PROG(see_file_truncate, struct file *file)
{
	record_file(file, TRACE_WRITE);
	return 0;
}

SEC("lsm/path_truncate")
int BPF_PROG(see_truncate, struct path *path)
{
	record_path(path, TRACE_WRITE);
	return 0;
}

SEC("lsm/path_chmod")
int BPF_PROG(see_chmod, struct path *path, unsigned short mode)
{
	record_path(path, TRACE_WRITE);
	return 0;
}

SEC("lsm/path_chown")
int BPF_PROG(see_chown, struct path *path, unsigned int uid, unsigned int gid)
{
	record_path(path, TRACE_WRITE);
	return 0;
}

SEC("lsm/path_unlink")
int BPF_PROG(see_unlink, struct path *at, struct dentry *dentry)
{
	record_name(BPF_CORE_READ(at, mnt), dentry, TRACE_WRITE, false);
	return 0;
}

SEC("lsm/path_rmdir")
int BPF_PROG(see_rmdir, struct path *at, struct dentry *dentry)
{
	record_name(BPF_CORE_READ(at, mnt), dentry, TRACE_WRITE, true);
	return 0;
}

SEC("lsm/path_mkdir")
int BPF_PROG(see_mkdir, struct path *at, struct dentry *dentry, unsigned short mode)
{
	record_name(BPF_CORE_READ(at, mnt), dentry, TRACE_WRITE | TRACE_CREATED, true);
	return 0;
}

SEC("lsm/path_mknod")
int BPF_PROG(see_mknod, struct path *at, struct dentry *dentry, unsigned short mode,
	     unsigned int device)
{
	record_name(BPF_CORE_READ(at, mnt), dentry, TRACE_WRITE | TRACE_CREATED, false);
	return 0;
}

SEC("lsm/path_symlink")
int BPF_PROG(see_symlink, struct path *at, struct dentry *dentry, const char *old)
{
	record_name(BPF_CORE_READ(at, mnt), dentry, TRACE_WRITE | TRACE_CREATED, false);
	return 0;
}

SEC("lsm/path_link")
int BPF_PROG(see_link, struct dentry *old, struct path *at, struct dentry *new)
{
	struct vfsmount *mnt = BPF_CORE_READ(at, mnt);

	record_name(mnt, old, TRACE_LINKED, is_directory(old));
	record_name(mnt, new, TRACE_LINK | TRACE_CREATED, false);
	return 0;
}

static __always_inline void record_rename(struct path *from_at, struct dentry *from,
					  struct path *to_at, struct dentry *to)
{
	const bool directory = is_directory(from);

	record_name(BPF_CORE_READ(from_at, mnt), from, TRACE_READ | TRACE_WRITE, directory);
	record_name(BPF_CORE_READ(to_at, mnt), to, TRACE_WRITE, directory);
}

SEC("lsm/path_rename")
int BPF_PROG(see_rename, struct path *old_at, struct dentry *old, struct path *new_at,
	     struct dentry *new, unsigned int flags)
{
	record_rename(old_at, old, new_at, new);
	if (flags & RENAME_EXCHANGE)
		record_rename(new_at, new, old_at, old);
	return 0;
}

#endif
