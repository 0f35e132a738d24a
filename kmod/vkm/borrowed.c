// SPDX-License-Identifier: GPL-2.0
#include "borrowed.h"

#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/task_work.h>

#include "credentials.h"
#include "instance.h"
#include "report.h"

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
