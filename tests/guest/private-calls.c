// SPDX-License-Identifier: GPL-2.0
/* Private calls that sleep: an instance must not go away under them. */
#include <linux/delay.h>
#include <linux/sched/signal.h>
#include <vkernel/private.h>

/* pause(2), by hand. */
static long private_pause(const struct pt_regs *regs)
{
	while (!signal_pending(current)) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!signal_pending(current))
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return -ERESTARTNOHAND;
}

/* Sleeps for the first argument's milliseconds, whatever comes. Stands in for vhangup(2). */
static long private_nap(const struct pt_regs *regs)
{
	msleep(vki_argument(regs, 0));
	return vki_number(regs);
}

VKI_PRIVATE_CALL(pause, private_pause);
VKI_PRIVATE_CALL(nap, private_nap);
