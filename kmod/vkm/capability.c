// SPDX-License-Identifier: GPL-2.0
/*
 * The second check of capabilities: whatever the kernel would grant, a container has no more than
 * its rules allow.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/pid_namespace.h>
#include <linux/preempt.h>
#include <linux/prctl.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/user_namespace.h>
#include <compat/securebits.h>

#include "arming.h"
#include "borrowed.h"
#include "credentials.h"
#include "dispatch.h"
#include "identity.h"
#include "instance.h"
#include "report.h"
#include "symbol.h"

/* Whether cred is of the user namespace that the container was started in, or of one above. */
static bool is_from_above(const struct cred *cred, const struct pid_namespace *container)
{
	const struct user_namespace *ns = container->user_ns;

	while (ns && ns != cred->user_ns)
		ns = ns->parent;
	return ns;
}

/*
 * Capabilities beyond the allowed ones count in the user namespace that the container was started
 * in, and above; in one that it has made itself it holds them all by right, and they are refused
 * all the same.
 */
static void look_for_excess(struct vkm_instance *instance, const struct vkm_rules *rules,
			    const struct cred *cred)
{
	const u64 excess = vkm_held_capabilities(cred) & ~rules->capabilities;
	const struct pid_namespace *ns = READ_ONCE(instance->ns);

	if (excess && cred == current_cred() && ns && is_from_above(cred, ns))
		vkm_report_excess(instance, excess, rules->excess == POLICY_EXCESS_KILL);
}

/*
 * Whether the container's current task has to do without capability: it becomes real for an armed
 * task in its own context only; an interrupt borrows current.
 */
static bool is_withheld(const struct vkm_instance *instance, int capability)
{
	return !(vkm_rules_of(instance)->capabilities & BIT_ULL(capability)) && in_task() &&
	       !vkm_is_entering(current);
}

static long withhold(struct vkm_instance *instance, int capability)
{
	const struct vkm_denial denial = {
		.class = VKM_CAPABILITY,
		.number = capability,
		.verdict = POLICY_VERDICT(POLICY_ERRNO, EPERM),
	};

	vkm_report(instance, &denial);
	return -EPERM;
}

static long decide(struct vkm_instance *instance, const struct cred *cred, int capability,
		   unsigned int options)
{
	if (!in_task() || vkm_is_entering(current))
		return VKM_PASS;
	if (vkm_is_borrowed(cred) && vkm_may_borrow(capability)) {
		vkm_watch_borrower(instance);
		return VKM_PASS;
	}
	if (!vkm_is_borrowed(cred))
		look_for_excess(instance, vkm_rules_of(instance), cred);
	if (!is_withheld(instance, capability))
		return VKM_PASS;
	/* The kernel only asks whether it would be granted. */
	if (options & CAP_OPT_NOAUDIT)
		return -EPERM;
	return withhold(instance, capability);
}

long vkm_enter_capability(const struct cred *cred, struct user_namespace *target, int capability,
			  unsigned int options, struct vkm_instance *instance)
{
	long answer = VKM_PASS;

	rcu_read_lock();
	if (!instance)
		instance = vkm_instance_of(current);
	if (instance)
		answer = decide(instance, cred, capability, options);
	rcu_read_unlock();
	return answer;
}

/*
 * The next four stand beside cap_capable(), which the compiler has put into these functions as
 * well. A task that exits does not come here with anything to gain.
 */

/* Without CAP_SETPCAP nothing may be inherited that is neither inheritable nor permitted yet. */
long vkm_enter_capset(struct cred *new, const struct cred *old, const kernel_cap_t *effective,
		      const kernel_cap_t *inheritable, const kernel_cap_t *permitted,
		      struct vkm_instance *instance)
{
	if (!instance || !is_withheld(instance, CAP_SETPCAP))
		return VKM_PASS;
	if (cap_issubset(*inheritable, cap_combine(old->cap_inheritable, old->cap_permitted)))
		return VKM_PASS;
	return withhold(instance, CAP_SETPCAP);
}

long vkm_enter_prctl(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4,
		     unsigned long arg5, struct vkm_instance *instance)
{
	if (option != PR_SET_SECUREBITS || !instance || !is_withheld(instance, CAP_SETPCAP))
		return VKM_PASS;
	if (compat_may_set_securebits(current_cred()->securebits, arg2))
		return VKM_PASS;
	return withhold(instance, CAP_SETPCAP);
}

/* Whether the last pages that are kept for the administrator may be had: asked all the time. */
long vkm_enter_memory(struct mm_struct *mm, long pages, struct vkm_instance *instance)
{
	return instance && is_withheld(instance, CAP_SYS_ADMIN) ? -EPERM : VKM_PASS;
}

static const unsigned long *lowest_address; /* dac_mmap_min_addr, the sysctl vm.mmap_min_addr */

long vkm_enter_mmap(unsigned long address, struct vkm_instance *instance)
{
	if (address >= READ_ONCE(*lowest_address) || !instance ||
	    !is_withheld(instance, CAP_SYS_RAWIO))
		return VKM_PASS;
	return withhold(instance, CAP_SYS_RAWIO);
}

int vkm_capability_start(void)
{
	lowest_address = vkm_symbol_address("dac_mmap_min_addr");
	return PTR_ERR_OR_ZERO(lowest_address);
}
