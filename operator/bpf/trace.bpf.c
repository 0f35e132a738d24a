// SPDX-License-Identifier: GPL-2.0
/*
 * Who is traced, and the system calls. What is seen is kept in maps, once for each different thing,
 * so that a busy container does not flood anything; what does not fit is counted.
 */
#include "operator/bpf/others.h"

char licence[] SEC("license") = "GPL";

/* Filled by the loader: the arguments of each call that are recorded. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2 * TRACE_NUMBERS);
	__type(key, __u32);
	__type(value, struct trace_arguments);
} arguments SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct trace_call);
	__type(value, __u64);
} calls SEC(".maps");

#define TS_COMPAT 2
#define X32_BIT	  0x40000000
#define ARGUMENTS 6

/*
 * All programs here are perf's kind of tracepoint program: the kernel does not let them be
 * preempted. Where a raw one is, another task on its processor is passed over.
 */

static __always_inline void read_arguments(const struct sys_enter_event *event,
					   struct trace_call *call)
{
	const __u32 index = call->table * TRACE_NUMBERS + call->number;
	const struct trace_arguments *wanted;
	__u64 values[8] = {0};

	if (call->table > TRACE_I386 || call->number >= TRACE_NUMBERS)
		return;
	wanted = bpf_map_lookup_elem(&arguments, &index);
	if (!wanted || !wanted->count)
		return;
#pragma unroll
	for (int i = 0; i < ARGUMENTS; i++)
		values[i] = event->args[i];
	if (wanted->pointer) {
		const void *pointer = (const void *)values[wanted->index[0] & 7];

		if (bpf_probe_read_user(&call->values[0], sizeof(__u64), pointer))
			call->unread = 1;
		call->values[0] &= wanted->masks[0];
		return;
	}
#pragma unroll
	for (int i = 0; i < TRACE_VALUES; i++)
		if (i < wanted->count)
			call->values[i] = values[wanted->index[i] & 7] & wanted->masks[i];
}

SEC("tp/raw_syscalls/sys_enter")
int trace_call(const struct sys_enter_event *event)
{
	const struct task_struct *task = (const void *)bpf_get_current_task();
	struct trace_call call = {0};

	if (!find_member(task, &call.container))
		return 0;
	call.number = event->id;
	if (BPF_CORE_READ(task, thread_info.status) & TS_COMPAT) {
		call.table = TRACE_I386;
	} else if (call.number & X32_BIT && call.number != (__u32)-1) {
		call.table = TRACE_X32;
		call.number &= ~X32_BIT;
	}
	read_arguments(event, &call);
	remember(&calls, &call, TRACE_LOST_CALLS);
	return 0;
}

/* The container's program begins: what came from outside is from outside no more. */
SEC("tp/sched/sched_process_exec")
int trace_exec(const struct trace_event_raw_sched_process_exec *event)
{
	const struct task_struct *task = (const void *)bpf_get_current_task();
	/* Where a thread that is not the first calls execve, it takes the first one's number. */
	const __u32 pid = event->pid, old = event->old_pid;
	const bool enters = is_entering(pid) || is_entering(old);

	if (old != pid)
		inherit_family(old, pid);
	if (enters && is_hook(task))
		return 0;
	bpf_map_delete_elem(&entering, &pid);
	bpf_map_delete_elem(&entering, &old);
	if (enters) {
		register_container(task);
		record_program(task);
	}
	return 0;
}

/* Where the child will be is not told; on the host it does not matter that it is "entering". */
SEC("tp/sched/sched_process_fork")
int trace_fork(const struct trace_event_raw_sched_process_fork *event)
{
	const struct task_struct *task = (const void *)bpf_get_current_task();
	const __u32 creator = event->parent_pid, pid = event->child_pid;

	if (!BPF_CORE_READ(task, thread_pid, level) || is_entering(creator)) {
		inherit_family(creator, pid);
		add_task(&entering, pid);
	}
	return 0;
}

SEC("tp/sched/sched_process_exit")
int trace_exit(const void *event)
{
	const struct task_struct *task = (const void *)bpf_get_current_task();
	const __u32 pid = BPF_CORE_READ(task, pid);

	bpf_map_delete_elem(&entering, &pid);
	bpf_map_delete_elem(&family, &pid);
	end_container(task);
	return 0;
}

SEC("?tp/io_uring/io_uring_submit_req")
int trace_ring(const struct trace_event_raw_io_uring_submit_req *event)
{
	record_fact(TRACE_RING, event->opcode, 0);
	return 0;
}

/* Its name before 6.4. */
SEC("?tp/io_uring/io_uring_submit_sqe")
int trace_ring_old(const struct trace_event_raw_io_uring_submit_sqe *event)
{
	record_fact(TRACE_RING, event->opcode, 0);
	return 0;
}
