// SPDX-License-Identifier: GPL-2.0
/* What a program asks the kernel for: system calls, and operations of io_uring. */
#include <linux/array_size.h>
#include <linux/cred.h>
#include <linux/io_uring_types.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
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

static bool is_logged(const struct vkm_rules *rules, enum policy_table_index path)
{
	return rules->logged & 1u << path;
}

/* What seccomp leaves in the return register of a call that ends in a signal: its number. */
static long rolled_back(void)
{
	return current_pt_regs()->orig_ax;
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

/* rules are not looked at any more once a private call runs: it may sleep. */
static noinline long refuse_rarely(struct vkm_instance *instance, const struct vkm_rules *rules,
				   enum vkm_count class, enum policy_table_index path,
				   unsigned int number, u32 verdict)
{
	const struct vkm_denial denial = {
		.class = class,
		.path = path,
		.number = number,
		.verdict = verdict,
	};
	const u32 action = POLICY_VERDICT_ACTION(verdict);

	if (action == POLICY_PRIVATE) {
		vkm_private_call call = rules->calls[POLICY_VERDICT_VALUE(verdict)];

		long value = call(current_pt_regs());

		/* The one value that a private call cannot have; no system call has it. */
		return value == VKM_PASS ? -ENOSYS : value;
	}
	if (action == POLICY_ALLOW_LOGGED) {
		vkm_count(instance, VKM_LOGGED);
		vkm_log_call(instance, &denial);
		return VKM_PASS;
	}
	vkm_count_call(instance, path, number);
	vkm_report(instance, &denial);
	if (action != POLICY_TRAP || is_logged(rules, path))
		vkm_log_call(instance, &denial);
	punish(instance, &denial);
	return rolled_back();
}

/* A refusal that somebody listens to. */
static noinline long refuse_aloud(struct vkm_instance *instance, const struct vkm_rules *rules,
				  enum vkm_count class, enum policy_table_index path,
				  unsigned int number, u32 verdict)
{
	const struct vkm_denial denial = {
		.class = class,
		.path = path,
		.number = number,
		.verdict = verdict,
	};

	vkm_count_call(instance, path, number);
	vkm_report(instance, &denial);
	if (is_logged(rules, path))
		vkm_log_call(instance, &denial);
	return -(long)POLICY_VERDICT_VALUE(verdict);
}

/* All that is rare: some task of some runtime is entering, another verdict than an errno. */
static noinline long conclude_rarely(struct vkm_instance *instance, const struct vkm_rules *rules,
				     enum vkm_count class, enum policy_table_index path,
				     unsigned int number, u32 verdict)
{
	if (vkm_is_entering(current))
		return VKM_PASS;
	if (POLICY_VERDICT_ACTION(verdict) == POLICY_ERRNO)
		return refuse_aloud(instance, rules, class, path, number, verdict);
	return refuse_rarely(instance, rules, class, path, number, verdict);
}

/* verdict is neither POLICY_ALLOW nor a filter. What is refused in silence needs no frame. */
static __always_inline long conclude(struct vkm_instance *instance, const struct vkm_rules *rules,
				     enum vkm_count class, enum policy_table_index path,
				     unsigned int number, u32 verdict)
{
	if (unlikely(vkm_may_be_entering() || POLICY_VERDICT_ACTION(verdict) != POLICY_ERRNO))
		return conclude_rarely(instance, rules, class, path, number, verdict);
	if (unlikely(vkm_is_traced() || is_logged(rules, path)))
		return refuse_aloud(instance, rules, class, path, number, verdict);
	vkm_count_call(instance, path, number);
	vkm_count(instance, class);
	return -(long)POLICY_VERDICT_VALUE(verdict);
}

/*
 * A number with the x32 bit came by an entry that no profile speaks of: seccomp kills such calls,
 * as they are of another architecture. Kernels without x32 do not get here with one.
 */
static noinline long refuse_x32(struct vkm_instance *instance, const struct vkm_rules *rules)
{
	if (!(rules->restricted & 1u << POLICY_TABLE_X86_64) || vkm_is_entering(current))
		return VKM_PASS;
	vkm_count(instance, VKM_SYSCALL);
	return -EPERM;
}

static noinline long decide_by_list(const struct vkm_rules *rules, struct vkm_instance *instance,
				    enum policy_table_index path, unsigned int number,
				    const struct pt_regs *regs, const struct rules_filter *filter)
{
	const u32 verdict = rules_walk(rules, filter, regs);

	if (verdict == POLICY_VERDICT(POLICY_ALLOW, 0))
		return VKM_PASS;
	return conclude(instance, rules, VKM_SYSCALL, path, number, verdict);
}

static __always_inline long decide(const struct vkm_rules *rules, struct vkm_instance *instance,
				   enum policy_table_index path, u32 number,
				   const struct pt_regs *regs)
{
	const struct rules_filter *filter;
	u32 verdict;

	OPTIMIZER_HIDE_VAR(number);
	number &= POLICY_SYSCALL_MAX - 1; /* also where the processor speculates */
	verdict = rules->verdicts[path][number];
	if (POLICY_VERDICT_ACTION(verdict) == POLICY_FILTER) {
		filter = rules->filters + POLICY_VERDICT_VALUE(verdict);
		if (!filter->slots)
			return decide_by_list(rules, instance, path, number, regs, filter);
		verdict = rules_find(filter, rules_value(regs, filter->source) & filter->mask);
	}
	if (verdict == POLICY_VERDICT(POLICY_ALLOW, 0) ||
	    unlikely(POLICY_VERDICT_ACTION(verdict) == POLICY_FIELDS))
		return VKM_PASS;
	return conclude(instance, rules, VKM_SYSCALL, path, number, verdict);
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

static noinline long enter_unnumbered(const struct pt_regs *regs, struct vkm_instance *instance)
{
	const struct vkm_rules *rules = vkm_rules_of(instance);
	const unsigned int number = vsyscall_number(regs);

	if (!number)
		return refuse_x32(instance, rules);
	return decide(rules, instance, POLICY_TABLE_X86_64, number, regs);
}

notrace long vkm_enter_syscall(const struct pt_regs *regs, struct vkm_instance *instance)
{
	const u32 number = regs->orig_ax;

	if (unlikely(number >= POLICY_SYSCALL_MAX))
		return enter_unnumbered(regs, instance);
	return decide(vkm_rules_of(instance), instance, POLICY_TABLE_X86_64, number, regs);
}

notrace long vkm_enter_i386(const struct pt_regs *regs, struct vkm_instance *instance)
{
	const u32 number = regs->orig_ax;

	if (unlikely(number >= POLICY_SYSCALL_MAX))
		return refuse_x32(instance, vkm_rules_of(instance));
	return decide(vkm_rules_of(instance), instance, POLICY_TABLE_I386, number, regs);
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
	verdict = rules->verdicts[path][number];
	if (POLICY_VERDICT_ACTION(verdict) != POLICY_FIELDS)
		return VKM_PASS;
	verdict = rules_decide(rules, POLICY_VERDICT_VALUE(verdict), copy);
	if (verdict == POLICY_VERDICT(POLICY_ALLOW, 0))
		return VKM_PASS;
	return conclude(instance, rules, class, path, number, verdict);
}

long vkm_enter_clone(const struct kernel_clone_args *args, struct vkm_instance *instance)
{
	return enter_fields(instance, VKM_CLONE, POLICY_CLONE3, args);
}

long vkm_enter_open(int directory, const char __user *name, const struct open_how *how,
		    struct vkm_instance *instance)
{
	return enter_fields(instance, VKM_OPEN, POLICY_OPENAT2, how);
}

/*
 * A registered personality is put on for an operation as the kernel puts on credentials of its own,
 * which the capability check takes for such: what it holds is asked here.
 */
static bool brings_excess(const struct io_kiocb *request, const struct vkm_rules *rules)
{
	return request->flags & REQ_F_CREDS &&
	       vkm_held_capabilities(request->creds) & ~rules->capabilities;
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
