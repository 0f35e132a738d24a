/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before every C source of the planted build of vkm: what syscall.c calls vkm_enter_syscall
 * becomes the function that planted.c goes on to. The sources do not know.
 */
#ifndef VKM_SELFTEST_PLANTED_H
#define VKM_SELFTEST_PLANTED_H

#ifndef __ASSEMBLER__
#define vkm_enter_syscall vkm_enter_syscall_unplanted
#endif

#endif
