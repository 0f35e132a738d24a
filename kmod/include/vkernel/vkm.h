/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The contract between the framework (vKM) and an instance (vKI).
 *
 * A vKI describes what it restricts in a struct vkm_guard and registers it. vKM places the hooks
 * that this needs, shows the instance under /sys/kernel/vkernel/instances/, and, once the runtime
 * has bound it to a container's PID namespace, asks the guard about that container's tasks.
 */
#ifndef VKERNEL_VKM_H
#define VKERNEL_VKM_H

#include <linux/types.h>
#include <vkernel/policy.h>

struct module;
struct pt_regs;
struct vkm_instance;

/*
 * A guard's answer that lets the hooked function run. Any other value is what the caller of the
 * hooked function receives instead. The number is none that a system call returns: it lies just
 * beyond the errno range.
 */
#define VKM_PASS (-4096L)

/*
 * Kinds of hooked functions: each has a trampoline, a handler and a counter of its own.
 * VKM_CLASSES is their number.
 */
enum vkm_class {
	VKM_SYSCALL,
	VKM_CAPABILITY,
	VKM_LOG,
	VKM_PTRACE, /* vKM's own: protects a runtime's tasks, whatever the policy */
	VKM_CLASSES,
};

/*
 * One vKI's side. The structure and all that it points to belong to the vKI, do not change between
 * vkm_register() and the return of vkm_unregister(), and are read under rcu_read_lock().
 *
 * The decisions are called on the path of the container's task, with preemption possible and
 * within an RCU read-side critical section: they must not sleep, allocate or print. A decision is
 * asked about every call of the hooked function by a task of the container; it answers VKM_PASS
 * where it restricts nothing.
 */
struct vkm_guard {
	struct module *owner;
	const char *name; /* unique: the module's name; shown in sysfs */

	/* Calls to hook on each entry path; bit N is call N, POLICY_SYSCALL_MAX bits. */
	const unsigned long *syscalls[POLICY_TABLES];
	bool guards_capabilities; /* hook the capability check */
	bool guards_log;	  /* hook the kernel log's ways in */

	/* regs: the task's registers at entry; table: the entry path it came by. */
	long (*syscall)(const struct vkm_guard *guard, enum policy_table_index table,
			const struct pt_regs *regs);
	/* Also called from interrupts that borrow the task: answers from data alone. */
	long (*capability)(const struct vkm_guard *guard, int capability);
	long (*log)(const struct vkm_guard *guard);
};

/*
 * Places the hooks that guard needs and makes the instance known, bound to nothing yet.
 * Returns the instance or an ERR_PTR: -EOPNOTSUPP where a function cannot be hooked on this
 * kernel, -EBUSY where somebody else holds it (livepatch, BPF), -ENOMEM, -EEXIST; the log says
 * which and why. Nothing is left behind but hooks, which stay until vKM is unloaded.
 * Context: process, may sleep. The caller owns the instance until vkm_unregister().
 */
struct vkm_instance *vkm_register(const struct vkm_guard *guard);

/*
 * Takes the instance away. It must not be bound: a bound instance holds a reference on
 * guard->owner, so a call from that module's exit function cannot find it so. When this returns,
 * no task runs in the guard's functions or holds a pointer to it.
 * Context: process, sleeps for an RCU grace period.
 */
void vkm_unregister(struct vkm_instance *instance);

#endif
