/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For trampolines. LOAD_CURRENT(register): the running task; where it lies moved in 6.2 and in
 * 6.15. ACCOUNT_CALL: what a function that is called as a direct call owes to the call depth
 * tracking (retbleed=stuff) of 6.2 and later.
 */
#ifndef VKM_COMPAT_CURRENT_H
#define VKM_COMPAT_CURRENT_H

#include <linux/version.h>
#include <asm/asm-offsets.h>
#include <asm/nospec-branch.h>
#include <asm/percpu.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define LOAD_CURRENT(register) mov PER_CPU_VAR(current_task), register
#define ACCOUNT_CALL
#elif LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
#define LOAD_CURRENT(register) mov PER_CPU_VAR(pcpu_hot) + X86_current_task, register
#elif LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
#define LOAD_CURRENT(register) mov PER_CPU_VAR(pcpu_hot + X86_current_task), register
#else
#define LOAD_CURRENT(register) mov PER_CPU_VAR(current_task), register
#endif

#ifndef ACCOUNT_CALL
#define ACCOUNT_CALL CALL_DEPTH_ACCOUNT
#endif

#endif
