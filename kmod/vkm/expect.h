/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Containers that are about to come. A runtime tells the name of an instance before it has the
 * container made, and loads the instance meanwhile. The first level-1 PID namespace that the runtime
 * or one of its descendants makes is the container: its init is held when it executes its program,
 * before the program's first instruction, until the instance is there, and is bound to it then. Where
 * the runtime ends without that, the init is killed, and, where there is no container yet, what would
 * have made it: all that descends from the runtime. Whoever else executes a program in the container
 * before it is bound is killed, too, unless that is a hook.
 *
 *	expected --fork--> made --exec--> held --instance registered--> bound
 */
#ifndef VKM_EXPECT_H
#define VKM_EXPECT_H

#include <linux/types.h>

struct pid_namespace;
struct task_struct;
struct vkm_instance;

/*
 * The current process is going to have the container made that the instance called name (count bytes,
 * not terminated) is for. hooks: before its program, the init has the runtime's own hooks executed in
 * the container (arming.h). Ends with the process, which has a single thread. Returns 0, or -EINVAL (no
 * name of a module), -EEXIST (the name is expected, or the process expects something), -ENOMEM,
 * -ENODEV. Context: process, may sleep.
 */
int vkm_expect(const char *name, size_t count, bool hooks);

/*
 * What has come of the container that the current process expects: "none" (it expects nothing),
 * "expected", "made", "held", "bound", or that its init has ended before its program began: "gone" (it
 * never executed), "killed" (while it was held), "cancelled" (there will be no instance), "refused" (it
 * could not be bound, the log says why). Context: process.
 */
const char *vkm_expect_state(void);

/* Whether hooks are executed in this container, which is expected. Context: any but interrupts. */
bool vkm_expect_hooks(const struct pid_namespace *container);

/*
 * Copies the name that the current process expects, MODULE_NAME_LEN bytes at most with the end; false:
 * it expects none. Context: process.
 */
bool vkm_expect_name(char *name);

/*
 * There will be no instance: the container that the current process expects is killed when its init
 * executes, whether it is there or comes yet. Context: process.
 */
void vkm_expect_cancel(void);

/*
 * Binds instance to the container that the current process expects for it, without waiting for its
 * exec. Returns 0, or -ESRCH (it expects none, or none has come), or as binding does.
 * Context: process, may sleep.
 */
int vkm_expect_settle(struct vkm_instance *instance);

/* An instance of this name has been registered. Context: process. */
void vkm_expect_arrived(const char *name);

/*
 * arming.c's probes. child, an entering task, has been created by the current one; task executes, is
 * the first program of its namespace, or not; task exits. exec returns true where it has seen to
 * everything that an init's first execution is due. Context: probe, in a read-side section.
 */
void vkm_expect_fork(struct pid_namespace *container, struct task_struct *child);
bool vkm_expect_exec(struct task_struct *task);
void vkm_expect_exit(struct task_struct *task);

#endif
