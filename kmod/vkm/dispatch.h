/* SPDX-License-Identifier: GPL-2.0 */
/* From a trampoline to the guard of the task's container. */
#ifndef VKM_DISPATCH_H
#define VKM_DISPATCH_H

#define VKM_PASS_ASM -4096 /* VKM_PASS, for the assembler; dispatch.c asserts that they agree */

#ifndef __ASSEMBLY__

struct cred;
struct pt_regs;
struct task_struct;
struct user_namespace;

/*
 * Handlers, one for each class, with the hooked functions' own arguments. They return VKM_PASS or
 * what the hooked function's caller is to receive.
 * Context: whatever the hooked function is called in; they neither sleep nor allocate.
 */
long vkm_enter_syscall(const struct pt_regs *regs);
long vkm_enter_capability(const struct cred *cred, struct user_namespace *target, int capability,
			  unsigned int options);
long vkm_enter_log(void);
long vkm_enter_ptrace(struct task_struct *target, unsigned int mode);

/* trampoline.S: direct-call targets, never called from C. */
void vkm_trampoline_syscall(void);
void vkm_trampoline_capability(void);
void vkm_trampoline_log(void);
void vkm_trampoline_ptrace(void);

#endif
#endif
