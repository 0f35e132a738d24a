// SPDX-License-Identifier: GPL-2.0
/* What a profile says is what its policy answers, call by call. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "builder/number.h"
#include "lib/cleanup.h"
#include "tests/builder/compile.h"

#define ALLOW	      POLICY_VERDICT(POLICY_ALLOW, 0)
#define ERRNO(number) POLICY_VERDICT(POLICY_ERRNO, number)
#define KILL_THREAD   POLICY_VERDICT(POLICY_KILL_THREAD, 0)
#define X86_64	      POLICY_TABLE_X86_64
#define I386	      POLICY_TABLE_I386

struct expectation {
	const char *call;
	enum policy_table_index table;
	__u64 arguments[6];
	__u32 verdict;
};

static void check(const char *file, const char *list, const struct expectation *row, size_t count)
{
	autofree void *blob = NULL;
	struct policy policy;

	compile_case(file, capabilities(list), &blob, &policy);
	for (; count--; row++) {
		const struct call_numbers *numbers = number_find(row->call);
		__u32 verdict;

		assert_non_null(numbers);
		verdict = policy_decide(&policy.tables[row->table], numbers->numbers[row->table],
					row->arguments);
		if (verdict != row->verdict)
			fail_msg("%s: %s(0x%llx, 0x%llx, 0x%llx): verdict 0x%x, expected 0x%x",
				 file, row->call, row->arguments[0], row->arguments[1],
				 row->arguments[2], verdict, row->verdict);
	}
}

#define CHECK(file, list, rows) check(file, list, rows, sizeof(rows) / sizeof(rows[0]))

static void docker_form_selects_by_capability(void **state)
{
	/* clang-format off */
	static const struct expectation without[] = {
		{ "read",	      X86_64, { 0 },		       ALLOW },
		{ "read",	      I386,   { 0 },		       ALLOW },
		{ "mmap2",	      I386,   { 0 },		       ALLOW },
		{ "cachestat",	      X86_64, { 0 },		       ERRNO(EPERM) },
		{ "vm86",	      I386,   { 0 },		       ERRNO(EPERM) },
		{ "add_key",	      X86_64, { 0 },		       ERRNO(ENOSYS) },
		{ "ptrace",	      X86_64, { 0 },		       ALLOW },
		{ "process_vm_readv", X86_64, { 0 },		       ERRNO(ENOSYS) },
		{ "arch_prctl",	      X86_64, { 0 },		       ALLOW },
		{ "personality",      X86_64, { 0 },		       ALLOW },
		{ "personality",      X86_64, { 8 },		       ALLOW },
		{ "personality",      X86_64, { 0xffffffff },	       ALLOW },
		{ "personality",      X86_64, { 4 },		       ERRNO(ENOSYS) },
		{ "personality",      X86_64, { 0x100000000 },	       ERRNO(ENOSYS) },
		{ "clone",	      X86_64, { 0x3d0f00 },	       ALLOW },
		{ "clone",	      X86_64, { 0x10000011 },	       ERRNO(ENOSYS) },
		{ "clone",	      I386,   { 0x02000000 },	       ERRNO(ENOSYS) },
		{ "mount",	      X86_64, { 0 },		       ERRNO(ENOSYS) },
		{ "bpf",	      X86_64, { 0 },		       ERRNO(EPERM) },
		{ "perf_event_open",  X86_64, { 0 },		       ERRNO(EACCES) },
		{ "socket",	      X86_64, { 16, 3, 9 },	       ALLOW },
	};
	static const struct expectation with_admin[] = {
		{ "clone",	      X86_64, { 0x10000011 },	       ALLOW },
		{ "clone3",	      X86_64, { 0 },		       ALLOW },
		{ "bpf",	      X86_64, { 0 },		       ALLOW },
		{ "perf_event_open",  X86_64, { 0 },		       ERRNO(ENOSYS) },
	};
	static const struct expectation without_audit[] = {
		{ "socket",	      X86_64, { 16, 3, 9 },	       ERRNO(EINVAL) },
		{ "socket",	      I386,   { 16, 3, 9 },	       ERRNO(EINVAL) },
		{ "socket",	      X86_64, { 16, 3, 0 },	       ALLOW },
		{ "socket",	      X86_64, { 2, 1, 9 },	       ALLOW },
	};
	/* clang-format on */

	(void)state;
	CHECK("docker.json", "default", without);
	CHECK("docker.json", "default,CAP_SYS_ADMIN", with_admin);
	CHECK("docker.json", "kill", without_audit);
}

static void first_of_two_unconditional_entries_stands(void **state)
{
	static const struct expectation rows[] = {
		{"perf_event_open", X86_64, {0}, ERRNO(EACCES)},
		{"bpf", X86_64, {0}, ERRNO(EPERM)},
	};

	(void)state;
	CHECK("docker.json", "default,CAP_PERFMON", rows);
}

static void every_operator_compares_unsigned(void **state)
{
	/* clang-format off */
	static const struct expectation rows[] = {
		{ "ioctl",  X86_64, { 0, 21522 },		ERRNO(ENOTTY) },
		{ "ioctl",  X86_64, { 0, 0xdead00005412 },	ERRNO(ENOTTY) },
		{ "ioctl",  X86_64, { 0, 21523 },		ALLOW },
		{ "lseek",  X86_64, { 3, 4095, 2 },		ERRNO(500) },
		{ "lseek",  X86_64, { 2, 4095, 2 },		ALLOW },
		{ "lseek",  X86_64, { 3, 4096, 2 },		ALLOW },
		{ "lseek",  X86_64, { 3, 4095, 3 },		ALLOW },
		{ "lseek",  X86_64, { -1ull, 0, 0 },		ERRNO(500) },
		{ "dup2",   X86_64, { 1001 },			ERRNO(EBADF) },
		{ "dup2",   X86_64, { 1000 },			ALLOW },
		{ "dup2",   X86_64, { 7 },			ERRNO(EBADF) },
		{ "getcpu", X86_64, { 0 },			ERRNO(0) },
		{ "mmap",   X86_64, { 0 },			ALLOW },
	};
	static const struct expectation native[] = {
		{ "mmap",   X86_64, { 0, 0x200000000, 3, 2 },	ALLOW },
		{ "mmap",   X86_64, { 0, 0x200000001, 3, 2 },	ERRNO(EPERM) },
		{ "mmap",   X86_64, { 0, 1, 4, 2 },		ERRNO(EPERM) },
		{ "mmap",   X86_64, { 0, 1, 3, 0 },		ERRNO(EPERM) },
	};
	/* clang-format on */

	(void)state;
	CHECK("blacklist.json", "default", rows);
	CHECK("native.json", "default", native);
}

static void an_entry_that_the_profile_does_not_open_is_closed(void **state)
{
	static const struct expectation rows[] = {
		{"read", X86_64, {0}, ALLOW},
		{"read", I386, {0}, KILL_THREAD},
		{"rt_sigreturn", I386, {0}, KILL_THREAD},
	};

	(void)state;
	CHECK("native.json", "default", rows);
}

static void multiplexers_refuse_what_their_calls_are_refused(void **state)
{
	/* clang-format off */
	static const struct expectation rows[] = {
		{ "socket",	I386, { 2 },		ERRNO(EPERM) },
		{ "socketcall", I386, { 1 },		ERRNO(EPERM) },
		{ "socketcall", I386, { 2 },		ALLOW },
		{ "ipc",	I386, { 1 },		ERRNO(EPERM) },
		{ "ipc",	I386, { 1 << 16 | 1 },	ERRNO(EPERM) },
		{ "ipc",	I386, { 21 },		ALLOW },
	};
	/* clang-format on */

	(void)state;
	CHECK("blacklist.json", "default", rows);
}

static void numbers_beyond_the_table_get_the_default(void **state)
{
	static const unsigned int numbers[] = {600, 1023, 1024, 0x40000000, 0xffffffff};
	static const __u64 arguments[6];
	autofree void *blob = NULL;
	struct policy policy;

	(void)state;
	compile_case("docker.json", capabilities("default"), &blob, &policy);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		assert_int_equal(policy_decide(&policy.tables[X86_64], numbers[i], arguments),
				 ERRNO(ENOSYS));
}

static void capabilities_and_log_reach_the_policy(void **state)
{
	autofree void *blob = NULL, *open = NULL;
	struct policy policy;

	(void)state;
	compile_case("native.json", capabilities("default"), &blob, &policy);
	assert_true(policy.restricts_capabilities);
	assert_true(policy.capabilities == 0xa80425fb);
	assert_int_equal(policy.log, POLICY_LOG_DENY);
	compile_case("native.json", capabilities("all"), &open, &policy);
	assert_false(policy.restricts_capabilities);
	assert_true(policy.capabilities == UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(docker_form_selects_by_capability),
		cmocka_unit_test(first_of_two_unconditional_entries_stands),
		cmocka_unit_test(every_operator_compares_unsigned),
		cmocka_unit_test(an_entry_that_the_profile_does_not_open_is_closed),
		cmocka_unit_test(multiplexers_refuse_what_their_calls_are_refused),
		cmocka_unit_test(numbers_beyond_the_table_get_the_default),
		cmocka_unit_test(capabilities_and_log_reach_the_policy),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
