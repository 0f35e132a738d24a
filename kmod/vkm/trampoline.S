/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What ftrace calls in place of a hooked function's entry nop.
 *
 * On entry the stack holds the return address into the hooked function and, above it, that of its
 * caller; the argument registers are the hooked function's. A host task (a PID of level 0, or
 * none) leaves at once. For a task in a PID namespace the handler is asked, with the hooked
 * function's own arguments. VKM_PASS: back into the function, as if nothing had been. Anything
 * else: straight to the caller with that value; the function's body is never entered.
 *
 * rax, r10 and r11 are free at a C function's entry. Nothing of ours is on the stack when the
 * hooked function runs, so removing a hook need not wait for functions that sleep.
 */
#include <linux/cfi_types.h>
#include <linux/linkage.h>
#include <asm/nospec-branch.h>
#include <asm/unwind_hints.h>
#include <compat/current.h>
#include "dispatch.h"
#include "offsets.h"

/*
 * pidless=1: the function may be reached by a task that has given up its PID already (between
 * release_task() and its last schedule()); a system call's entry cannot. Such a task may be
 * preempted between the two loads here, and find the struct pid freed: it then takes either way by
 * four stale bytes, and the handler, which looks again under RCU, finds no PID and passes.
 */
.macro trampoline name:req handler:req pidless:req
SYM_TYPED_FUNC_START(\name)
	ACCOUNT_CALL
	LOAD_CURRENT(%rax)
	mov	TASK_thread_pid(%rax), %rax
	.if \pidless
	test	%rax, %rax
	jz	1f
	.endif
	cmpl	$0, PID_level(%rax)
	jne	2f
1:	RET
2:	push	%rdi
	push	%rsi
	push	%rdx
	push	%rcx
	push	%r8
	push	%r9
	call	\handler
	cmp	$VKM_PASS_ASM, %rax
	pop	%r9
	pop	%r8
	pop	%rcx
	pop	%rdx
	pop	%rsi
	pop	%rdi
	jne	3f
	RET
3:	add	$8, %rsp
	UNWIND_HINT_FUNC
	RET
SYM_FUNC_END(\name)
.endm

.text
trampoline vkm_trampoline_syscall,    vkm_enter_syscall,    0
trampoline vkm_trampoline_capability, vkm_enter_capability, 1
trampoline vkm_trampoline_log,	      vkm_enter_log,	    1
trampoline vkm_trampoline_ptrace,     vkm_enter_ptrace,	    1
