/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What seccomp does to a thread that made a forbidden call, done by the kernel's own functions.
 * Context of the last three: the calling task at the entry of a system call, no lock held.
 */
#ifndef VKM_SIGNAL_H
#define VKM_SIGNAL_H

/*
 * Finds the kernel's functions. Returns 0 or -EOPNOTSUPP (the log names what is missing), -ENOMEM.
 * Context: process, may sleep.
 */
int vkm_signal_start(void);

/* Sends the current thread SIGSYS with what seccomp says in it; a handler may take it. */
void vkm_signal_trap(int number);

/* Ends the process with SIGSYS; nothing can stop it. */
void vkm_signal_kill_process(int number);

/* Ends the thread, or the process if it is its last. May not return. */
void vkm_signal_kill_thread(int number);

#endif
