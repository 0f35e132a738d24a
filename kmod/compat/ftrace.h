/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ftrace direct calls as 6.12 has them. Before 6.4 the calls for many functions were called
 * *_multi, and unregistering left the filter to the caller.
 */
#ifndef VKM_COMPAT_FTRACE_H
#define VKM_COMPAT_FTRACE_H

#include <linux/ftrace.h>
#include <linux/version.h>

static inline int compat_register_direct(struct ftrace_ops *ops, unsigned long trampoline)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	return register_ftrace_direct_multi(ops, trampoline);
#else
	return register_ftrace_direct(ops, trampoline);
#endif
}

static inline int compat_unregister_direct(struct ftrace_ops *ops, unsigned long trampoline)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	return unregister_ftrace_direct_multi(ops, trampoline);
#else
	return unregister_ftrace_direct(ops, trampoline, false);
#endif
}

#endif
