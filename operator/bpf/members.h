/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who is traced: tasks of a container, which is a PID namespace directly below the host's with all
 * that is below it, from its program's first execve on. A task that came in from outside is "entering"
 * until it calls execve, as vKM has it. BPF side only.
 */
#ifndef VKERNEL_OPERATOR_BPF_MEMBERS_H
#define VKERNEL_OPERATOR_BPF_MEMBERS_H

#include <linux/bpf.h>
#include <stdbool.h>

#include "operator/bpf/kernel.h"
#include "operator/bpf/trace.h"
/* libbpf's come last: they take the kernel's names from what is there. */
#include <bpf/bpf_helpers.h>

#include <bpf/bpf_core_read.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, TRACE_COUNTS);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

/* By the inode of the PID namespace: the place in `known`. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TRACE_CONTAINERS);
	__type(key, __u32);
	__type(value, __u32);
} containers SEC(".maps");

/*
 * The first one is not used. The loader reads it in memory: while it is in bpf(2), the kernel passes
 * programs over.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, TRACE_CONTAINERS);
	__type(key, __u32);
	__type(value, struct trace_container);
} known SEC(".maps");

struct tasks {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, __u8);
};

/* By number on the host: tasks that are inside and came from outside, and the traced command's. */
struct tasks entering SEC(".maps");
struct tasks family SEC(".maps");

/* Set by the loader: containers that others started are recorded as well. */
const volatile bool every_container = false;

__u32 containers_count = 1;

static __always_inline void count_one(__u32 which)
{
	__u64 *count = bpf_map_lookup_elem(&counts, &which);

	if (count)
		__sync_fetch_and_add(count, 1);
}

static __always_inline void add_task(void *tasks, __u32 pid)
{
	const __u8 yes = 1;

	if (bpf_map_update_elem(tasks, &pid, &yes, BPF_ANY))
		count_one(TRACE_LOST_TASKS);
}

static __always_inline bool is_entering(__u32 pid)
{
	return bpf_map_lookup_elem(&entering, &pid);
}

static __always_inline void inherit_family(__u32 from, __u32 to)
{
	if (bpf_map_lookup_elem(&family, &from))
		add_task(&family, to);
}

/* A task's number and namespace at level 1; false on the host. The array is longer than it says. */
static __always_inline bool read_level_one(const struct task_struct *task, struct upid *upid)
{
	const struct pid *pid = BPF_CORE_READ(task, thread_pid);
	const char *numbers = (const char *)pid + bpf_core_field_offset(struct pid, numbers);

	if (!pid || !BPF_CORE_READ(pid, level))
		return false;
	numbers += bpf_core_type_size(struct upid);
	bpf_probe_read_kernel(&upid->nr, sizeof(upid->nr),
			      numbers + bpf_core_field_offset(struct upid, nr));
	bpf_probe_read_kernel(&upid->ns, sizeof(upid->ns),
			      numbers + bpf_core_field_offset(struct upid, ns));
	return true;
}

/* Whether the task is traced, and for which container. */
static __always_inline bool find_member(const struct task_struct *task, __u32 *container)
{
	struct upid upid = {0};
	const __u32 *found;
	__u32 inode;

	if (!read_level_one(task, &upid))
		return false;
	inode = BPF_CORE_READ(upid.ns, ns.inum);
	found = bpf_map_lookup_elem(&containers, &inode);
	if (!found || is_entering(BPF_CORE_READ(task, pid)))
		return false;
	*container = *found;
	return true;
}

static __always_inline void register_container(const struct task_struct *task)
{
	const __u32 pid = BPF_CORE_READ(task, pid);
	const bool ours = bpf_map_lookup_elem(&family, &pid);
	struct trace_container *container;
	struct upid upid = {0};
	__u32 inode, place;

	if ((!ours && !every_container) || !read_level_one(task, &upid))
		return;
	inode = BPF_CORE_READ(upid.ns, ns.inum);
	if (bpf_map_lookup_elem(&containers, &inode))
		return;
	place = __sync_fetch_and_add(&containers_count, 1);
	container = bpf_map_lookup_elem(&known, &place);
	if (!container) {
		count_one(TRACE_LOST_CONTAINERS);
		return;
	}
	container->inode = inode;
	container->init = pid;
	container->family = ours;
	bpf_probe_read_kernel_str(container->group, sizeof(container->group),
				  BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, name));
	if (bpf_map_update_elem(&containers, &inode, &place, BPF_NOEXIST))
		count_one(TRACE_LOST_CONTAINERS);
}

/*
 * An entering task executes: whether it is a hook that the runtime runs in there, before the
 * container's first process executes the program.
 */
static __always_inline bool is_hook(const struct task_struct *task)
{
	struct upid upid = {0};
	__u32 inode;

	if (!read_level_one(task, &upid) || upid.nr == 1)
		return false;
	inode = BPF_CORE_READ(upid.ns, ns.inum);
	return !bpf_map_lookup_elem(&containers, &inode);
}

/* When the last thread of its first process ends, the namespace does, and its number is free. */
static __always_inline void end_container(const struct task_struct *task)
{
	struct trace_container *container;
	struct upid upid = {0};
	const __u32 *place;
	__u32 inode;

	if (!read_level_one(task, &upid))
		return;
	inode = BPF_CORE_READ(upid.ns, ns.inum);
	place = bpf_map_lookup_elem(&containers, &inode);
	if (!place || upid.nr != 1 || BPF_CORE_READ(task, signal, live.counter))
		return;
	container = bpf_map_lookup_elem(&known, place);
	if (container)
		container->over = 1;
	bpf_map_delete_elem(&containers, &inode);
}

#endif
