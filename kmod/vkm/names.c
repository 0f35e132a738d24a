// SPDX-License-Identifier: GPL-2.0
#include "names.h"

#include <linux/array_size.h>
#include <linux/stddef.h>
#include <linux/string.h>

/*
 * The kernel's own lists, which its headers package carries for exactly this kernel. A call that
 * is listed as sys_ni_syscall does not exist.
 */
#define __SYSCALL_NORETURN			      __SYSCALL
#define __SYSCALL_WITH_COMPAT(number, native, compat) __SYSCALL(number, compat)

#define __SYSCALL(number, function) [number] = "__x64_" #function,
static const char *const x86_64[] = {
#include <asm/syscalls_64.h>
};
#undef __SYSCALL

#define __SYSCALL(number, function) [number] = "__ia32_" #function,
static const char *const i386[] = {
#include <asm/syscalls_32.h>
};
#undef __SYSCALL

static const struct {
	const char *const *names;
	unsigned int count;
} functions[POLICY_TABLES] = {
	[POLICY_TABLE_X86_64] = {x86_64, ARRAY_SIZE(x86_64)},
	[POLICY_TABLE_I386] = {i386, ARRAY_SIZE(i386)},
};

const char *vkm_syscall_function(enum policy_table_index table, unsigned int number)
{
	const char *name;

	if (number >= functions[table].count)
		return NULL;
	name = functions[table].names[number];
	if (!name || strstr(name, "_sys_ni_syscall"))
		return NULL;
	return name;
}
