// SPDX-License-Identifier: GPL-2.0
/* What a program asks the kernel for: system calls, and operations of io_uring. */
#include <linux/array_size.h>
#include <linux/cred.h>
#include <linux/fcntl.h>
#include <linux/io_uring_types.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <asm/syscall.h>
#include <asm/unistd.h>
#include <asm/vsyscall.h>
#include <uapi/linux/openat2.h>

#include "arming.h"
#include "credentials.h"
#include "dispatch.h"
#include "instance.h"
#include "report.h"
#include "signal.h"

static enum policy_table_index entry_path(void)
{
	return in_ia32_syscall() ? POLICY_TABLE_I386 : POLICY_TABLE_X86_64;
}

/*
 * What seccomp leaves in the return register of a call that ends in a signal: what it held at entry.
 * A call through the vsyscall page has had -1 written over it.
 */
static long rolled_back(const struct vkm_denial *denial)
{
	const long entered = current_pt_regs()->orig_ax;

	return entered == -1 ? denial->number : entered;
}

/* Ends the thread or the process, or sends the signal. */
static void punish(struct vkm_instance *instance, const struct vkm_denial *denial)
{
	switch (POLICY_VERDICT_ACTION(denial->verdict)) {
	case POLICY_TRAP:
		vkm_signal_trap(denial->number);
		return;
	case POLICY_KILL_THREAD:
		vkm_count(instance, VKM_KILLED);
		vkm_signal_kill_thread(denial->number);
		return;
	}
	vkm_count(instance, VKM_KILLED);
	vkm_signal_kill_process(denial->number);
}

/* A refusal that somebody listens to. */
static long refuse_aloud(struct vkm_instance *instance, const struct vkm_rules *rules,
			 const struct vkm_denial *denial)
{
	vkm_count_call(instance, denial->path, denial->number);
	vkm_report(instance, denial);
	if (rules->logged[denial->path])
		vkm_log_call(instance, denial);
	return -(long)POLICY_VERDICT_VALUE(denial->verdict);
}

static long refuse_deadly(struct vkm_instance *instance, const struct vkm_rules *rules,
			  const struct vkm_denial *denial)
{
	vkm_count_call(instance, denial->path, denial->number);
	vkm_report(instance, denial);
	if (POLICY_VERDICT_ACTION(denial->verdict) != POLICY_TRAP || rules->logged[denial->path])
		vkm_log_call(instance, denial);
	punish(instance, denial);
	return rolled_back(denial);
}

/* The rules are not looked at any more once this is called: it may sleep. */
static long run_private(vkm_private_call call)
{
	const long value = call(current_pt_regs());

	/* The one value that it cannot have; no system call of the kernel has it. */
	return value == VKM_PASS ? -ENOSYS : value;
}

/* All that is rare: a task that enters, another verdict than an errno, somebody who listens. */
static noinline long conclude_rarely(struct vkm_instance *instance, const struct vkm_rules *rules,
				     enum vkm_count class, unsigned int call, u32 verdict)
{
	const struct vkm_denial denial = {
		.class = class,
		.path = call / POLICY_SYSCALL_MAX,
		.number = call % POLICY_SYSCALL_MAX,
		.verdict = verdict,
	};

	if (vkm_is_entering(current))
		return VKM_PASS;
	switch (POLICY_VERDICT_ACTION(verdict)) {
	case POLICY_ERRNO:
		return refuse_aloud(instance, rules, &denial);
	case POLICY_PRIVATE:
		return run_private(rules->calls[POLICY_VERDICT_VALUE(verdict)]);
	case POLICY_ALLOW_LOGGED:
		vkm_count(instance, VKM_LOGGED);
		vkm_log_call(instance, &denial);
		return VKM_PASS;
	}
	return refuse_deadly(instance, rules, &denial);
}

/*
 * call: entry path times POLICY_SYSCALL_MAX, and number. verdict is neither POLICY_ALLOW nor a
 * filter. What is refused in silence needs no frame.
 */
static noinline notrace long conclude(struct vkm_instance *instance, const struct vkm_rules *rules,
				      enum vkm_count class, unsigned long call, u32 verdict)
{
	if (unlikely(vkm_may_be_entering() || POLICY_VERDICT_ACTION(verdict) != POLICY_ERRNO ||
		     vkm_is_traced() || rules->logged[call / POLICY_SYSCALL_MAX]))
		return conclude_rarely(instance, rules, class, call, verdict);
	atomic64_inc(&instance->calls[call]);
	vkm_count(instance, class);
	return -(long)POLICY_VERDICT_VALUE(verdict);
}

/*
 * A number with the x32 bit came by an entry that no profile speaks of: seccomp kills such calls,
 * as they are of another architecture. Kernels without x32 do not get here with one.
 */
static noinline long refuse_x32(struct vkm_instance *instance, const struct vkm_rules *rules)
{
	if (!rules->restricted[POLICY_TABLE_X86_64] || vkm_is_entering(current))
		return VKM_PASS;
	vkm_count(instance, VKM_SYSCALL);
	return -EPERM;
}

/* What the first look into a set did not find, and lists. */
static noinline long decide_by_search(struct vkm_instance *instance, const struct vkm_rules *rules,
				      const struct pt_regs *regs, unsigned long call, u32 filter)
{
	const u32 verdict = rules_decide(rules, POLICY_VERDICT_VALUE(filter), regs);

	if (verdict == POLICY_VERDICT(POLICY_ALLOW, 0))
		return VKM_PASS;
	return conclude(instance, rules, VKM_SYSCALL, call, verdict);
}

/* A leaf: whatever calls on is a tail, so that most calls are decided without a stack frame. */
static __always_inline long decide(struct vkm_instance *instance, const struct vkm_rules *rules,
				   const struct pt_regs *regs, enum policy_table_index path,
				   u32 number)
{
	unsigned long call;
	u32 verdict;

	OPTIMIZER_HIDE_VAR(number);
	number &= POLICY_SYSCALL_MAX - 1; /* also where the processor speculates */
	call = path * POLICY_SYSCALL_MAX + number;
	verdict = rules->verdicts[path][number];
	if (POLICY_VERDICT_ACTION(verdict) == POLICY_FILTER) {
		const u32 index = POLICY_VERDICT_VALUE(verdict);
		const struct rules_filter *filter = rules->filters + index;
		const struct rules_slot *slot;
		u64 value;

		if (!filter->slots)
			return decide_by_search(instance, rules, regs, call, verdict);
		value = rules_value(regs, filter->source) & filter->mask;
		slot = rules_slot_at(filter, rules_place(filter, value));
		if (slot->value != value && slot->used)
			return decide_by_search(instance, rules, regs, call, verdict);
		verdict = slot->verdict;
	}
	if (verdict == POLICY_VERDICT(POLICY_ALLOW, 0) ||
	    unlikely(POLICY_VERDICT_ACTION(verdict) == POLICY_FIELDS))
		return VKM_PASS;
	return conclude(instance, rules, VKM_SYSCALL, call, verdict);
}

/*
 * A call through the vsyscall page is made by the kernel on behalf of the program, which jumped to
 * an address that tells the call; no number came in. 0: it was none.
 */
static unsigned int vsyscall_number(const struct pt_regs *regs)
{
	static const u16 numbers[] = {__NR_gettimeofday, __NR_time, __NR_getcpu};
	const unsigned long index = (regs->ip - VSYSCALL_ADDR) >> 10;

	if ((int)regs->orig_ax != -1 || index >= ARRAY_SIZE(numbers))
		return 0;
	return numbers[index];
}

static noinline long enter_unnumbered(struct vkm_instance *instance, const struct pt_regs *regs)
{
	const struct vkm_rules *rules = vkm_rules_of(instance);
	const unsigned int number = vsyscall_number(regs);

	if (!number)
		return refuse_x32(instance, rules);
	return decide(instance, rules, regs, POLICY_TABLE_X86_64, number);
}

notrace long vkm_enter_syscall(struct vkm_instance *instance, const struct pt_regs *regs)
{
	const u32 number = regs->orig_ax;

	if (unlikely(number >= POLICY_SYSCALL_MAX))
		return enter_unnumbered(instance, regs);
	return decide(instance, vkm_rules_of(instance), regs, POLICY_TABLE_X86_64, number);
}

notrace long vkm_enter_i386(struct vkm_instance *instance, const struct pt_regs *regs)
{
	const u32 number = regs->orig_ax;

	if (unlikely(number >= POLICY_SYSCALL_MAX))
		return refuse_x32(instance, vkm_rules_of(instance));
	return decide(instance, vkm_rules_of(instance), regs, POLICY_TABLE_I386, number);
}

/*
 * What a call gets that has come as far as its fields. A verdict that asks for no fields has let it
 * pass at the entry, unless other rules were in force then: a refusal still counts.
 */
static u32 fields_verdict(const struct vkm_rules *rules, u32 verdict, const void *copy)
{
	switch (POLICY_VERDICT_ACTION(verdict)) {
	case POLICY_FIELDS:
		return rules_decide(rules, POLICY_VERDICT_VALUE(verdict), copy);
	case POLICY_FILTER:
		verdict = rules_decide(rules, POLICY_VERDICT_VALUE(verdict), current_pt_regs());
	}
	switch (POLICY_VERDICT_ACTION(verdict)) {
	case POLICY_PRIVATE:
	case POLICY_ALLOW_LOGGED:
		return POLICY_VERDICT(POLICY_ALLOW, 0);
	}
	return verdict;
}

/*
 * The functions below these calls serve others too: only what the task came in with counts. The
 * copy that is looked at is the one that the kernel goes on with: nobody else can change it.
 */
static long enter_fields(struct vkm_instance *instance, enum vkm_count class, unsigned int number,
			 const void *copy)
{
	const enum policy_table_index path = entry_path();
	const struct vkm_rules *rules;
	u32 verdict;

	/* A task that exits makes no such call any more. */
	if (!instance || (u32)current_pt_regs()->orig_ax != number)
		return VKM_PASS;
	rules = vkm_rules_of(instance);
	verdict = fields_verdict(rules, rules->verdicts[path][number], copy);
	if (verdict == POLICY_VERDICT(POLICY_ALLOW, 0))
		return VKM_PASS;
	return conclude(instance, rules, class, path * POLICY_SYSCALL_MAX + number, verdict);
}

long vkm_enter_clone(const struct kernel_clone_args *args, struct vkm_instance *instance)
{
	return enter_fields(instance, VKM_CLONE, POLICY_CLONE3, args);
}

long vkm_enter_open(int directory, const char __user *name, const struct open_how *how,
		    struct vkm_instance *instance)
{
	struct open_how asked = *how;

	asked.flags &= ~O_LARGEFILE; /* the kernel sets it itself */
	return enter_fields(instance, VKM_OPEN, POLICY_OPENAT2, &asked);
}

/*
 * A registered personality, and what a ring's thread wears, look like credentials that the kernel
 * has put on for itself (borrowed.h): what they hold is asked here.
 */
static bool brings_excess(const struct io_kiocb *request, const struct vkm_rules *rules)
{
	const struct cred *real = rcu_access_pointer(current->real_cred);
	u64 held = 0;

	if (current_cred() != real)
		held |= vkm_held_capabilities(current_cred());
	if (request->flags & REQ_F_CREDS && request->creds != real)
		held |= vkm_held_capabilities(request->creds);
	return held & ~rules->capabilities;
}

/* Also in the kernel's threads that work for the ring: they are threads of the container's. */
long vkm_enter_uring(const struct io_kiocb *request, unsigned int flags,
		     struct vkm_instance *instance)
{
	struct rules_operation operation = {.number = EPERM, .call = POLICY_SYSCALL_MAX - 1};
	struct vkm_denial denial = {.class = VKM_URING, .path = POLICY_TABLE_X86_64};
	const struct vkm_rules *rules;

	/* An exiting task only cancels; what was submitted before has been asked about. */
	if (!instance)
		return VKM_PASS;
	rules = vkm_rules_of(instance);
	if (request->opcode < RULES_OPERATIONS)
		operation = rules->operations[request->opcode];
	else if (!rules->refuses_operations)
		operation.number = 0;
	if (!operation.number && brings_excess(request, rules))
		operation.number = EPERM;
	if (!operation.number || vkm_is_entering(current))
		return VKM_PASS;
	denial.number = operation.call;
	denial.verdict = POLICY_VERDICT(POLICY_ERRNO, operation.number);
	vkm_count_call(instance, denial.path, denial.number);
	vkm_report(instance, &denial);
	return -(long)operation.number;
}
