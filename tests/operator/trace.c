// SPDX-License-Identifier: GPL-2.0
/* From recordings to profiles, asked of the policies that are compiled of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "builder/builder.h"
#include "builder/number.h"
#include "lib/cleanup.h"
#include "operator/command.h"
#include "operator/trace_calls.h"
#include "operator/trace_output.h"
#include "operator/trace_paths.h"
#include "operator/trace_text.h"
#include "tests/operator/fake.h"
#include "tests/operator/recorded.h"

static void calls_that_were_made_are_allowed_and_no_others(void **state)
{
	(void)state;
	calls(SYS_read, 0, 0, 0);
	calls(SYS_getpid, 0, 0, 0);
	make_policy();
	assert_true(may_call(SYS_read, 3, 1, 2));
	assert_true(may_call(SYS_getpid, 0, 0, 0));
	assert_false(may_call(SYS_write, 0, 0, 0));
	assert_false(may_call(SYS_execve, 0, 0, 0));
}

static void a_program_may_always_end_and_return_from_signals(void **state)
{
	(void)state;
	make_policy();
	assert_true(may_call(SYS_exit, 0, 0, 0));
	assert_true(may_call(SYS_exit_group, 0, 0, 0));
	assert_true(may_call(SYS_rt_sigreturn, 0, 0, 0));
	assert_true(may_call(SYS_restart_syscall, 0, 0, 0));
	assert_false(may_call(SYS_read, 0, 0, 0));
}

static void arguments_that_matter_are_told_apart(void **state)
{
	(void)state;
	calls(SYS_socket, AF_INET, SOCK_STREAM, 0);
	calls(SYS_ioctl, 0x5401, 0, 0);
	make_policy();
	assert_true(may_call(SYS_socket, AF_INET, SOCK_STREAM, 0));
	assert_true(may_call(SYS_socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	assert_false(may_call(SYS_socket, AF_INET6, SOCK_STREAM, 0));
	assert_false(may_call(SYS_socket, AF_INET, SOCK_DGRAM, 0));
	assert_false(may_call(SYS_socket, AF_INET, SOCK_STREAM, 6));
	assert_true(may_call(SYS_ioctl, 0, 0x5401, 0));
	assert_true(may_call(SYS_ioctl, 0, 0xffffffff00005401, 0));
	assert_false(may_call(SYS_ioctl, 0, 0x5402, 0));
}

static void too_many_different_arguments_are_not(void **state)
{
	(void)state;
	for (unsigned int i = 0; i <= TRACE_VARIANTS_MAX; i++)
		calls(SYS_ioctl, 0x1000 + i, 0, 0);
	make_policy();
	assert_true(may_call(SYS_ioctl, 0, 0x9999, 0));
}

static void clone_and_clone3_are_one(void **state)
{
	__u64 fields[POLICY_FIELDS_MAX] = {0};

	(void)state;
	calls(SYS_clone3, 0, 0, 0);
	make_policy();
	assert_true(may_call(SYS_clone, CLONE_VM | CLONE_THREAD | CLONE_SIGHAND, 0, 0));
	assert_false(may_call(SYS_clone, CLONE_NEWUSER, 0, 0));
	fields[0] = CLONE_VM;
	assert_int_equal(POLICY_VERDICT_ACTION(policy_decide_fields(
				 &policy.tables[POLICY_TABLE_X86_64], SYS_clone3, fields)),
			 POLICY_ALLOW);
	fields[0] = CLONE_NEWUSER;
	assert_int_not_equal(POLICY_VERDICT_ACTION(policy_decide_fields(
				     &policy.tables[POLICY_TABLE_X86_64], SYS_clone3, fields)),
			     POLICY_ALLOW);
}

static void a_namespace_that_was_made_is_allowed_alone(void **state)
{
	(void)state;
	calls(SYS_clone, CLONE_NEWUTS, 0, 0);
	make_policy();
	assert_true(may_call(SYS_clone, CLONE_NEWUTS | SIGCHLD, 0, 0));
	assert_false(may_call(SYS_clone, CLONE_NEWUTS | CLONE_NEWNET, 0, 0));
	assert_false(may_call(SYS_clone, SIGCHLD, 0, 0));
}

static void unread_flags_allow_clone3_whole(void **state)
{
	const struct recorded_call call = {.number = SYS_clone3, .unread = true, .count = 1};

	(void)state;
	assert_int_equal(recording_add_call(&recording, &call, &err), 0);
	make_policy();
	assert_true(may_call(SYS_clone3, 0, 0, 0));
}

static void i386_has_a_table_only_where_it_was_used(void **state)
{
	const struct recorded_call call = {.table = TRACE_I386, .number = 4, .count = 1};
	const __u64 arguments[6] = {0};

	(void)state;
	calls(SYS_read, 0, 0, 0);
	make_policy();
	assert_int_not_equal(policy_decide(&policy.tables[POLICY_TABLE_I386], 4, arguments),
			     POLICY_VERDICT(POLICY_ALLOW, 0));
	assert_int_equal(recording_add_call(&recording, &call, &err), 0);
	make_policy();
	assert_int_equal(policy_decide(&policy.tables[POLICY_TABLE_I386], 4, arguments),
			 POLICY_VERDICT(POLICY_ALLOW, 0));
	assert_int_not_equal(policy_decide(&policy.tables[POLICY_TABLE_I386], 5, arguments),
			     POLICY_VERDICT(POLICY_ALLOW, 0));
}

static void operations_of_io_uring_need_their_calls(void **state)
{
	(void)state;
	calls(SYS_socket, AF_INET, SOCK_STREAM, 0);
	fact(TRACE_RING, 22, 0); /* IORING_OP_READ */
	fact(TRACE_RING, 45, 0); /* IORING_OP_SOCKET */
	make_policy();
	assert_true(may_call(SYS_read, 0, 0, 0));
	assert_true(may_call(SYS_pread64, 0, 0, 0));
	assert_true(may_call(SYS_socket, AF_UNIX, SOCK_DGRAM, 0));
	assert_false(may_call(SYS_write, 0, 0, 0));
}

static void capabilities_are_those_that_were_used(void **state)
{
	(void)state;
	fact(TRACE_CAPABILITY, 10, 0);
	fact(TRACE_CAPABILITY_QUIET, 21, 0);
	make_policy();
	assert_true(policy.restricts_capabilities);
	assert_int_equal(policy.capabilities, UINT64_C(1) << 10);
}

#define LETTERS_RW (POLICY_FILE_READ | POLICY_FILE_WRITE)

static const char *const paths[] = {"/a b",	 "/a\nb",     "/\\",   "/\\x41",
				    "/\xff\xfe", "/\xc3\xa9", "/a\"b", "/\x01"};

static char *written(void)
{
	json_t *object;
	char *text;

	recording_settle(&recording);
	object = recording_to_json(&recording, &err);
	assert_non_null(object);
	text = json_dumps(object, 0);
	json_decref(object);
	assert_non_null(text);
	return text;
}

static void a_recording_is_read_as_it_was_written(void **state)
{
	autofree char *first = NULL, *second = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		uses(paths[i], 1u << (i % 7) | (i % 2 ? TRACE_CREATED : TRACE_LINKED));
	calls(SYS_socket, 2, 1, 0xffffffff);
	calls(SYS_clone3, TRACE_CLONE3_MASK, 0, 0);
	calls(9999, 0, 0, 0);
	fact(TRACE_SOCKET, 2, 1);
	fact(TRACE_CAPABILITY, 21, 0);
	recording.lost = 5;
	first = written();
	recording_free(&recording);
	assert_int_equal(recording_from_json(&recording, "f", first, strlen(first), &err), 0);
	assert_int_equal(recording.files_count, sizeof(paths) / sizeof(*paths));
	second = written();
	assert_string_equal(first, second);
}

static void merged_recordings_allow_both(void **state)
{
	struct recording other = {.runs = 2, .lost = 1};
	const struct recorded_call call = {.number = SYS_read, .count = 3};

	(void)state;
	calls(SYS_read, 0, 0, 0);
	calls(SYS_write, 0, 0, 0);
	uses("/a", TRACE_READ);
	assert_int_equal(recording_add_call(&other, &call, &err), 0);
	assert_int_equal(recording_add_file(&other, "/a", 2, TRACE_WRITE, &err), 0);
	assert_int_equal(recording_add_file(&other, "/b", 2, TRACE_READ, &err), 0);
	assert_int_equal(recording_merge(&recording, &other, &err), 0);
	recording_free(&other);
	assert_int_equal(recording.calls_count, 2);
	assert_int_equal(recording.calls[0].count, 4);
	assert_int_equal(recording.files_count, 2);
	assert_int_equal(recording.runs, 3);
	assert_int_equal(recording.lost, 1);
	make_policy();
	assert_true(may_use("/a", LETTERS_RW));
	assert_true(may_use("/b", POLICY_FILE_READ));
}

static void the_same_paths_again_take_no_more_room(void **state)
{
	char path[32];

	(void)state;
	for (unsigned int i = 0; i < 200000; i++) {
		snprintf(path, sizeof(path), "/f%u", i % 100);
		uses(path, TRACE_READ);
	}
	assert_in_range(recording.files_size, 100, 2048);
	recording_settle(&recording);
	assert_int_equal(recording.files_count, 100);
}

static const struct {
	const char *text, *says;
} damaged[] = {
	{"", "not JSON"},
	{"{}", "no recording"},
	{"{\"kind\":\"vkernel-recording\",\"schema\":2}", "schema 2"},
	{"{\"kind\":\"vkernel-recording\",\"schema\":1}", "are numbers"},
#define HEAD "{\"kind\":\"vkernel-recording\",\"schema\":1,\"runs\":1,\"lost\":0,"
	{HEAD "\"calls\":[]}", "no list \"files\""},
	{HEAD "\"calls\":[{}]}", "calls[0]"},
	{HEAD "\"calls\":[{\"entry\":\"arm\",\"number\":1,\"count\":1,\"arguments\":{}}]}",
	 "entry"},
	{HEAD "\"calls\":[{\"entry\":\"x86-64\",\"number\":41,\"count\":1,\"arguments\":{}}]}",
	 "record again"},
	{HEAD "\"calls\":[{\"entry\":\"x86-64\",\"number\":16,\"count\":1,\"arguments\":{\"1\":"
	      "\"0x1ffffffff\"}}]}",
	 "cannot have"},
	{HEAD "\"calls\":[],\"files\":[{\"path\":\"a\",\"access\":[]}]}", "begins with /"},
	{HEAD "\"calls\":[],\"files\":[{\"path\":\"/\\\\x00\",\"access\":[]}]}", "begins with /"},
	{HEAD "\"calls\":[],\"files\":[{\"path\":\"/\\\\x4\",\"access\":[]}]}", "begins with /"},
	{HEAD "\"calls\":[],\"files\":[{\"path\":\"/a\",\"access\":[\"fly\"]}]}", "no such access"},
	{HEAD "\"calls\":[],\"files\":[],\"facts\":[{\"kind\":\"odd\",\"count\":1,\"first\":0,"
	      "\"second\":0}]}",
	 "no such kind"},
};

static void a_damaged_recording_is_refused_by_what_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(damaged) / sizeof(*damaged); i++) {
		assert_int_equal(recording_from_json(&recording, "f", damaged[i].text,
						     strlen(damaged[i].text), &err),
				 -1);
		if (!strstr(err.text, damaged[i].says))
			fail_msg("\"%s\" is not in \"%s\"", damaged[i].says, err.text);
		assert_int_equal(err.status, EXIT_USAGE);
		assert_int_equal(recording.calls_count + recording.files_count, 0);
	}
}

static void the_command_remakes_a_profile_of_recordings(void **state)
{
	char where[PATH_MAX], kept[PATH_MAX + 32];
	autofree char *text = NULL;

	(void)state;
	calls(SYS_read, 0, 0, 0);
	uses("/etc/passwd", TRACE_READ);
	text = written();
	snprintf(kept, sizeof(kept), "%s", fake_file("one.json", text));
	snprintf(where, sizeof(where), "%s", fake_file("made", ""));
	assert_int_equal(
		fake_run(trace_command, (const char *const[]){"--merge", kept, "-o", where, NULL}),
		0);
	assert_non_null(strstr(fake_output, "x86-64 system calls left: 1 of"));
	snprintf(kept, sizeof(kept), "%s.yaml", where);
	assert_int_equal(access(kept, R_OK), 0);
	snprintf(kept, sizeof(kept), "%s.recording.json", where);
	assert_int_equal(
		fake_run(trace_command, (const char *const[]){"--merge", kept, "-o", where, NULL}),
		0);
}

static void names_that_would_escape_are_refused(void **state)
{
	static const char *const names[] = {"", ".x", "a/b", "a b", "a\"b", "a\nb", "\xff"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_int_equal(trace_name_check(names[i], &err), -1);
	assert_int_equal(trace_name_check("nginx-1.2_x", &err), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
		TEST(calls_that_were_made_are_allowed_and_no_others),
		TEST(a_program_may_always_end_and_return_from_signals),
		TEST(arguments_that_matter_are_told_apart),
		TEST(too_many_different_arguments_are_not),
		TEST(clone_and_clone3_are_one),
		TEST(a_namespace_that_was_made_is_allowed_alone),
		TEST(unread_flags_allow_clone3_whole),
		TEST(i386_has_a_table_only_where_it_was_used),
		TEST(operations_of_io_uring_need_their_calls),
		TEST(capabilities_are_those_that_were_used),
		TEST(a_recording_is_read_as_it_was_written),
		TEST(merged_recordings_allow_both),
		TEST(the_same_paths_again_take_no_more_room),
		TEST(a_damaged_recording_is_refused_by_what_is_wrong),
		TEST(the_command_remakes_a_profile_of_recordings),
		TEST(names_that_would_escape_are_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
