/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whose container a task belongs to.
 *
 * A container is a PID namespace of level 1 and all below it. A task's chain of namespaces is
 * fixed in its struct pid, so the answer cannot be changed by setns(2), unshare(2) or reparenting.
 */
#ifndef VKM_IDENTITY_H
#define VKM_IDENTITY_H

#include <linux/types.h>

struct pid_namespace;
struct task_struct;
struct vkm_instance;

/*
 * The PID namespace of level 1 that task lives in or below, or NULL for a host task and for one
 * that has given up its PID. task must be current, or not yet running, or its PID pinned.
 * Context: any; RCU read lock held.
 */
struct pid_namespace *vkm_container_of(const struct task_struct *task);

/*
 * The instance bound to task's container, or NULL. Valid until rcu_read_unlock().
 * Context: any; RCU read lock held.
 */
struct vkm_instance *vkm_instance_of(const struct task_struct *task);

/*
 * Makes instance->ns, which it must hold a reference on, lead to instance.
 * Returns -EBUSY where another instance is bound to that namespace. Context: may sleep.
 */
int vkm_identity_bind(struct vkm_instance *instance);

/*
 * Undoes it. After an RCU grace period nobody reaches instance through its namespace any more;
 * waiting for that is the caller's. Context: may sleep.
 */
void vkm_identity_unbind(struct vkm_instance *instance);

#endif
