// SPDX-License-Identifier: GPL-2.0
/* Turned into offsets.h for trampoline.S; never linked. */
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/kbuild.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <asm/thread_info.h>
#include <compat/files.h>

#include "instance.h"

int main(void);

int main(void)
{
	OFFSET(TASK_flags, task_struct, flags);
	OFFSET(TASK_thread_pid, task_struct, thread_pid);
	OFFSET(PID_level, pid, level);
	DEFINE(PID_container,
	       offsetof(struct pid, numbers) + sizeof(struct upid) + offsetof(struct upid, ns));
	OFFSET(CRED_effective, cred, cap_effective);
	OFFSET(INSTANCE_rules, vkm_instance, rules);
	OFFSET(RULES_capabilities, vkm_rules, capabilities);
	OFFSET(TASK_status, task_struct, thread_info.status);
	OFFSET(DENTRY_rcu, dentry, COMPAT_DENTRY_RCU);
	DEFINE(TASK_EXITING, PF_EXITING);
	DEFINE(TASK_I386, TS_COMPAT);
	return 0;
}
