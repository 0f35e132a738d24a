/* SPDX-License-Identifier: GPL-2.0 */
/* What an instance needs for its rules, and how others take their place. */
#ifndef VKM_POLICY_H
#define VKM_POLICY_H

struct vkm_instance;
struct vkm_rules;

/*
 * Gives instance what rules need of it: a memory of files, a private log. 0 or -ENOMEM.
 * Context: process, may sleep; instance->lock held, or nobody knows of it yet.
 */
int vkm_policy_provide(struct vkm_instance *instance, const struct vkm_rules *rules);

/*
 * From now on the log, if there is one, gives notice through sysfs, where the instance has been
 * added. Context: process; instance->lock held.
 */
void vkm_policy_announce(struct vkm_instance *instance);

/*
 * Forgets a blob that was written in part. Context: process, may sleep; instance->exchange held, or
 * nobody knows of it any more.
 */
void vkm_policy_drop_staged(struct vkm_instance *instance);

/* When this returns all rules that were exchanged are freed. Context: process, sleeps. */
void vkm_policy_stop(void);

#endif
