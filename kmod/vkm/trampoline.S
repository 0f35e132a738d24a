/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What ftrace calls in place of a hooked function's entry nop.
 *
 * On entry the stack holds the return address into the hooked function and, above it, that of its
 * caller; the argument registers are the hooked function's. A host task (a PID of level 0) leaves
 * at once, and so does a task of a container without an instance. For others the handler is asked,
 * with the hooked function's own arguments and the instance behind them. VKM_PASS: back into the
 * function, as if nothing had been. Else: straight to the caller with that value; the function's
 * body is never entered.
 *
 * rax, r10 and r11 are free at a C function's entry. Nothing of ours is on the stack when the
 * hooked function runs (but in hidden.c, which says why it may), so removing a hook need not wait
 * for functions that sleep.
 */
#include <linux/cfi_types.h>
#include <linux/linkage.h>
#include <asm/nospec-branch.h>
#include <asm/unwind_hints.h>
#include <compat/current.h>
#include "dispatch.h"
#include "identity.h"
#include "memory.h"
#include "offsets.h"

/*
 * Puts the instance of the task's container into r11 and the task into rax, or leaves. Why no lock is needed is said in
 * identity.h.
 *
 * exiting=1: the function may be reached by a task that exits, and may lose its PID; it gets 0 for
 * the instance, and the handler looks itself. A system call's entry cannot be reached so.
 */
.macro find_instance exiting:req
	ACCOUNT_CALL
	LOAD_CURRENT(%rax)
	.if \exiting
	xor	%r11d, %r11d
	testl	$TASK_EXITING, TASK_flags(%rax)
	jnz	5f
	.endif
	mov	TASK_thread_pid(%rax), %r10
	cmpl	$0, PID_level(%r10)
	jne	2f
1:	RET
2:	mov	PID_container(%r10), %r11
	imul	$VKM_HASH_FACTOR, %r11d, %r10d
	shr	$(32 - VKM_PLACES_POWER), %r10d
3:	cmp	vkm_bound_namespaces(, %r10, 8), %r11
	je	4f
	cmpq	$0, vkm_bound_namespaces(, %r10, 8)
	je	1b
	inc	%r10d
	and	$(VKM_PLACES - 1), %r10d
	jmp	3b
4:	mov	vkm_bound_instances(, %r10, 8), %r11
.endm

/*
 * Asks handler, whose argument after the function's own is in the register `instance`, and, if one
 * is named, where the hooked function goes on in the register `resumption`.
 */
.macro ask handler:req instance:req resumption
5:	push	%rdi
	push	%rsi
	push	%rdx
	push	%rcx
	push	%r8
	push	%r9
	mov	%r11, \instance
	.ifnb \resumption
	mov	(6 * 8)(%rsp), \resumption
	.endif
	call	\handler
	cmp	$VKM_PASS, %rax
	pop	%r9
	pop	%r8
	pop	%rcx
	pop	%rdx
	pop	%rsi
	pop	%rdi
	jne	6f
	RET
6:	add	$8, %rsp
	UNWIND_HINT_FUNC
	RET
.endm

.macro trampoline name:req handler:req instance:req resumption
SYM_TYPED_FUNC_START(\name)
	find_instance 1
	ask \handler, \instance, \resumption
SYM_FUNC_END(\name)
.endm

.text
/* A system call's function has one argument, and its caller expects no other register kept. */
SYM_TYPED_FUNC_START(vkm_trampoline_syscall)
	find_instance 0
	push	%rdi
	mov	%rdi, %rsi
	mov	%r11, %rdi
	testb	$TASK_I386, TASK_status(%rax)
	jnz	5f
	call	vkm_enter_syscall
	pop	%rdi
	cmp	$VKM_PASS, %rax
	jne	6f
	RET
5:	call	vkm_enter_i386
	pop	%rdi
	cmp	$VKM_PASS, %rax
	jne	6f
	RET
6:	add	$8, %rsp
	UNWIND_HINT_FUNC
	RET
SYM_FUNC_END(vkm_trampoline_syscall)

/*
 * The common answer without leaving assembler: the capability is allowed, and the credentials (in
 * rdi) hold none that is not. Tasks RCU keeps the rules while we look (instance.h).
 */
SYM_TYPED_FUNC_START(vkm_trampoline_capability)
	find_instance 1
	mov	INSTANCE_rules(%r11), %rax
	mov	RULES_capabilities(%rax), %rax
	bt	%rdx, %rax
	jnc	5f
	not	%rax
	test	%rax, CRED_effective(%rdi)
	jz	1b
	ask vkm_enter_capability, %r8
SYM_FUNC_END(vkm_trampoline_capability)

trampoline vkm_trampoline_capset, vkm_enter_capset, %r9
trampoline vkm_trampoline_prctl,  vkm_enter_prctl,  %r9
trampoline vkm_trampoline_memory, vkm_enter_memory, %rdx
trampoline vkm_trampoline_mmap,	  vkm_enter_mmap,   %rsi
trampoline vkm_trampoline_clone,  vkm_enter_clone,  %rsi
trampoline vkm_trampoline_open,	  vkm_enter_open,   %rcx
trampoline vkm_trampoline_uring,  vkm_enter_uring,  %rdx
trampoline vkm_trampoline_log,	  vkm_enter_log,    %r8, %r9
trampoline vkm_trampoline_print,  vkm_enter_print,  %r9
trampoline vkm_trampoline_ptrace, vkm_enter_ptrace, %rdx
trampoline vkm_trampoline_traceme, vkm_enter_traceme, %rsi
trampoline vkm_trampoline_memory_of, vkm_enter_memory_of, %rdx
trampoline vkm_trampoline_module_line, vkm_enter_module_line, %rdx
trampoline vkm_trampoline_module_symbol, vkm_enter_module_symbol, %rdi
trampoline vkm_trampoline_lookup, vkm_enter_lookup, %rcx
trampoline vkm_trampoline_revalidate, vkm_enter_revalidate, %r8
trampoline vkm_trampoline_readdir, vkm_enter_readdir, %rdx

/* Whoever loads a module, it is the container that is not to hear of it. */
SYM_TYPED_FUNC_START(vkm_trampoline_uevent)
	ACCOUNT_CALL
	ask vkm_enter_uevent, %rsi
SYM_FUNC_END(vkm_trampoline_uevent)

trampoline vkm_trampoline_kill,	  vkm_enter_kill,   %r8
trampoline vkm_trampoline_socket, vkm_enter_socket, %r8

trampoline vkm_trampoline_file_receive,	 vkm_enter_file_receive,  %rsi
trampoline vkm_trampoline_exec,		 vkm_enter_exec,	  %rsi
trampoline vkm_trampoline_file_map,	 vkm_enter_file_map,	  %rcx
trampoline vkm_trampoline_file_protect,	 vkm_enter_file_protect,  %rcx
trampoline vkm_trampoline_file_lock,	 vkm_enter_file_lock,	  %rdx
trampoline vkm_trampoline_file_truncate, vkm_enter_file_truncate, %rsi
trampoline vkm_trampoline_file_control,	 vkm_enter_file_control,  %rcx
trampoline vkm_trampoline_file_allocate, vkm_enter_file_allocate, %rcx
trampoline vkm_trampoline_file_write,	 vkm_enter_file_write,	  %rdx
trampoline vkm_trampoline_change,	 vkm_enter_change,	  %rsi
trampoline vkm_trampoline_remove,	 vkm_enter_remove,	  %rdx
trampoline vkm_trampoline_mkdir,	 vkm_enter_mkdir,	  %rdx
trampoline vkm_trampoline_create,	 vkm_enter_create,	  %rdx
trampoline vkm_trampoline_rename,	 vkm_enter_rename,	  %r9
trampoline vkm_trampoline_link,		 vkm_enter_link,	  %rcx

trampoline vkm_trampoline_name_behind,	 vkm_enter_name_behind,	  %rdx
trampoline vkm_trampoline_mkdir_behind,	 vkm_enter_mkdir_behind,  %rdx
trampoline vkm_trampoline_rename_behind, vkm_enter_rename_behind, %r8
trampoline vkm_trampoline_link_behind,	 vkm_enter_link_behind,	  %rcx

/* Opening a file is what is done most: its function has one argument, and only that is kept. */
SYM_TYPED_FUNC_START(vkm_trampoline_file_open)
	find_instance 1
5:	push	%rdi
	mov	%r11, %rsi
	call	vkm_enter_file_open
	pop	%rdi
	cmp	$VKM_PASS, %rax
	jne	6f
	RET
6:	add	$8, %rsp
	UNWIND_HINT_FUNC
	RET
SYM_FUNC_END(vkm_trampoline_file_open)

/* Whoever the task is: it tells, and goes on. */
.macro observer name:req handler:req
SYM_TYPED_FUNC_START(\name)
	ACCOUNT_CALL
	push	%rdi
	push	%rsi
	push	%rdx
	call	\handler
	pop	%rdx
	pop	%rsi
	pop	%rdi
	RET
SYM_FUNC_END(\name)
.endm

observer vkm_trampoline_move,	   vkm_note_move
observer vkm_trampoline_shut_down, vkm_alias_shut_down

/*
 * A dentry is freed: what is remembered of its address counts no more (memory.c). The argument is
 * its struct rcu_head. Of all trampolines the one that is run most often by the host.
 */
SYM_TYPED_FUNC_START(vkm_trampoline_free)
	ACCOUNT_CALL
	lea	-DENTRY_rcu(%rdi), %eax
	imul	$VKM_HASH_FACTOR, %eax, %eax
	shr	$(32 - VKM_DENTRY_POWER), %eax
	lock incl vkm_dentry_generations(, %rax, 4)
	RET
SYM_FUNC_END(vkm_trampoline_free)

/* unsigned long vkm_call(a, b, c, function): see symbol.h. */
SYM_FUNC_START(vkm_call)
	push	%rcx
	UNWIND_HINT_FUNC
	RET
SYM_FUNC_END(vkm_call)
