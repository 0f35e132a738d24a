// SPDX-License-Identifier: GPL-2.0
#include "dispatch.h"

#include <linux/build_bug.h>
#include <linux/cred.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <asm/syscall.h>
#include <vkernel/vkm.h>

#include "arming.h"
#include "identity.h"
#include "instance.h"

static_assert(VKM_PASS == VKM_PASS_ASM);

/*
 * A verdict other than VKM_PASS becomes real only for an armed task, in its own context: an
 * interrupt borrows current, and a runtime's init has not become the container's program yet.
 * Both are rare enough to be asked about last.
 */
static long conclude(struct vkm_instance *instance, enum vkm_class class, long verdict)
{
	if (likely(verdict == VKM_PASS))
		return VKM_PASS;
	if (!in_task() || vkm_is_entering(current))
		return VKM_PASS;
	vkm_instance_count(instance, class);
	return verdict;
}

long vkm_enter_syscall(const struct pt_regs *regs)
{
	enum policy_table_index table = POLICY_TABLE_X86_64;
	struct vkm_instance *instance;
	long verdict = VKM_PASS;

	if (unlikely(in_ia32_syscall()))
		table = POLICY_TABLE_I386;
	rcu_read_lock();
	instance = vkm_instance_of(current);
	if (instance) {
		verdict = instance->guard->syscall(instance->guard, table, regs);
		verdict = conclude(instance, VKM_SYSCALL, verdict);
	}
	rcu_read_unlock();
	return verdict;
}

/*
 * Credentials that the kernel has put on for a moment (overlayfs acting as its mounter) are not
 * the task's real ones: the question is about the kernel's act, not the container's. All others
 * count: the task's own, those of a file that was opened with them, those of another process.
 * io_uring puts on registered personalities the same way, so a policy that takes capabilities away
 * has to deny io_uring_register(2), as the engines' default profiles do.
 */
static bool is_borrowed(const struct cred *cred)
{
	return cred == current_cred() && cred != rcu_access_pointer(current->real_cred);
}

long vkm_enter_capability(const struct cred *cred, struct user_namespace *target, int capability,
			  unsigned int options)
{
	struct vkm_instance *instance;
	long verdict = VKM_PASS;

	rcu_read_lock();
	instance = vkm_instance_of(current);
	if (instance && instance->guard->guards_capabilities && !is_borrowed(cred)) {
		verdict = instance->guard->capability(instance->guard, capability);
		verdict = conclude(instance, VKM_CAPABILITY, verdict);
	}
	rcu_read_unlock();
	return verdict;
}

long vkm_enter_log(void)
{
	struct vkm_instance *instance;
	long verdict = VKM_PASS;

	rcu_read_lock();
	instance = vkm_instance_of(current);
	if (instance && instance->guard->guards_log) {
		verdict = instance->guard->log(instance->guard);
		verdict = conclude(instance, VKM_LOG, verdict);
	}
	rcu_read_unlock();
	return verdict;
}

/*
 * A new task has its PID, and can be found by it, a moment before the fork tracepoint tells of it.
 * It first runs after that: while its state is TASK_NEW nobody knows yet whose it is, and whoever
 * attached to it would hold it when it runs. The barrier pairs with the locks between the
 * tracepoint and wake_up_new_task(): a task that is new no more has been entered.
 */
static bool may_be_runtime(const struct task_struct *task)
{
	if (READ_ONCE(task->__state) & TASK_NEW)
		return true;
	smp_rmb();
	return vkm_is_entering(task);
}

/*
 * A runtime's task inside the container is exempt and holds what the container does not: nobody in
 * there may look into it, write to its memory or take its descriptors. Asked for ptrace(2), the
 * memory and link files of procfs, process_vm_readv(2) and pidfd_getfd(2).
 */
long vkm_enter_ptrace(struct task_struct *target, unsigned int mode)
{
	struct vkm_instance *instance;
	long verdict = VKM_PASS;

	rcu_read_lock();
	instance = vkm_instance_of(current);
	if (instance && may_be_runtime(target))
		verdict = conclude(instance, VKM_PTRACE, -EPERM);
	rcu_read_unlock();
	return verdict;
}
