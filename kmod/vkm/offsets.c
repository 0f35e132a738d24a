// SPDX-License-Identifier: GPL-2.0
/* Turned into offsets.h for trampoline.S; never linked. */
#include <linux/kbuild.h>
#include <linux/pid.h>
#include <linux/sched.h>

int main(void);

int main(void)
{
	OFFSET(TASK_thread_pid, task_struct, thread_pid);
	OFFSET(PID_level, pid, level);
	return 0;
}
