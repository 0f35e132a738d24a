/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which of a container's tasks are not the container's program yet.
 *
 * A runtime's init works inside the new PID namespace before it executes the program, and needs
 * more than the policy allows. A task that was created from outside its container, or by such a
 * task, is *entering* until its first successful execve. Who counts is the creator, the task that
 * called clone: CLONE_PARENT changes the parent and opens nothing. What never passes the fork
 * tracepoint (io_uring workers, vhost threads) is not entering, hence armed.
 *
 * A runtime's init may execute hooks before its program, which are the runtime's own programs
 * (createContainer). Where they are expected (expect.h), what descends from the init stays entering
 * through its execs, until the init executes: what hooks have left is killed then.
 */
#ifndef VKM_ARMING_H
#define VKM_ARMING_H

#include <linux/compiler.h>
#include <linux/types.h>

struct task_struct;

/* Attaches to the fork, exec and exit tracepoints. Context: process, may sleep. */
int vkm_arming_start(void);

/*
 * Detaches and forgets all entering tasks; when it returns no probe runs. There must be no bound
 * instance left: their entering tasks would be armed in the middle of their work.
 * Context: process, sleeps.
 */
void vkm_arming_stop(void);

/* How many tasks are entering; arming.c's, to be asked by the next function only. */
extern unsigned int vkm_entering_count;

bool vkm_is_listed(const struct task_struct *task);

/* False: certainly none is. Context: any. */
static inline bool vkm_may_be_entering(void)
{
	return READ_ONCE(vkm_entering_count);
}

/*
 * Context: any; task must not be freed meanwhile. About current, or a task that has run already,
 * the answer is certain: it was counted before it first ran.
 */
static inline bool vkm_is_entering(const struct task_struct *task)
{
	return vkm_may_be_entering() && vkm_is_listed(task);
}

#endif
