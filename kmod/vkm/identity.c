// SPDX-License-Identifier: GPL-2.0
#include "identity.h"

#include <linux/hashtable.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rculist.h>
#include <linux/sched.h>

#include "instance.h"

/* 256 buckets: a chain of two for 500 containers. */
static DEFINE_HASHTABLE(bound, 8);
static DEFINE_MUTEX(bound_lock); /* writers; readers are under RCU */

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

static struct vkm_instance *find(const struct pid_namespace *ns)
{
	struct vkm_instance *instance;

	hash_for_each_possible_rcu(bound, instance, node, (unsigned long)ns,
				   lockdep_is_held(&bound_lock)) {
		if (instance->ns == ns)
			return instance;
	}
	return NULL;
}

struct vkm_instance *vkm_instance_of(const struct task_struct *task)
{
	const struct pid_namespace *ns = vkm_container_of(task);

	return ns ? find(ns) : NULL;
}

int vkm_identity_bind(struct vkm_instance *instance)
{
	int error = -EBUSY;

	mutex_lock(&bound_lock);
	if (!find(instance->ns)) {
		hash_add_rcu(bound, &instance->node, (unsigned long)instance->ns);
		error = 0;
	}
	mutex_unlock(&bound_lock);
	return error;
}

void vkm_identity_unbind(struct vkm_instance *instance)
{
	mutex_lock(&bound_lock);
	hash_del_rcu(&instance->node);
	mutex_unlock(&bound_lock);
}
