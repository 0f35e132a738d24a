/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whose container a task belongs to.
 *
 * A container is a PID namespace of level 1 and all below it. A task's chain of namespaces is
 * fixed in its struct pid, so the answer cannot be changed by setns(2), unshare(2) or reparenting.
 *
 * Namespaces lead to instances through an open hash table, which trampoline.S looks into without
 * any lock. Why it may: a task that does not exit has its struct pid, which holds its namespaces;
 * a namespace with a task is not over, and only what is over is unbound. So the entry of a running
 * task's own container stays while it looks, and with it the instance. A task that exits may lose
 * its PID at any moment, to a parent that reaps it: it is sent to C, which looks under RCU.
 */
#ifndef VKM_IDENTITY_H
#define VKM_IDENTITY_H

/* The hash table: powers of two of places, at most a quarter of them bound. */
#define VKM_PLACES_POWER 14
#define VKM_PLACES	 (1 << VKM_PLACES_POWER)
#define VKM_HASH_FACTOR	 0x61c88647 /* GOLDEN_RATIO_32 of <linux/hash.h> */

#ifndef __ASSEMBLER__
#include <linux/types.h>

struct pid_namespace;
struct task_struct;
struct vkm_instance;

/* The table: identity.c writes it, trampoline.S reads it, nobody else does. */
extern const struct pid_namespace *vkm_bound_namespaces[VKM_PLACES];
extern struct vkm_instance *vkm_bound_instances[VKM_PLACES];

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
 * Makes instance->ns, which it must hold a reference on, lead to instance. Returns -EBUSY where
 * another instance is bound to that namespace, -ENOSPC where too many are bound.
 * Context: may sleep.
 */
int vkm_identity_bind(struct vkm_instance *instance);

/*
 * Undoes it. After an RCU grace period nobody reaches instance through its namespace any more;
 * waiting for that is the caller's. Context: may sleep.
 */
void vkm_identity_unbind(struct vkm_instance *instance);

#endif
#endif
