// SPDX-License-Identifier: GPL-2.0
/* What a program asks the kernel for: system calls, and operations of io_uring. */
#include <linux/cred.h>
#include <linux/io_uring_types.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <asm/syscall.h>
#include <uapi/linux/openat2.h>

#include "arming.h"
#include "credentials.h"
#include "dispatch.h"
#include "instance.h"
#include "report.h"
#include "signal.h"

static const struct vkm_answer pass;

static struct vkm_answer refuse(long value)
{
	return (struct vkm_answer){ .value = value, .refused = 1 };
}

static enum policy_table_index entry_path(void)
{
	return in_ia32_syscall() ? POLICY_TABLE_I386 : POLICY_TABLE_X86_64;
}

static bool is_logged(const struct vkm_rules *rules, const struct vkm_denial *denial)
{
	return rules->logged & 1u << denial->path;
}

/* What seccomp leaves in the return register of a call that ends in a signal: its number. */
static long rolled_back(void)
{
	return current_pt_regs()->orig_ax;
}

/* rules are not looked at any more once a private call runs: it may sleep. */
static noinline struct vkm_answer refuse_rarely(struct vkm_instance *instance,
						const struct vkm_rules *rules,
						const struct vkm_denial *denial)
{
	const u32 action = POLICY_VERDICT_ACTION(denial->verdict);

	if (action == POLICY_PRIVATE) {
		vkm_private_call call = rules->calls[POLICY_VERDICT_VALUE(denial->verdict)];

		return refuse(call(current_pt_regs()));
	}
	if (action == POLICY_ALLOW_LOGGED) {
		vkm_count(instance, VKM_LOGGED);
		vkm_log_call(instance, denial);
		return pass;
	}
	vkm_count_call(instance, denial->path, denial->number);
	vkm_report(instance, denial);
	if (action != POLICY_TRAP || is_logged(rules, denial))
		vkm_log_call(instance, denial);
	if (action == POLICY_TRAP) {
		vkm_signal_trap(denial->number);
		return refuse(rolled_back());
	}
	vkm_count(instance, VKM_KILLED);
	if (action == POLICY_KILL_THREAD)
		vkm_signal_kill_thread(denial->number);
	else
		vkm_signal_kill_process(denial->number);
	return refuse(rolled_back());
}

/* verdict is neither POLICY_ALLOW nor a filter. */
static __always_inline struct vkm_answer conclude(struct vkm_instance *instance,
						  const struct vkm_rules *rules,
						  enum vkm_count class,
						  enum policy_table_index path,
						  unsigned int number, u32 verdict)
{
	const struct vkm_denial denial = {
		.class = class,
		.path = path,
		.number = number,
		.verdict = verdict,
	};

	if (unlikely(vkm_is_entering(current)))
		return pass;
	if (unlikely(POLICY_VERDICT_ACTION(verdict) != POLICY_ERRNO))
		return refuse_rarely(instance, rules, &denial);
	vkm_count_call(instance, path, number);
	vkm_report(instance, &denial);
	if (unlikely(is_logged(rules, &denial)))
		vkm_log_call(instance, &denial);
	return refuse(-(long)POLICY_VERDICT_VALUE(verdict));
}

/*
 * A number with the x32 bit came by an entry that no profile speaks of: seccomp kills such calls,
 * as they are of another architecture. Kernels without x32 do not get here with one.
 */
static noinline struct vkm_answer refuse_x32(struct vkm_instance *instance,
					     const struct vkm_rules *rules)
{
	if (!(rules->restricted & 1u << POLICY_TABLE_X86_64) || vkm_is_entering(current))
		return pass;
	vkm_count(instance, VKM_SYSCALL);
	return refuse(-EPERM);
}

notrace struct vkm_answer vkm_enter_syscall(const struct pt_regs *regs,
					    struct vkm_instance *instance)
{
	const struct vkm_rules *rules = vkm_rules_of(instance);
	const enum policy_table_index path = entry_path();
	u32 number = regs->orig_ax, verdict;

	if (unlikely(number >= POLICY_SYSCALL_MAX))
		return refuse_x32(instance, rules);
	number &= POLICY_SYSCALL_MAX - 1; /* also where the processor speculates */
	verdict = rules->verdicts[path][number];
	if (POLICY_VERDICT_ACTION(verdict) == POLICY_FILTER)
		verdict = rules_decide(rules, POLICY_VERDICT_VALUE(verdict), regs);
	if (verdict == POLICY_VERDICT(POLICY_ALLOW, 0) ||
	    POLICY_VERDICT_ACTION(verdict) == POLICY_FIELDS)
		return pass;
	return conclude(instance, rules, VKM_SYSCALL, path, number, verdict);
}

/*
 * The functions below these calls serve others too: only what the task came in with counts. The
 * copy that is looked at is the one that the kernel goes on with: nobody else can change it.
 */
static struct vkm_answer enter_fields(struct vkm_instance *instance, enum vkm_count class,
				      unsigned int number, const void *copy)
{
	const enum policy_table_index path = entry_path();
	const struct vkm_rules *rules;
	u32 verdict;

	/* A task that exits makes no such call any more. */
	if (!instance || (u32)current_pt_regs()->orig_ax != number)
		return pass;
	rules = vkm_rules_of(instance);
	verdict = rules->verdicts[path][number];
	if (POLICY_VERDICT_ACTION(verdict) != POLICY_FIELDS)
		return pass;
	verdict = rules_decide(rules, POLICY_VERDICT_VALUE(verdict), copy);
	if (verdict == POLICY_VERDICT(POLICY_ALLOW, 0))
		return pass;
	return conclude(instance, rules, class, path, number, verdict);
}

struct vkm_answer vkm_enter_clone(const struct kernel_clone_args *args,
				  struct vkm_instance *instance)
{
	return enter_fields(instance, VKM_CLONE, POLICY_CLONE3, args);
}

struct vkm_answer vkm_enter_open(int directory, const char __user *name,
				 const struct open_how *how, struct vkm_instance *instance)
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
struct vkm_answer vkm_enter_uring(const struct io_kiocb *request, unsigned int flags,
				  struct vkm_instance *instance)
{
	struct rules_operation operation = { .number = EPERM, .call = POLICY_SYSCALL_MAX - 1 };
	struct vkm_denial denial = { .class = VKM_URING, .path = POLICY_TABLE_X86_64 };
	const struct vkm_rules *rules;

	/* An exiting task only cancels; what was submitted before has been asked about. */
	if (!instance)
		return pass;
	rules = vkm_rules_of(instance);
	if (request->opcode < RULES_OPERATIONS)
		operation = rules->operations[request->opcode];
	else if (!rules->refuses_operations)
		operation.number = 0;
	if (!operation.number && brings_excess(request, rules))
		operation.number = EPERM;
	if (!operation.number || vkm_is_entering(current))
		return pass;
	denial.number = operation.call;
	denial.verdict = POLICY_VERDICT(POLICY_ERRNO, operation.number);
	vkm_count_call(instance, denial.path, denial.number);
	vkm_report(instance, &denial);
	return refuse(-(long)operation.number);
}
