/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A registered vKI as vKM sees it, and its folder in sysfs.
 *
 *	registered --bind--> bound --release--> released --unregister--> gone
 *
 * Lifetime. vKM allocates the instance; the reference of its kobject that vkm_register() takes is
 * given back by vkm_unregister(). While bound it is reachable through its namespace, and a
 * reference on the guard's module keeps guard and instance where they are. release unlinks it
 * first and gives the module back after; readers under RCU may still hold both, which is why
 * vkm_unregister(), the module's last act, waits for a grace period before it lets go, and why
 * what was released is never bound again.
 */
#ifndef VKM_INSTANCE_H
#define VKM_INSTANCE_H

#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <vkernel/vkm.h>

struct pid_namespace;

struct vkm_counters {
	u64 denied[VKM_CLASSES];
};

struct vkm_instance {
	struct kobject kobject;
	const struct vkm_guard *guard; /* the vKI's; valid until vkm_unregister() returns */
	struct hlist_node node;	       /* in the namespace table while bound; identity.c's lock */
	struct mutex lock;	       /* orders bind against release; guards the next three */
	struct pid_namespace *ns;      /* bound to; holds a reference; else NULL */
	pid_t init;		       /* host's number of the task named at bind; else 0 */
	bool released;		       /* was bound: its node may still have readers, see release */
	struct vkm_counters __percpu *counters;
};

/* Adds one denial. Context: any, the instance reached under RCU. */
void vkm_instance_count(struct vkm_instance *instance, enum vkm_class class);

/* /sys/kernel/vkernel comes and goes. Context: process, may sleep. */
int vkm_instance_start(void);
void vkm_instance_stop(void);

#endif
