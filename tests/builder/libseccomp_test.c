// SPDX-License-Identifier: GPL-2.0
/* Profiles that turn on what could be read differently. */
#include "tests/builder/libseccomp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "tests/builder/compile.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const char *const operators[] = {
	"SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE",	    "SCMP_CMP_EQ",
	"SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ",
};

/* ipc's version bits are looked at by the policy only, so its calls differ on purpose. */
static void a_profile_that_refuses_some_calls(void **state)
{
	autofree char *text = NULL;
	struct error err;
	size_t size;

	(void)state;
	assert_int_equal(file_read(CASES "blacklist.json", 1 << 20, &text, &size, &err), 0);
	compare_profile(text, 0, false);
}

#define X86_BOTH "\"architectures\": [\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\"], "

static void every_operator_on_every_argument(void **state)
{
	static const char *const calls[] = {"read", "write", "lseek", "mprotect", "ioctl", "futex"};
	static const __u64 sides[] = {0, 8, 0x7fffffff, 0x80000000, 0xffffffff};
	char text[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(operators); i++)
		for (size_t j = 0; j < ARRAY_SIZE(sides); j++) {
			snprintf(
				text, sizeof(text),
				"{ \"defaultAction\": \"SCMP_ACT_ERRNO\", " X86_BOTH
				"\"syscalls\": [{ \"names\": [\"%s\"], \"action\": "
				"\"SCMP_ACT_ALLOW\", \"args\": [{ \"index\": %zu, \"value\": %llu, "
				"\"valueTwo\": %llu, \"op\": \"%s\" }] }] }",
				calls[j], (i + j) % 6, sides[j], sides[j] & 0xff, operators[i]);
			compare_profile(text, 0, true);
		}
}

static void comparisons_of_more_than_32_bits(void **state)
{
	static const char text[] =
		"{ \"defaultAction\": \"SCMP_ACT_ERRNO\", " X86_BOTH
		"\"syscalls\": [{ \"names\": [\"mmap\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": "
		"["
		"{ \"index\": 0, \"value\": 8589934592, \"op\": \"SCMP_CMP_LE\" },"
		"{ \"index\": 2, \"value\": 4294967304, \"op\": \"SCMP_CMP_NE\" }] },"
		"{ \"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": ["
		"{ \"index\": 1, \"value\": 4294967303, \"op\": \"SCMP_CMP_GT\" }] }] }";

	(void)state;
	compare_profile(text, 0, true);
}

static void entries_that_exclude_each_other(void **state)
{
	static const char text[] =
		"{ \"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 38, " X86_BOTH
		"\"syscalls\": [{ \"names\": [\"socketcall\", \"read\"], \"action\": "
		"\"SCMP_ACT_ALLOW\" },"
		"{ \"names\": [\"socket\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 22, "
		"\"args\": [{ \"index\": 0, \"value\": 16, \"op\": \"SCMP_CMP_EQ\" },"
		"{ \"index\": 2, \"value\": 9, \"op\": \"SCMP_CMP_EQ\" }] },"
		"{ \"names\": [\"socket\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": ["
		"{ \"index\": 2, \"value\": 9, \"op\": \"SCMP_CMP_NE\" }] },"
		"{ \"names\": [\"socket\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": ["
		"{ \"index\": 0, \"value\": 16, \"op\": \"SCMP_CMP_NE\" }] }] }";

	(void)state;
	compare_profile(text, 0, true);
}

static void the_first_unconditional_entry_and_absorbed_ones(void **state)
{
	static const char text[] =
		"{ \"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 38, " X86_BOTH
		"\"syscalls\": [{ \"names\": [\"bpf\"], \"action\": \"SCMP_ACT_ERRNO\" },"
		"{ \"names\": [\"bpf\", \"clone\"], \"action\": \"SCMP_ACT_ALLOW\" },"
		"{ \"names\": [\"clone\", \"write\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": ["
		"{ \"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_EQ\" }] },"
		"{ \"names\": [\"write\"], \"action\": \"SCMP_ACT_ALLOW\" }] }";

	(void)state;
	compare_profile(text, 0, true);
}

/* A value beyond its mask: libseccomp compares what the mask leaves of it. */
static void masked_values_with_bits_beyond_the_mask(void **state)
{
	static const char text[] =
		"{ \"defaultAction\": \"SCMP_ACT_ERRNO\", " X86_BOTH
		"\"syscalls\": [{ \"names\": [\"mmap\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": "
		"[{ \"index\": 0, \"value\": 3, \"valueTwo\": 9, \"op\": \"SCMP_CMP_MASKED_EQ\" },"
		"{ \"index\": 2, \"value\": 131072, \"valueTwo\": 8589934592, \"op\": "
		"\"SCMP_CMP_MASKED_EQ\" }] }] }";

	(void)state;
	compare_profile(text, 0, true);
}

/* Each action as the default, in an entry, and under conditions; i386 open and closed. */
static void every_action_everywhere(void **state)
{
	static const char *const actions[] = {
		"SCMP_ACT_ALLOW", "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_KILL_PROCESS",
		"SCMP_ACT_TRAP",  "SCMP_ACT_LOG",  "SCMP_ACT_ERRNO",
	};
	char text[1024];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		for (size_t j = 0; j < ARRAY_SIZE(actions); j++) {
			snprintf(text, sizeof(text),
				 "{ \"defaultAction\": \"%s\", \"flags\": "
				 "[\"SECCOMP_FILTER_FLAG_LOG\"], %s\"syscalls\": ["
				 "{ \"names\": [\"read\", \"ptrace\"], \"action\": \"%s\" },"
				 "{ \"names\": [\"lseek\"], \"action\": \"%s\", \"args\": "
				 "[{ \"index\": 0, \"value\": 16, \"op\": \"SCMP_CMP_EQ\" }] },"
				 "{ \"names\": [\"lseek\"], \"action\": \"SCMP_ACT_TRAP\", "
				 "\"args\": "
				 "[{ \"index\": 0, \"value\": 9, \"op\": \"SCMP_CMP_EQ\" }] }] }",
				 actions[i], (i + j) % 2 ? X86_BOTH : "", actions[j], actions[j]);
			compare_profile(text, 0, false);
		}
}

#define CLONE_RULE(action, mask, value)                                            \
	"{ \"names\": [\"clone\"], \"action\": \"" action                          \
	"\", \"args\": [{ \"index\": 0, \"value\": " mask ", \"valueTwo\": " value \
	", \"op\": \"SCMP_CMP_MASKED_EQ\" }] }"
#define CLONE3_ENOSYS \
	"{ \"names\": [\"clone3\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 38 }"

/* 2114060288 is 0x7e020000, 268435456 CLONE_NEWUSER, 1073741824 CLONE_NEWNET. */
static void clone3_is_answered_as_clone(void **state)
{
	static const char *const texts[] = {
		"{ \"defaultAction\": \"SCMP_ACT_ERRNO\", " X86_BOTH
		"\"syscalls\": [" CLONE_RULE("SCMP_ACT_ALLOW", "2114060288", "0") "," CLONE3_ENOSYS
										  "] }",
		"{ \"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 38, "
		"\"syscalls\": [" CLONE_RULE("SCMP_ACT_LOG", "2114060288", "0") "] }",
		"{ \"defaultAction\": \"SCMP_ACT_ALLOW\", " X86_BOTH "\"syscalls\": [" CLONE3_ENOSYS
		"," CLONE_RULE("SCMP_ACT_KILL", "268435456", "268435456") "] }",
		"{ \"defaultAction\": \"SCMP_ACT_LOG\", \"syscalls\": [" CLONE3_ENOSYS
		"," CLONE_RULE("SCMP_ACT_TRAP", "1342177280", "268435456") "," CLONE_RULE(
			"SCMP_ACT_ERRNO", "1342177280", "1073741824") "] }",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		compare_profile(texts[i], 0, true);
		compare_clone3(texts[i], 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_profile_that_refuses_some_calls),
		cmocka_unit_test(every_operator_on_every_argument),
		cmocka_unit_test(comparisons_of_more_than_32_bits),
		cmocka_unit_test(entries_that_exclude_each_other),
		cmocka_unit_test(the_first_unconditional_entry_and_absorbed_ones),
		cmocka_unit_test(masked_values_with_bits_beyond_the_mask),
		cmocka_unit_test(every_action_everywhere),
		cmocka_unit_test(clone3_is_answered_as_clone),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
