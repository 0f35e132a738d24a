// SPDX-License-Identifier: GPL-2.0
#include "operator/trace_calls.h"

#include <stdint.h>
#include <string.h>

#include "builder/number.h"

#define WORD  UINT64_C(0xffffffff) /* of an int, whatever stands above it in the register */
#define TYPES UINT64_C(0xf)	   /* of a socket, without SOCK_CLOEXEC and SOCK_NONBLOCK */

#define ONE(number, mask) .count = 1, .index = {number}, .masks = {mask}

static const struct {
	const char *name;
	struct trace_arguments arguments;
} table[] = {
	{"arch_prctl", {ONE(0, WORD)}},
	{"bpf", {ONE(0, WORD)}},
	{"clone", {ONE(0, TRACE_CLONE_MASK)}},
	{"clone3", {ONE(0, TRACE_CLONE3_MASK), .pointer = 1}},
	{"fcntl", {ONE(1, WORD)}},
	{"fcntl64", {ONE(1, WORD)}},
	{"ioctl", {ONE(1, WORD)}},
	{"keyctl", {ONE(0, WORD)}},
	{"kexec_file_load", {ONE(4, WORD)}},
	{"mount", {ONE(3, WORD)}},
	{"perf_event_open", {ONE(4, WORD)}},
	{"personality", {ONE(0, WORD)}},
	{"prctl", {ONE(0, WORD)}},
	{"ptrace", {ONE(0, WORD)}},
	{"seccomp", {ONE(0, WORD)}},
	{"setns", {ONE(1, WORD)}},
	{"socket", {.count = 3, .index = {0, 1, 2}, .masks = {WORD, TYPES, WORD}}},
	{"socketpair", {.count = 3, .index = {0, 1, 2}, .masks = {WORD, TYPES, WORD}}},
	{"syslog", {ONE(0, WORD)}},
	{"umount2", {ONE(1, WORD)}},
	{"unshare", {ONE(0, WORD)}},
	{"userfaultfd", {ONE(0, WORD)}},
};

static const enum policy_table_index indexes[] = {
	[TRACE_X86_64] = POLICY_TABLE_X86_64,
	[TRACE_I386] = POLICY_TABLE_I386,
	[TRACE_X32] = POLICY_TABLE_X86_64,
};

const char *trace_call_name(enum trace_table which, unsigned int number)
{
	return number_name(indexes[which], number);
}

const struct trace_arguments *trace_call_arguments(enum trace_table which, unsigned int number)
{
	const char *name = which == TRACE_X32 ? NULL : trace_call_name(which, number);

	for (size_t i = 0; name && i < sizeof(table) / sizeof(*table); i++)
		if (!strcmp(table[i].name, name))
			return &table[i].arguments;
	return NULL;
}

unsigned int trace_calls_known(enum trace_table which)
{
	unsigned int known = 0;

	for (unsigned int number = 0; number < TRACE_NUMBERS; number++)
		known += !!trace_call_name(which, number);
	return known;
}

const char *trace_table_name(enum trace_table which)
{
	static const char *const names[TRACE_TABLES] = {"x86-64", "i386", "x32"};

	return names[which];
}
