// SPDX-License-Identifier: GPL-2.0
/* Other tasks. */
#include <linux/errno.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "arming.h"
#include "dispatch.h"
#include "identity.h"
#include "instance.h"
#include "report.h"

static long refuse(struct vkm_instance *instance, enum vkm_count class, int error)
{
	const struct vkm_denial denial = {
		.class = class,
		.number = -1,
		.verdict = POLICY_VERDICT(POLICY_ERRNO, error),
	};

	if (!in_task() || vkm_is_entering(current))
		return VKM_PASS;
	vkm_report(instance, &denial);
	return -error;
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
 * memory and link files of procfs, process_vm_readv(2) and pidfd_getfd(2), twice for memory.
 */
static long protect(const struct task_struct *target, struct vkm_instance *instance, int error)
{
	long answer = VKM_PASS;

	rcu_read_lock();
	if (!instance)
		instance = vkm_instance_of(current);
	if (instance && may_be_runtime(target))
		answer = refuse(instance, VKM_PTRACE, error);
	rcu_read_unlock();
	return answer;
}

long vkm_enter_ptrace(struct task_struct *target, unsigned int mode, struct vkm_instance *instance)
{
	return protect(target, instance, EPERM);
}

/* Its caller receives an ERR_PTR in place of the memory, which is the same bits. */
long vkm_enter_memory_of(struct task_struct *target, unsigned int mode,
			 struct vkm_instance *instance)
{
	return protect(target, instance, EACCES);
}
