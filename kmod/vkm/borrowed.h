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

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/sched.h>

struct vkm_instance;

/* What the kernel puts credentials on for: files. Other capabilities are nobody's to borrow. */
#define VKM_BORROWABLE                                                                   \
	(BIT_ULL(CAP_CHOWN) | BIT_ULL(CAP_DAC_OVERRIDE) | BIT_ULL(CAP_DAC_READ_SEARCH) | \
	 BIT_ULL(CAP_FOWNER) | BIT_ULL(CAP_FSETID) | BIT_ULL(CAP_LINUX_IMMUTABLE) |      \
	 BIT_ULL(CAP_MKNOD) | BIT_ULL(CAP_SETFCAP) | BIT_ULL(CAP_SYS_ADMIN) |            \
	 BIT_ULL(CAP_SYS_RESOURCE) | BIT_ULL(CAP_MAC_OVERRIDE) | BIT_ULL(CAP_MAC_ADMIN))

/* True if cred is what the current task wears in place of its own. Context: any. */
static inline bool vkm_is_borrowed(const struct cred *cred)
{
	return cred == current_cred() && cred != rcu_access_pointer(current->real_cred);
}

/*
 * Looks at the current task, which wears borrowed credentials, once more when it returns to user
 * space: if it wears them still, it gets its own back and is told of as one that holds too much.
 * Context: task, may be atomic; instance is the task's.
 */
void vkm_watch_borrower(struct vkm_instance *instance);

#endif
