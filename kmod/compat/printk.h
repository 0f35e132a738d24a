/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bytes of a record's text, and what may be written to /dev/kmsg at once: before 6.3 the prefix of
 * a console's line counted.
 */
#ifndef VKM_COMPAT_PRINTK_H
#define VKM_COMPAT_PRINTK_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define COMPAT_RECORD_MAX (1024 - 32)
#else
#define COMPAT_RECORD_MAX 1024
#endif

#endif
