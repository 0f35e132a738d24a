/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's queue for short work has had another name since 6.17; its old one is complained of. */
#ifndef VKM_COMPAT_WORKQUEUE_H
#define VKM_COMPAT_WORKQUEUE_H

#include <linux/version.h>
#include <linux/workqueue.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define compat_percpu_wq system_wq
#else
#define compat_percpu_wq system_percpu_wq
#endif

#endif
