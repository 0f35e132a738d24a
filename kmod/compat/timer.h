/* SPDX-License-Identifier: GPL-2.0 */
/* Setting up a timer is one call since 6.13. */
#ifndef VKM_COMPAT_TIMER_H
#define VKM_COMPAT_TIMER_H

#include <linux/hrtimer.h>
#include <linux/version.h>

static inline void compat_hrtimer_setup(struct hrtimer *timer,
					enum hrtimer_restart (*function)(struct hrtimer *timer))
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer->function = function;
#else
	hrtimer_setup(timer, function, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
#endif
}

#endif
