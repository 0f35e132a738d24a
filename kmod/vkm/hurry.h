/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A container's end waits for its module to be freed, and that for an RCU grace period: 7 to 25 ms
 * that the runtime's caller feels. While vKM hurries, grace periods are expedited, as the kernel
 * itself does it where a user waits (synchronize_net() under the rtnl lock): 0.1 ms, for which each
 * processor that is busy is interrupted once.
 */
#ifndef VKM_HURRY_H
#define VKM_HURRY_H

/* For the next 40 ms. Context: process, may sleep. */
void vkm_hurry(void);

/* When this returns nothing is expedited on vKM's behalf. Context: process, sleeps. */
void vkm_hurry_stop(void);

#endif
