/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Credentials that a task wears for a moment in place of its own.
 *
 * The kernel puts them on to act for itself (overlayfs as its mounter, the loading of firmware) and
 * takes them off before the task returns to user space. What is asked then is no question about
 * the container. A thief who writes the same pointer wears them for good.
 */
#ifndef VKM_BORROWED_H
#define VKM_BORROWED_H

#include <linux/cred.h>
#include <linux/sched.h>

struct vkm_instance;

/* True if cred is what the current task wears in place of its own. Context: any. */
static inline bool vkm_is_borrowed(const struct cred *cred)
{
	return cred == current_cred() && cred != rcu_access_pointer(current->real_cred);
}

/*
 * True if the kernel may have borrowed credentials for this capability in the current system call:
 * it is one for files, and the call is none that asks for it itself, in the task's own name.
 * Context: the task's own.
 */
bool vkm_may_borrow(int capability);

/*
 * Looks at the current task, which wears borrowed credentials, once more when it returns to user
 * space: if it wears them still, it gets its own back and is told of as one that holds too much.
 * Context: task, may be atomic; instance is the task's.
 */
void vkm_watch_borrower(struct vkm_instance *instance);

#endif
