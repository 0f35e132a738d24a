/* SPDX-License-Identifier: GPL-2.0 */
/* The files of an instance under /sys/kernel/vkernel/instances/, for the host's own tasks only. */
#ifndef VKM_SYSFS_H
#define VKM_SYSFS_H

#include <linux/kobject.h>
#include <linux/types.h>

struct vkm_instance;

/* instance.c's side. What they do and return is said where the files are written (sysfs.c). */
int vkm_instance_bind(struct vkm_instance *instance, pid_t number);
int vkm_instance_release(struct vkm_instance *instance);
const char *vkm_instance_state(struct vkm_instance *instance);
ssize_t vkm_instance_read_policy(struct vkm_instance *instance, char *buffer, loff_t offset,
				 size_t size);
int vkm_instance_stage(struct vkm_instance *instance, const char *buffer, loff_t offset,
		       size_t size);

/*
 * sysfs.c's: writes what `log_range` says into buffer, a page, from `at` on. Returns its length, or
 * -ENODATA. Context: process.
 */
int vkm_emit_log_range(const struct vkm_instance *instance, char *buffer, int at);

struct vkm_instance *vkm_to_instance(struct kobject *kobject);

/* True if the current task is the host's, whatever a container holds or has mounted. Any context. */
bool vkm_from_host(void);

/* The file that gives notice when a private log grows. */
#define VKM_LOG_RANGE "log_range"

extern const struct attribute_group *vkm_instance_groups[];

#endif
