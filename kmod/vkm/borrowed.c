// SPDX-License-Identifier: GPL-2.0
#include "borrowed.h"

#include <linux/array_size.h>
#include <linux/capability.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/task_work.h>
#include <asm/syscall.h>
#include <vkernel/policy.h>

#include "credentials.h"
#include "instance.h"
#include "report.h"

/* What the kernel puts credentials on for: files. Other capabilities are nobody's to borrow. */
#define BORROWABLE                                                                       \
	(BIT_ULL(CAP_CHOWN) | BIT_ULL(CAP_DAC_OVERRIDE) | BIT_ULL(CAP_DAC_READ_SEARCH) | \
	 BIT_ULL(CAP_FOWNER) | BIT_ULL(CAP_FSETID) | BIT_ULL(CAP_LINUX_IMMUTABLE) |      \
	 BIT_ULL(CAP_MKNOD) | BIT_ULL(CAP_SETFCAP) | BIT_ULL(CAP_SYS_ADMIN) |            \
	 BIT_ULL(CAP_SYS_RESOURCE) | BIT_ULL(CAP_MAC_OVERRIDE) | BIT_ULL(CAP_MAC_ADMIN))

#define LATER(number)          \
	{                      \
		number, number \
	} /* the same on both entry paths since 5.1 */

/* Calls that need a borrowable capability themselves, before or without any work on files. */
static const struct {
	int capability;
	u16 numbers[POLICY_TABLES];
} own_checks[] = {
	{CAP_MKNOD, {133, 14}},	     /* mknod */
	{CAP_MKNOD, {259, 297}},     /* mknodat */
	{CAP_SYS_ADMIN, {165, 21}},  /* mount */
	{CAP_SYS_ADMIN, {166, 52}},  /* umount2 */
	{CAP_SYS_ADMIN, {166, 22}},  /* umount */
	{CAP_SYS_ADMIN, {103, 103}}, /* syslog, which takes it for CAP_SYSLOG on 6.1 */
	{CAP_SYS_ADMIN, {155, 217}}, /* pivot_root */
	{CAP_SYS_ADMIN, {167, 87}},  /* swapon */
	{CAP_SYS_ADMIN, {168, 115}}, /* swapoff */
	{CAP_SYS_ADMIN, {170, 74}},  /* sethostname */
	{CAP_SYS_ADMIN, {171, 121}}, /* setdomainname */
	{CAP_SYS_ADMIN, {179, 131}}, /* quotactl */
	{CAP_SYS_ADMIN, {272, 310}}, /* unshare */
	{CAP_SYS_ADMIN, {308, 346}}, /* setns */
	{CAP_SYS_ADMIN, {56, 120}},  /* clone */
	{CAP_SYS_ADMIN, {298, 336}}, /* perf_event_open */
	{CAP_SYS_ADMIN, {300, 338}}, /* fanotify_init */
	{CAP_SYS_ADMIN, {321, 357}}, /* bpf */
	{CAP_SYS_ADMIN, LATER(429)}, /* move_mount */
	{CAP_SYS_ADMIN, LATER(430)}, /* fsopen */
	{CAP_SYS_ADMIN, LATER(431)}, /* fsconfig */
	{CAP_SYS_ADMIN, LATER(432)}, /* fsmount */
	{CAP_SYS_ADMIN, LATER(433)}, /* fspick */
	{CAP_SYS_ADMIN, LATER(POLICY_CLONE3)},
	{CAP_SYS_ADMIN, LATER(442)}, /* mount_setattr */
	{CAP_SYS_ADMIN, LATER(443)}, /* quotactl_fd */
};

bool vkm_may_borrow(int capability)
{
	const u32 number = current_pt_regs()->orig_ax;
	const unsigned int path = in_ia32_syscall() ? POLICY_TABLE_I386 : POLICY_TABLE_X86_64;
	size_t i;

	if (!(BORROWABLE & BIT_ULL(capability)))
		return false;
	for (i = 0; i < ARRAY_SIZE(own_checks); i++)
		if (own_checks[i].capability == capability && own_checks[i].numbers[path] == number)
			return false;
	return true;
}

/*
 * It is run by the task itself before it returns to user space or exits: until then the task is in
 * its container, which keeps instance and vKM where they are.
 */
struct watch {
	struct callback_head work;
	struct vkm_instance *instance;
};

/* The reference that the thief's credentials may have had is left alone: nobody knows of it. */
static void give_back(struct vkm_instance *instance)
{
	const struct vkm_rules *rules = vkm_rules_of(instance);
	const u64 excess = vkm_held_capabilities(current_cred()) & ~rules->capabilities;

	rcu_assign_pointer(current->cred, get_cred(rcu_access_pointer(current->real_cred)));
	vkm_report_excess(instance, excess, rules->excess == POLICY_EXCESS_KILL);
}

static void look_again(struct callback_head *work)
{
	struct watch *watch = container_of(work, struct watch, work);
	struct vkm_instance *instance = watch->instance;

	kfree(watch);
	cmpxchg(&instance->watched, current, NULL);
	if (vkm_is_borrowed(current_cred()))
		give_back(instance);
}

/*
 * The kernel's threads of a ring never return, and wear the ring's credentials for good: those are
 * asked about with each operation (syscall.c). Where memory fails nobody looks this time.
 */
void vkm_watch_borrower(struct vkm_instance *instance)
{
	struct watch *watch;

	if (current->flags & (PF_EXITING | PF_IO_WORKER) || READ_ONCE(instance->watched) == current)
		return;
	watch = kmalloc(sizeof(*watch), GFP_ATOMIC | __GFP_NOWARN);
	if (!watch)
		return;
	watch->instance = instance;
	init_task_work(&watch->work, look_again);
	if (task_work_add(current, &watch->work, TWA_RESUME))
		kfree(watch);
	else
		WRITE_ONCE(instance->watched, current);
}
