/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ftrace direct calls on kernel functions.
 *
 * A function is hooked when the first guard needs it and stays so until vKM is unloaded: placing
 * waits for RCU, while a host task pays only the first instructions of the trampoline.
 */
#ifndef VKM_HOOK_H
#define VKM_HOOK_H

struct vkm_rules;

/*
 * Makes sure that ftrace is on and stays on until vkm_hook_stop(): kernel.ftrace_enabled=0 is
 * refused from here on. Returns -EBUSY where it is off now (the log says so).
 * Context: process, may sleep.
 */
int vkm_hook_start(void);

/*
 * Removes every hook; when it returns no task runs in a trampoline or handler. There must be no
 * registered guard. Context: process, sleeps for RCU grace periods.
 */
void vkm_hook_stop(void);

/*
 * Places the hooks that rules need and that are not there yet; when it returns 0 all are in
 * force. Errors as vkm_register(). Context: process, may sleep.
 */
int vkm_hook_require(const struct vkm_rules *rules);

/* How many functions are hooked. Context: any. */
unsigned int vkm_hook_count(void);

#endif
