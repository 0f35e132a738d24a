/* SPDX-License-Identifier: GPL-2.0 */
/* Binary attributes are constant since 6.16. */
#ifndef VKM_COMPAT_SYSFS_H
#define VKM_COMPAT_SYSFS_H

#include <linux/sysfs.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 16, 0)
#define COMPAT_BIN_ATTRIBUTE struct bin_attribute
#else
#define COMPAT_BIN_ATTRIBUTE const struct bin_attribute
#endif

#endif
