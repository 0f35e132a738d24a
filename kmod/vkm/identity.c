// SPDX-License-Identifier: GPL-2.0
#include "identity.h"

#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>

#include "instance.h"

/*
 * A place is free (NULL), left (LEFT: others may have been put behind it) or has a namespace. The
 * two arrays belong together; an instance is written before its namespace.
 */
const struct pid_namespace *vkm_bound_namespaces[VKM_PLACES];
struct vkm_instance *vkm_bound_instances[VKM_PLACES];

#define LEFT ((const struct pid_namespace *)1)

static DEFINE_MUTEX(bound_lock); /* writers */
static unsigned int bound;	 /* namespaces in the table; under bound_lock */
static unsigned int taken;	 /* places that are not free, the left ones too; likewise */

#define BOUND_MAX (VKM_PLACES / 4)
#define TAKEN_MAX (VKM_PLACES / 4 * 3) /* without a free place looking would never end */

/*
 * thread_pid is read once: release_task() may clear it for a task that is on its way out. The
 * struct pid it named stays until an RCU grace period has passed, and its namespaces with it.
 */
struct pid_namespace *vkm_container_of(const struct task_struct *task)
{
	const struct pid *pid = READ_ONCE(task->thread_pid);

	if (!pid || !pid->level)
		return NULL;
	return pid->numbers[1].ns;
}

static unsigned int home(const struct pid_namespace *ns)
{
	return (u32)(unsigned long)ns * VKM_HASH_FACTOR >> (32 - VKM_PLACES_POWER);
}

static unsigned int after(unsigned int place)
{
	return (place + 1) % VKM_PLACES;
}

/* ns's place, or the free one at which looking for it ends. A quarter of the places is free. */
static unsigned int find(const struct pid_namespace *ns)
{
	const struct pid_namespace *found;
	unsigned int place = home(ns);

	for (;; place = after(place)) {
		found = smp_load_acquire(&vkm_bound_namespaces[place]);
		if (!found || found == ns)
			return place;
	}
}

struct vkm_instance *vkm_instance_of(const struct task_struct *task)
{
	const struct pid_namespace *ns = vkm_container_of(task);
	struct vkm_instance *instance;
	unsigned int place;

	if (!ns)
		return NULL;
	place = find(ns);
	instance = READ_ONCE(vkm_bound_instances[place]);
	/* The place may have been given to another since: then ns is over and has no instance. */
	smp_rmb();
	return READ_ONCE(vkm_bound_namespaces[place]) == ns ? instance : NULL;
}

static void put(struct vkm_instance *instance)
{
	unsigned int place = home(instance->ns);

	while (vkm_bound_namespaces[place] && vkm_bound_namespaces[place] != LEFT)
		place = after(place);
	if (!vkm_bound_namespaces[place])
		taken++;
	WRITE_ONCE(vkm_bound_instances[place], instance);
	smp_store_release(&vkm_bound_namespaces[place], instance->ns);
	bound++;
}

int vkm_identity_bind(struct vkm_instance *instance)
{
	int error = 0;

	mutex_lock(&bound_lock);
	if (vkm_bound_namespaces[find(instance->ns)])
		error = -EBUSY;
	else if (bound == BOUND_MAX || taken == TAKEN_MAX)
		error = -ENOSPC;
	else
		put(instance);
	mutex_unlock(&bound_lock);
	return error;
}

/* Places that nobody is behind become free again, or looking would take longer and longer. */
void vkm_identity_unbind(struct vkm_instance *instance)
{
	unsigned int place;

	mutex_lock(&bound_lock);
	place = find(instance->ns);
	WRITE_ONCE(vkm_bound_namespaces[place], LEFT);
	while (!vkm_bound_namespaces[after(place)] && vkm_bound_namespaces[place] == LEFT) {
		WRITE_ONCE(vkm_bound_namespaces[place], NULL);
		taken--;
		place = (place + VKM_PLACES - 1) % VKM_PLACES;
	}
	bound--;
	mutex_unlock(&bound_lock);
}
