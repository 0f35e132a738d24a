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

static __always_inline void read_registers(const struct pt_regs *regs, bool i386, __u64 values[8])
{
	if (i386) {
		values[0] = (__u32)BPF_CORE_READ(regs, bx);
		values[1] = (__u32)BPF_CORE_READ(regs, cx);
		values[2] = (__u32)BPF_CORE_READ(regs, dx);
		values[3] = (__u32)BPF_CORE_READ(regs, si);
		values[4] = (__u32)BPF_CORE_READ(regs, di);
		values[5] = (__u32)BPF_CORE_READ(regs, bp);
		return;
	}
	values[0] = BPF_CORE_READ(regs, di);
	values[1] = BPF_CORE_READ(regs, si);
	values[2] = BPF_CORE_READ(regs, dx);
	values[3] = BPF_CORE_READ(regs, r10);
	values[4] = BPF_CORE_READ(regs, r8);
	values[5] = BPF_CORE_READ(regs, r9);
}

static __always_inline void read_arguments(const struct pt_regs *regs, struct trace_call *call)
{
	const __u32 index = call->table * TRACE_NUMBERS + call->number;
	const struct trace_arguments *wanted;
	__u64 values[8] = {0};

	if (call->table > TRACE_I386 || call->number >= TRACE_NUMBERS)
		return;
	wanted = bpf_map_lookup_elem(&arguments, &index);
	if (!wanted || !wanted->count)
		return;
	read_registers(regs, call->table == TRACE_I386, values);
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

SEC("raw_tp/sys_enter")
int trace_call(struct bpf_raw_tracepoint_args *context)
{
	const struct pt_regs *regs = (const struct pt_regs *)context->args[0];
	const struct task_struct *task = (const void *)bpf_get_current_task();
	struct trace_call call = {0};

	if (!find_member(task, &call.container))
		return 0;
	call.number = context->args[1];
	if (BPF_CORE_READ(task, thread_info.status) & TS_COMPAT) {
		call.table = TRACE_I386;
	} else if (call.number & X32_BIT && call.number != (__u32)-1) {
		call.table = TRACE_X32;
		call.number &= ~X32_BIT;
	}
	read_arguments(regs, &call);
	remember(&calls, &call, TRACE_LOST_CALLS);
	return 0;
}

/* The container's program begins: what came from outside is from outside no more. */
SEC("raw_tp/sched_process_exec")
int trace_exec(struct bpf_raw_tracepoint_args *context)
{
	const struct task_struct *task = (const struct task_struct *)context->args[0];

	/* Where a thread that is not the first calls execve, it takes the first one's number. */
	const __u32 old = context->args[1], pid = BPF_CORE_READ(task, pid);
	const bool enters = is_entering(pid) || is_entering(old);

	if (old != pid)
		inherit_family(old, pid);
	bpf_map_delete_elem(&entering, &pid);
	bpf_map_delete_elem(&entering, &old);
	if (enters) {
		register_container(task);
		record_program(task);
	}
	return 0;
}

SEC("raw_tp/sched_process_fork")
int trace_fork(struct bpf_raw_tracepoint_args *context)
{
	const struct task_struct *parent = (const struct task_struct *)context->args[0];
	const struct task_struct *child = (const struct task_struct *)context->args[1];
	const __u32 creator = BPF_CORE_READ(parent, pid), pid = BPF_CORE_READ(child, pid);
	const bool outside = !BPF_CORE_READ(parent, thread_pid, level);

	if (outside || is_entering(creator)) {
		inherit_family(creator, pid);
		if (BPF_CORE_READ(child, thread_pid, level))
			add_task(&entering, pid);
	}
	return 0;
}

SEC("raw_tp/sched_process_exit")
int trace_exit(struct bpf_raw_tracepoint_args *context)
{
	const struct task_struct *task = (const struct task_struct *)context->args[0];
	const __u32 pid = BPF_CORE_READ(task, pid);

	bpf_map_delete_elem(&entering, &pid);
	bpf_map_delete_elem(&family, &pid);
	end_container(task);
	return 0;
}

static __always_inline int record_operation(const struct bpf_raw_tracepoint_args *context)
{
	const struct io_kiocb *request = (const struct io_kiocb *)context->args[0];

	record_fact(TRACE_RING, BPF_CORE_READ(request, opcode), 0);
	return 0;
}

SEC("?raw_tp/io_uring_submit_req")
int trace_ring(struct bpf_raw_tracepoint_args *context)
{
	return record_operation(context);
}

/* Its name before 6.4. */
SEC("?raw_tp/io_uring_submit_sqe")
int trace_ring_old(struct bpf_raw_tracepoint_args *context)
{
	return record_operation(context);
}
