/* SPDX-License-Identifier: GPL-2.0 */
/* What revalidates a name has had the folder and the name before the entry since 6.14. */
#ifndef VKM_COMPAT_REVALIDATE_H
#define VKM_COMPAT_REVALIDATE_H

#include <linux/version.h>

struct dentry;

static inline const struct dentry *compat_revalidated(const void *first, const void *third)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
	return first;
#else
	return third;
#endif
}

#endif
