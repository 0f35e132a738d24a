// SPDX-License-Identifier: GPL-2.0
/* A private call that never returns by itself: what a task does that is inside a vKI's code. */
#include <linux/errno.h>
#include <linux/sched.h>
#include <vkernel/private.h>

static long sleeper(const struct pt_regs *regs)
{
	schedule_timeout_interruptible(MAX_SCHEDULE_TIMEOUT);
	return -EINTR;
}
VKI_PRIVATE_CALL(sleeper, sleeper);

/* Only a fatal signal ends this one: neither a stop nor the freezer gets it out. */
static long deep_sleeper(const struct pt_regs *regs)
{
	schedule_timeout_killable(MAX_SCHEDULE_TIMEOUT);
	return -EINTR;
}
VKI_PRIVATE_CALL(deep_sleeper, deep_sleeper);
