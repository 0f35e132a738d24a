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
 * Credentials that are neither the task's own nor the ones it acts under belong to somebody else
 * (an opened file, another process): the question is not about what this task may do. Credentials
 * that the kernel put on for a moment (overlayfs acting as its mounter, access(2) as the real
 * user) are not the task's real ones: the kernel's act, not the container's.
 */
static bool concerns_current(const struct cred *cred)
{
	return cred == rcu_access_pointer(current->real_cred);
}

long vkm_enter_capability(const struct cred *cred, struct user_namespace *target, int capability,
			  unsigned int options)
{
	struct vkm_instance *instance;
	long verdict = VKM_PASS;

	rcu_read_lock();
	instance = vkm_instance_of(current);
	if (instance && instance->guard->guards_capabilities && concerns_current(cred)) {
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
