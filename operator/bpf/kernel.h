/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The little that the programs know of the kernel's structures: names, not places. libbpf puts the
 * places in from the running kernel's BTF. What stands behind three underscores is not part of a
 * name.
 */
#ifndef VKERNEL_OPERATOR_BPF_KERNEL_H
#define VKERNEL_OPERATOR_BPF_KERNEL_H

#include <linux/types.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
	unsigned int inum;
};

struct pid_namespace {
	struct ns_common ns;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

struct thread_info {
	__u32 status;
};

typedef struct {
	int counter;
} atomic_t;

struct signal_struct {
	atomic_t live;
};

struct kernfs_node {
	const char *name;
};

struct cgroup {
	struct kernfs_node *kn;
};

struct css_set {
	struct cgroup *dfl_cgrp;
};

struct qstr {
	__u32 len;
	const unsigned char *name;
};

struct inode {
	unsigned short i_mode;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
	void *mnt_ns;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	unsigned int f_mode;
	unsigned int f_flags;
	struct path f_path;
};

struct backing_file {
	struct file file;
	struct path user_path;
};

struct vm_area_struct {
	struct file *vm_file;
	unsigned long vm_flags;
};

struct mm_struct {
	struct file *exe_file;
};

struct linux_binprm {
	struct file *file;
};

struct task_struct {
	struct thread_info thread_info;
	int pid;
	int tgid;
	unsigned int personality;
	struct pid *thread_pid;
	struct signal_struct *signal;
	struct css_set *cgroups;
	struct mm_struct *mm;
};

struct trace_event_raw_sched_process_exec {
	int pid;
	int old_pid;
};

struct trace_event_raw_sched_process_fork {
	int parent_pid;
	int child_pid;
};

struct trace_event_raw_io_uring_submit_req {
	__u8 opcode;
};

struct trace_event_raw_io_uring_submit_sqe {
	__u8 opcode;
};

#pragma clang attribute pop

/*
 * This one's layout is an interface (events/raw_syscalls/sys_enter/format), and its members are read
 * at places that the compiler knows, as the verifier wants it of arrays.
 */
struct sys_enter_event {
	__u64 common;
	long id;
	unsigned long args[6];
};

struct cred;
struct user_namespace;
struct kernel_siginfo;

#endif
