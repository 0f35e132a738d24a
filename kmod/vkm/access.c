// SPDX-License-Identifier: GPL-2.0
/* Other tasks. */
#include <linux/errno.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

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

static bool may_access(const struct vkm_instance *instance, u32 access)
{
	const struct vkm_rules *rules = vkm_rules_of(instance);

	return !rules->restricts_access || rules->access & access;
}

/* The rules forbid it, as AppArmor's may, whoever of the container it is done to. */
static long refuse_access(struct vkm_instance *instance, enum vkm_count class, const char *what,
			  struct task_struct *target)
{
	const long answer = refuse(instance, class, EACCES);

	if (answer != VKM_PASS)
		vkm_tell(instance, "%s %*pE[%d] by %*pE[%d]: refused: no rule allows it", what,
			 (int)strnlen(target->comm, TASK_COMM_LEN), target->comm,
			 task_pid_nr(target), (int)strnlen(current->comm, TASK_COMM_LEN),
			 current->comm, task_pid_nr(current));
	return answer;
}

/* The kernel asks for the links and maps of many processes at once, and does not want that told. */
static long refuse_ptrace(struct task_struct *target, unsigned int mode,
			  struct vkm_instance *instance)
{
	const u32 wanted = mode & PTRACE_MODE_READ ? POLICY_ACCESS_READ : POLICY_ACCESS_PTRACE;
	long answer = VKM_PASS;

	rcu_read_lock();
	if (!instance)
		instance = vkm_instance_of(current);
	if (!instance || may_access(instance, wanted) || vkm_is_entering(current))
		answer = VKM_PASS;
	else if (mode & PTRACE_MODE_NOAUDIT)
		answer = -EACCES;
	else
		answer = refuse_access(instance, VKM_PTRACE,
				       wanted == POLICY_ACCESS_READ ? "looking into" : "ptrace of",
				       target);
	rcu_read_unlock();
	return answer;
}

long vkm_enter_ptrace(struct task_struct *target, unsigned int mode, struct vkm_instance *instance)
{
	const long answer = protect(target, instance, EPERM);

	return answer == VKM_PASS ? refuse_ptrace(target, mode, instance) : answer;
}

/* PTRACE_TRACEME: the parent is the tracer. Under the lock of all tasks, with interrupts off. */
long vkm_enter_traceme(struct task_struct *parent, struct vkm_instance *instance)
{
	if (!instance || may_access(instance, POLICY_ACCESS_PTRACE))
		return VKM_PASS;
	return refuse_access(instance, VKM_PTRACE, "traceme to", parent);
}

/* Its caller receives an ERR_PTR in place of the memory, which is the same bits. */
long vkm_enter_memory_of(struct task_struct *target, unsigned int mode,
			 struct vkm_instance *instance)
{
	return protect(target, instance, EACCES);
}

/*
 * A signal that a task sends, signal 0 and those to the own process excepted; what the kernel sends
 * is not asked about. A parent that dies sends too.
 */
long vkm_enter_kill(struct task_struct *target, struct kernel_siginfo *info, int number,
		    const struct cred *cred, struct vkm_instance *instance)
{
	long answer = VKM_PASS;

	if (!number || cred || same_thread_group(current, target))
		return VKM_PASS;
	rcu_read_lock();
	if (!instance)
		instance = vkm_instance_of(current);
	if (instance && !may_access(instance, POLICY_ACCESS_SIGNAL))
		answer = refuse_access(instance, VKM_SIGNAL, "signal to", target);
	rcu_read_unlock();
	return answer;
}

static bool may_make(const struct vkm_rules *rules, int family, int type)
{
	if (!rules->restricts_access)
		return true;
	return family >= 0 && family < POLICY_FAMILIES && type >= 0 && type < 16 &&
	       rules->socket_types[family] & BIT(type);
}

/* A task that exits makes no sockets. */
long vkm_enter_socket(int family, int type, int protocol, int kernels,
		      struct vkm_instance *instance)
{
	long answer;

	if (kernels || !instance || may_make(vkm_rules_of(instance), family, type))
		return VKM_PASS;
	answer = refuse(instance, VKM_SOCKET, EACCES);
	if (answer != VKM_PASS)
		vkm_tell(instance,
			 "socket (family %d, type %d) by %*pE[%d]: refused: no rule allows it",
			 family, type, (int)strnlen(current->comm, TASK_COMM_LEN), current->comm,
			 task_pid_nr(current));
	return answer;
}
