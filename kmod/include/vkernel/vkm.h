/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The contract between the framework (vKM) and an instance (vKI).
 *
 * A vKI registers what it enforces as rules (rules.h). vKM places the hooks that these need, shows
 * the instance under /sys/kernel/vkernel/instances/, and, once the runtime has bound it to a
 * container's PID namespace, enforces the rules on that container's tasks.
 */
#ifndef VKERNEL_VKM_H
#define VKERNEL_VKM_H

#include <linux/types.h>
#include <vkernel/rules.h>

struct module;
struct vkm_instance;

/*
 * What is said of a vKI when it is registered. The structure belongs to the vKI and does not
 * change until vkm_unregister() has returned.
 */
struct vkm_guard {
	struct module *owner;
	const char *name; /* unique: the module's name; shown in sysfs */

	/*
	 * Makes rules from size bytes at blob, which are the caller's. Returns them, in one
	 * allocation that kvfree() ends, or an ERR_PTR: -EINVAL where the blob is refused (the log
	 * says at which offset and why), -ENOENT where it names a private call that this vKI does
	 * not have, -ENOMEM. Context: process, may sleep.
	 */
	struct vkm_rules *(*compile)(const void *blob, size_t size);
};

/*
 * Places the hooks that rules need and makes the instance known, bound to nothing yet.
 * Returns the instance or an ERR_PTR: -EOPNOTSUPP where a function cannot be hooked on this
 * kernel, -EBUSY where somebody else holds it (livepatch, BPF), -ENOMEM, -EEXIST; the log says
 * which and why. Nothing is left behind but hooks, which stay until vKM is unloaded.
 * rules are vKM's from here on, also where this fails.
 * Context: process, may sleep. The caller owns the instance until vkm_unregister().
 */
struct vkm_instance *vkm_register(const struct vkm_guard *guard, struct vkm_rules *rules);

/*
 * Takes the instance away. It must not be bound: a bound instance holds a reference on
 * guard->owner, so a call from that module's exit function cannot find it so. When this returns,
 * no task runs in the vKI's private calls or looks at the guard.
 * Context: process, sleeps.
 */
void vkm_unregister(struct vkm_instance *instance);

#endif
