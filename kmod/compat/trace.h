/* SPDX-License-Identifier: GPL-2.0 */
/* Since 6.10 __assign_str() remembers the string that __string() was given. */
#ifndef VKM_COMPAT_TRACE_H
#define VKM_COMPAT_TRACE_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
#define compat_assign_str(field, string) __assign_str(field, string)
#else
#define compat_assign_str(field, string) __assign_str(field)
#endif

#endif
