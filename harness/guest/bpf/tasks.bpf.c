// SPDX-License-Identifier: GPL-2.0
/*
 * How long the tasks of one launch wait for a processor, how long they are off it, and which system
 * calls they make. The launch is a task that measure names, and all that it starts.
 */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "harness/guest/bpf/tasks.h"

char licence[] SEC("license") = "GPL";

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct thread_info {
	__u32 status;
};

struct task_struct {
	struct thread_info thread_info;
	int pid;
	unsigned int __state;
};

struct trace_event_raw_sched_process_fork {
	int child_pid;
};

#pragma clang attribute pop

/* Its layout is an interface: events/raw_syscalls/sys_enter/format. */
struct sys_enter_event {
	__u64 common;
	long id;
};

/* A task of the launch, and since when it waits; 0: it does not. */
struct member {
	__u64 ready; /* to run */
	__u64 off;   /* off the processor */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, struct member);
} members SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, TASKS_HISTOGRAMS);
	__type(key, __u32);
	__type(value, struct tasks_delays);
} delays SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, TASKS_TABLES *TASKS_CALLS);
	__type(key, __u32);
	__type(value, __u64);
} calls SEC(".maps");

/* How many tasks found no room in members. */
__u64 lost = 0;

#define TS_COMPAT 2
#define X32_BIT	  0x40000000

static __always_inline void count(__u32 histogram, __u64 nanoseconds)
{
	struct tasks_delays *found = bpf_map_lookup_elem(&delays, &histogram);
	__u32 bucket = 0;

#pragma unroll
	for (int shift = 32; shift; shift >>= 1)
		if (nanoseconds >> shift) {
			nanoseconds >>= shift;
			bucket += shift;
		}
	if (found)
		__sync_fetch_and_add(&found->buckets[bucket & (TASKS_BUCKETS - 1)], 1);
}

SEC("tp/sched/sched_process_fork")
int on_fork(const struct trace_event_raw_sched_process_fork *event)
{
	const __u32 parent = (__u32)bpf_get_current_pid_tgid(), child = event->child_pid;
	const struct member none = {0};

	if (bpf_map_lookup_elem(&members, &parent) &&
	    bpf_map_update_elem(&members, &child, &none, BPF_ANY))
		__sync_fetch_and_add(&lost, 1);
	return 0;
}

SEC("tp/sched/sched_process_exit")
int on_exit(void *event)
{
	const __u32 pid = (__u32)bpf_get_current_pid_tgid();

	bpf_map_delete_elem(&members, &pid);
	return 0;
}

static __always_inline void make_ready(__u32 pid)
{
	struct member *member = bpf_map_lookup_elem(&members, &pid);

	if (member)
		member->ready = bpf_ktime_get_ns();
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(on_wakeup, struct task_struct *task)
{
	make_ready(task->pid);
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(on_wakeup_new, struct task_struct *task)
{
	make_ready(task->pid);
	return 0;
}

/* A task that leaves although it could go on is ready at once. */
SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempted, struct task_struct *previous, struct task_struct *next)
{
	__u32 pid = previous->pid;
	struct member *member = bpf_map_lookup_elem(&members, &pid);
	const __u64 now = bpf_ktime_get_ns();

	if (member) {
		member->off = now;
		member->ready = preempted || !previous->__state ? now : 0;
	}
	pid = next->pid;
	member = bpf_map_lookup_elem(&members, &pid);
	if (!member)
		return 0;
	if (member->ready)
		count(TASKS_RUN_QUEUE, now - member->ready);
	if (member->off)
		count(TASKS_OFF_CPU, now - member->off);
	member->ready = 0;
	member->off = 0;
	return 0;
}

SEC("tp/raw_syscalls/sys_enter")
int on_call(const struct sys_enter_event *event)
{
	const __u32 pid = (__u32)bpf_get_current_pid_tgid();
	const struct task_struct *task = (const void *)bpf_get_current_task();
	__u32 number = event->id;
	__u64 *made;

	if (!bpf_map_lookup_elem(&members, &pid))
		return 0;
	number &= ~X32_BIT;
	if (number >= TASKS_CALLS)
		return 0;
	if (BPF_CORE_READ(task, thread_info.status) & TS_COMPAT)
		number += TASKS_I386 * TASKS_CALLS;
	made = bpf_map_lookup_elem(&calls, &number);
	if (made)
		__sync_fetch_and_add(made, 1);
	return 0;
}
