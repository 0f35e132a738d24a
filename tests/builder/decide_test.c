// SPDX-License-Identifier: GPL-2.0
/* What a profile says is what its policy answers, call by call. */
#include <endian.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>

#include "builder/number.h"
#include "lib/cleanup.h"
#include "tests/builder/compile.h"

#define ALLOW	      POLICY_VERDICT(POLICY_ALLOW, 0)
#define ERRNO(number) POLICY_VERDICT(POLICY_ERRNO, number)
#define KILL_THREAD   POLICY_VERDICT(POLICY_KILL_THREAD, 0)
#define KILL_PROCESS  POLICY_VERDICT(POLICY_KILL_PROCESS, 0)
#define TRAP	      POLICY_VERDICT(POLICY_TRAP, 0)
#define LOGGED	      POLICY_VERDICT(POLICY_ALLOW_LOGGED, 0)
#define PRIVATE(i)    POLICY_VERDICT(POLICY_PRIVATE, i)
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

/* Private calls are numbered in the order in which the profile first names them. */
static void every_action_is_a_verdict(void **state)
{
	/* clang-format off */
	static const struct expectation rows[] = {
		{ "kexec_load",	     X86_64, { 0 },	KILL_THREAD },
		{ "kexec_load",	     I386,   { 0 },	KILL_THREAD },
		{ "kexec_file_load", X86_64, { 0 },	KILL_THREAD },
		{ "init_module",     X86_64, { 0 },	KILL_PROCESS },
		{ "finit_module",    I386,   { 0 },	KILL_PROCESS },
		{ "reboot",	     X86_64, { 0 },	TRAP },
		{ "reboot",	     I386,   { 0 },	TRAP },
		{ "mount",	     X86_64, { 0 },	LOGGED },
		{ "mount",	     I386,   { 0 },	LOGGED },
		{ "uname",	     X86_64, { 0 },	PRIVATE(0) },
		{ "uname",	     I386,   { 0 },	PRIVATE(0) },
		{ "gettid",	     X86_64, { 0 },	ALLOW },
		{ "personality",     X86_64, { 7 },	ALLOW },
		{ "personality",     X86_64, { 8 },	KILL_PROCESS },
		{ "personality",     X86_64, { 9 },	PRIVATE(1) },
		{ "personality",     I386,   { 9 },	PRIVATE(1) },
		{ "personality",     X86_64, { 100 },	ALLOW },
		{ "personality",     X86_64, { 101 },	LOGGED },
		{ "socket",	     X86_64, { 16 },	KILL_THREAD },
		{ "socket",	     X86_64, { 2 },	ALLOW },
		{ "accept4",	     X86_64, { 0, 0, 0, 1 }, PRIVATE(2) },
		{ "accept4",	     X86_64, { 0, 0, 0, 2 }, ALLOW },
	};
	/* clang-format on */

	(void)state;
	CHECK("actions.json", "none", rows);
}

/* Whatever is no permission refuses; a private call has no way to be made through another. */
static void multiplexers_make_no_private_calls(void **state)
{
	/* clang-format off */
	static const struct expectation rows[] = {
		{ "socketcall", I386, { 1 },  KILL_THREAD },	/* socket, under conditions */
		{ "socketcall", I386, { 2 },  TRAP },		/* bind */
		{ "socketcall", I386, { 3 },  ERRNO(ENOSYS) },	/* connect, private */
		{ "socketcall", I386, { 4 },  LOGGED },		/* listen */
		{ "socketcall", I386, { 10 }, ALLOW },		/* recv, logged under conditions */
		{ "socketcall", I386, { 18 }, ERRNO(ENOSYS) },	/* accept4, private under conditions */
		{ "socketcall", I386, { 19 }, ALLOW },
	};
	/* clang-format on */

	(void)state;
	CHECK("actions.json", "none", rows);
}

static void a_multiplexers_own_conditions_are_no_way_around_its_calls(void **state)
{
	static const char profile[] =
		"{ \"defaultAction\": \"SCMP_ACT_ALLOW\", \"architectures\": "
		"[\"SCMP_ARCH_X86_64\", "
		"\"SCMP_ARCH_X86\"], \"syscalls\": [{ \"names\": [\"socketcall\"], \"action\": "
		"\"SCMP_ACT_LOG\", \"args\": [{ \"index\": 0, \"value\": 2, \"op\": "
		"\"SCMP_CMP_LE\" }] }, { \"names\": [\"socket\"], \"action\": \"SCMP_ACT_ERRNO\" "
		"}] }";
	const unsigned int number = number_find("socketcall")->numbers[I386];
	static const __u64 socket_[6] = {1}, bind_[6] = {2}, connect_[6] = {3};
	autofree void *blob = NULL;
	const struct policy_table *table;
	struct policy policy;
	struct error err;
	size_t size;

	(void)state;
	if (compile("p", profile, 0, &blob, &size, &err) ||
	    blob_parse("p", blob, size, &policy, &err))
		fail_msg("%s", err.text);
	table = &policy.tables[I386];
	assert_int_equal(policy_decide(table, number, socket_), ERRNO(EPERM));
	assert_int_equal(policy_decide(table, number, bind_), LOGGED);
	assert_int_equal(policy_decide(table, number, connect_), ALLOW);
}

static void every_action_is_a_default(void **state)
{
	static const struct {
		const char *action;
		__u32 verdict;
	} rows[] = {
		{"SCMP_ACT_KILL", KILL_THREAD}, {"SCMP_ACT_KILL_THREAD", KILL_THREAD},
		{"SCMP_ACT_TRAP", TRAP},	{"SCMP_ACT_KILL_PROCESS", KILL_PROCESS},
		{"SCMP_ACT_LOG", LOGGED},	{"SCMP_ACT_ERRNO", ERRNO(EPERM)},
		{"SCMP_ACT_ALLOW", ALLOW},
	};
	static const __u64 none[6], one[6] = {1};
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		autofree void *blob = NULL;
		const struct policy_table *table;
		struct policy policy;
		struct error err;
		size_t size;

		snprintf(text, sizeof(text),
			 "{ \"defaultAction\": \"%s\", \"syscalls\": [{ \"names\": [\"read\"], "
			 "\"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 5, \"args\": [{ \"index\": "
			 "0, "
			 "\"value\": 1, \"op\": \"SCMP_CMP_EQ\" }] }] }",
			 rows[i].action);
		if (compile("p", text, 0, &blob, &size, &err) ||
		    blob_parse("p", blob, size, &policy, &err))
			fail_msg("%s", err.text);
		table = &policy.tables[X86_64];
		assert_int_equal(policy_decide(table, 0, none), rows[i].verdict);
		assert_int_equal(policy_decide(table, 0, one), ERRNO(5));
		assert_int_equal(policy_decide(table, 1, none), rows[i].verdict);
		assert_int_equal(policy_decide(table, 1000, none), rows[i].verdict);
	}
}

struct field_expectation {
	const char *call;
	enum policy_table_index table;
	__u64 fields[POLICY_FIELDS_MAX];
	__u32 verdict;
};

static void check_fields(const char *file, const struct field_expectation *row, size_t count)
{
	static const __u64 anything[6] = {~0ull, 1, 2, 3, 4, 5};
	autofree void *blob = NULL;
	struct policy policy;

	compile_case(file, 0, &blob, &policy);
	for (; count--; row++) {
		const struct policy_table *table = &policy.tables[row->table];
		const unsigned int number = number_find(row->call)->numbers[row->table];
		const __u32 verdict = policy_decide_fields(table, number, row->fields);

		assert_int_equal(policy_decide(table, number, anything), ALLOW);
		if (verdict != row->verdict)
			fail_msg("%s: %s(0x%llx, 0x%llx, 0x%llx): verdict 0x%x, expected 0x%x",
				 file, row->call, row->fields[0], row->fields[1], row->fields[2],
				 verdict, row->verdict);
	}
}

/* All 64 bits of a field count, on i386 too: the kernel's copy has them. */
static void fields_decide_clone3_and_openat2(void **state)
{
	/* clang-format off */
	static const struct field_expectation rows[] = {
		{ "clone3",  X86_64, { 0x10000000 },		ERRNO(EPERM) },
		{ "clone3",  X86_64, { 0x113d0f00 },		ERRNO(EPERM) },
		{ "clone3",  I386,   { 0x10000000 },		ERRNO(EPERM) },
		{ "clone3",  X86_64, { 0x003d0f00 },		ALLOW },
		{ "clone3",  X86_64, { 0x1000000000000000 },	ALLOW },
		{ "openat2", X86_64, { 0x100000001, 0, 0 },	ERRNO(EINVAL) },
		{ "openat2", I386,   { 0x100000001, 0, 0 },	ERRNO(EINVAL) },
		{ "openat2", X86_64, { 0x100000001, 0, 8 },	ALLOW },
		{ "openat2", X86_64, { 0x100000000, 0, 0 },	ALLOW },
		{ "openat2", X86_64, { 0, 511, 0 },		ALLOW },
		{ "openat2", X86_64, { 0, 512, 0 },		TRAP },
		{ "openat2", I386,   { 0, 1ull << 40, 0 },	TRAP },
	};
	static const struct field_expectation docker[] = {
		{ "clone3",  X86_64, { 0x003d0f00 },		ALLOW }, /* a thread */
		{ "clone3",  X86_64, { 0x100004100 },		ALLOW }, /* posix_spawn() */
		{ "clone3",  X86_64, { 0x10000000 },		ERRNO(ENOSYS) }, /* NEWUSER */
		{ "clone3",  X86_64, { 0x00020000 },		ERRNO(ENOSYS) }, /* NEWNS */
		{ "clone3",  X86_64, { 0x02000000 },		ERRNO(ENOSYS) }, /* NEWCGROUP */
		{ "clone3",  X86_64, { 0x00000080 },		ERRNO(ENOSYS) }, /* NEWTIME */
		{ "clone3",  X86_64, { 0x200000000 },		ERRNO(ENOSYS) }, /* INTO_CGROUP */
		{ "clone3",  I386,   { 0x40000000 },		ERRNO(ENOSYS) }, /* NEWNET */
		{ "clone3",  I386,   { 0x003d0f00 },		ALLOW },
	};
	/* clang-format on */

	(void)state;
	check_fields("actions.json", rows, sizeof(rows) / sizeof(rows[0]));
	check_fields("docker.json", docker, sizeof(docker) / sizeof(docker[0]));
}

/* One that does not filter clone by masks, or says more of clone3 than ENOSYS, means what it says. */
static void clone3_is_left_as_written(void **state)
{
#define CLONE(args) \
	"{ \"names\": [\"clone\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [" args "] },"
#define MASKED(index, mask) \
	"{ \"index\": " index ", \"value\": " mask ", \"op\": \"SCMP_CMP_MASKED_EQ\" }"
#define CLONE3(number) \
	"{ \"names\": [\"clone3\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": " number " }"
	static const struct {
		const char *entries;
		enum clone3_reading clone3;
		__u32 verdict;
	} rows[] = {
		{CLONE(MASKED("0", "2114060288")) CLONE3("38"), CLONE3_AS_WRITTEN, ERRNO(38)},
		{CLONE(MASKED("0", "2114060288")) CLONE3("1"), CLONE3_AS_CLONE, ERRNO(1)},
		{CLONE(MASKED("0", "2114060289")) CLONE3("38"), CLONE3_AS_CLONE, ERRNO(38)},
		{CLONE(MASKED("0", "6409027584")) CLONE3("38"), CLONE3_AS_CLONE, ERRNO(38)},
		{CLONE(MASKED("1", "2114060288")) CLONE3("38"), CLONE3_AS_CLONE, ERRNO(38)},
		{CLONE(MASKED("0", "2114060288") "," MASKED("1", "1")) CLONE3("38"),
		 CLONE3_AS_CLONE, ERRNO(38)},
		{CLONE("{ \"index\": 0, \"value\": 17, \"op\": \"SCMP_CMP_EQ\" }") CLONE3("38"),
		 CLONE3_AS_CLONE, ERRNO(38)},
		{"{ \"names\": [\"clone\"], \"action\": \"SCMP_ACT_ALLOW\" }," CLONE3("38"),
		 CLONE3_AS_CLONE, ERRNO(38)},
	};
	static const __u64 none[6];
	char text[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct seccomp_context context = {
			.file = "p",
			.text = text,
			.kernel = TEST_KERNEL,
			.clone3 = rows[i].clone3,
		};
		autofree void *blob = NULL;
		struct policy policy;
		struct error err;
		size_t size;

		snprintf(text, sizeof(text),
			 "{ \"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 2, "
			 "\"syscalls\": [%s] }",
			 rows[i].entries);
		if (compile_as(&context, &blob, &size, &err) ||
		    blob_parse("p", blob, size, &policy, &err))
			fail_msg("row %zu: %s", i, err.text);
		assert_int_equal(policy_decide(&policy.tables[X86_64], POLICY_CLONE3, none),
				 rows[i].verdict);
	}
}

/* What no verdict names any more is not in the blob: gettid is allowed as all else is. */
static void private_calls_are_those_that_verdicts_name(void **state)
{
	static const char text[] = "{ \"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": ["
				   "{ \"names\": [\"gettid\"], \"action\": \"SCMP_ACT_TRAP\" },"
				   "{ \"names\": [\"gettid\"], \"action\": "
				   "\"VKERNEL_ACT_PRIVATE\", \"call\": \"late\" },"
				   "{ \"names\": [\"getpid\"], \"action\": "
				   "\"VKERNEL_ACT_PRIVATE\", \"call\": \"mine\" },"
				   "{ \"names\": [\"getuid\"], \"action\": "
				   "\"VKERNEL_ACT_PRIVATE\", \"call\": \"mine\" }"
				   "] }";
	static const __u64 none[6];
	autofree void *blob = NULL;
	struct policy policy;
	struct error err;
	size_t size;

	(void)state;
	if (compile("p", text, 0, &blob, &size, &err) || blob_parse("p", blob, size, &policy, &err))
		fail_msg("%s", err.text);
	assert_int_equal(policy.calls_count, 1);
	assert_string_equal(policy_call_name(&policy, 0), "mine");
	assert_int_equal(policy_decide(&policy.tables[X86_64], 39, none), PRIVATE(0));
	assert_int_equal(policy_decide(&policy.tables[X86_64], 102, none), PRIVATE(0));
	assert_int_equal(policy_decide(&policy.tables[X86_64], 186, none), TRAP);
	assert_int_equal(policy_decide(&policy.tables[I386], 20, none), KILL_THREAD);
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
	assert_int_equal(policy.excess, POLICY_EXCESS_REPORT);
	assert_int_equal(policy.tables[X86_64].header->flags, 0);
	compile_case("native.json", capabilities("all"), &open, &policy);
	assert_false(policy.restricts_capabilities);
	assert_true(policy.capabilities == UINT64_MAX);
	free(blob);
	compile_case("actions.json", capabilities("none"), &blob, &policy);
	assert_true(policy.restricts_capabilities && !policy.capabilities);
	for (size_t i = 0; i < POLICY_TABLES; i++)
		assert_int_equal(le32toh(policy.tables[i].header->flags), POLICY_SYSCALLS_LOG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(docker_form_selects_by_capability),
		cmocka_unit_test(first_of_two_unconditional_entries_stands),
		cmocka_unit_test(every_operator_compares_unsigned),
		cmocka_unit_test(an_entry_that_the_profile_does_not_open_is_closed),
		cmocka_unit_test(multiplexers_refuse_what_their_calls_are_refused),
		cmocka_unit_test(every_action_is_a_verdict),
		cmocka_unit_test(multiplexers_make_no_private_calls),
		cmocka_unit_test(a_multiplexers_own_conditions_are_no_way_around_its_calls),
		cmocka_unit_test(every_action_is_a_default),
		cmocka_unit_test(fields_decide_clone3_and_openat2),
		cmocka_unit_test(clone3_is_left_as_written),
		cmocka_unit_test(private_calls_are_those_that_verdicts_name),
		cmocka_unit_test(numbers_beyond_the_table_get_the_default),
		cmocka_unit_test(capabilities_and_log_reach_the_policy),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
