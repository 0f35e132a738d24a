/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Private calls: system calls that an instance answers itself.
 *
 * For the author of a C file that `vkernel build --with FILE` links into a vKI. The file defines
 * functions and names them:
 *
 *	static long private_uname(const struct pt_regs *regs) { ... }
 *	VKI_PRIVATE_CALL(uname, private_uname);
 *
 * An entry of a profile with the action VKERNEL_ACT_PRIVATE names one of them (docs/profiles.md
 * and docs/extending.md); one function may serve several calls, and both entry paths.
 *
 * The function runs in the calling task, in place of the kernel's implementation, and may sleep,
 * take signals (-ERESTARTSYS, -EINTR, -ERESTARTNOHAND as in any system call) and touch the
 * caller's memory with copy_from_user() and copy_to_user(). It must not set a restart block
 * (-ERESTART_RESTARTBLOCK), start threads, timers or work that outlive it, or change registers.
 * What it returns is what the caller gets; values from -4095 to -1 are errors.
 */
#ifndef VKERNEL_PRIVATE_H
#define VKERNEL_PRIVATE_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <vkernel/image.h>
#include <vkernel/rules.h>

/* A row of the section PRIVATE_CALLS_SECTION, which is an array of these without gaps. */
struct vki_call {
	const char *name;
	vkm_private_call function;
};

/*
 * Makes function, a vkm_private_call, known as name: 1 to POLICY_CALL_NAME_MAX of a-z, 0-9 and _,
 * not in quotes. Two of one name in a file do not compile.
 */
#define VKI_PRIVATE_CALL(name, function)                                                   \
	static_assert(sizeof(#name) <= POLICY_CALL_NAME_MAX + 1,                           \
		      "the name of the private call " #name " is too long");               \
	static const struct vki_call vki_private_call_##name __used __aligned(sizeof(u64)) \
		__section(PRIVATE_CALLS_SECTION) = {#name, function}

/* Whether the call came by the i386 entry (int 0x80, 32-bit programs): pointers to structures
 * then lead to i386 layouts. */
static inline bool vki_is_i386(void)
{
	return in_ia32_syscall();
}

/* The call's number, on the entry path that it came by. */
static inline unsigned int vki_number(const struct pt_regs *regs)
{
	return regs->orig_ax;
}

/* Argument `index`, 0 to 5; by the i386 entry 32 bits, extended with zeros. */
static __always_inline unsigned long vki_argument(const struct pt_regs *regs, unsigned int index)
{
	const bool i386 = vki_is_i386();

	switch (index) {
	case 0:
		return i386 ? (u32)regs->bx : regs->di;
	case 1:
		return i386 ? (u32)regs->cx : regs->si;
	case 2:
		return i386 ? (u32)regs->dx : regs->dx;
	case 3:
		return i386 ? (u32)regs->si : regs->r10;
	case 4:
		return i386 ? (u32)regs->di : regs->r8;
	default:
		return i386 ? (u32)regs->bp : regs->r9;
	}
}

/* The same as a pointer into the caller's memory. */
static __always_inline void __user *vki_pointer(const struct pt_regs *regs, unsigned int index)
{
	return (void __user *)vki_argument(regs, index);
}

#endif
