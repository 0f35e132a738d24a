/* SPDX-License-Identifier: GPL-2.0 */
/* The probe of sched_process_exit has had a second argument since 6.16. */
#ifndef VKM_COMPAT_TRACEPOINT_H
#define VKM_COMPAT_TRACEPOINT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 16, 0)
#define COMPAT_EXIT_PROBE_ARGUMENTS void *data, struct task_struct *task
#else
#define COMPAT_EXIT_PROBE_ARGUMENTS void *data, struct task_struct *task, bool group_dead
#endif

#endif
