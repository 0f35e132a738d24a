/* SPDX-License-Identifier: GPL-2.0 */
/* The functions that implement system calls, by entry path and number. */
#ifndef VKM_NAMES_H
#define VKM_NAMES_H

#include <vkernel/policy.h>

/*
 * The kernel function behind call number on the entry path table, or NULL where this kernel has no
 * such call (it answers ENOSYS whatever a policy says). Context: any.
 */
const char *vkm_syscall_function(enum policy_table_index table, unsigned int number);

#endif
