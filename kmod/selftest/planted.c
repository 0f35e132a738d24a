// SPDX-License-Identifier: GPL-2.0
/*
 * A regression on purpose, for the test that regressions are found: the hook of system calls burns
 * instructions before it decides. Linked into vkm in a build of its own that is never installed.
 */
#include <linux/compiler.h>
#include <linux/moduleparam.h>
#include <linux/ptrace.h>

#include "vkm/dispatch.h"

#undef vkm_enter_syscall

long vkm_enter_syscall_unplanted(struct vkm_instance *instance, const struct pt_regs *regs);
long vkm_enter_syscall(struct vkm_instance *instance, const struct pt_regs *regs);

/* Rounds of about an instruction; a parameter, so that a test can also turn it off. */
static unsigned int planted = 15;
module_param(planted, uint, 0600);
MODULE_PARM_DESC(planted, "rounds of a loop that each hooked system call is slowed by");

notrace long vkm_enter_syscall(struct vkm_instance *instance, const struct pt_regs *regs)
{
	unsigned int rounds;

	for (rounds = READ_ONCE(planted); rounds; rounds--)
		barrier();
	return vkm_enter_syscall_unplanted(instance, regs);
}
