// SPDX-License-Identifier: GPL-2.0
/* From recorded paths to file rules, asked of the policies that are compiled of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/cleanup.h"
#include "tests/operator/recorded.h"

#define LETTERS_RW (POLICY_FILE_READ | POLICY_FILE_WRITE)

static void letters_are_what_was_done(void **state)
{
	(void)state;
	uses("/etc/passwd", TRACE_READ);
	uses("/var/log/x", TRACE_APPEND);
	uses("/bin/sh", TRACE_EXECUTE | TRACE_READ | TRACE_MAP);
	uses("/lock", TRACE_WRITE | TRACE_LOCK);
	make_policy();
	assert_true(may_use("/etc/passwd", POLICY_FILE_READ));
	assert_false(may_use("/etc/passwd", POLICY_FILE_WRITE));
	assert_false(may_use("/etc/passwd2", POLICY_FILE_READ));
	assert_false(may_use("/etc/", POLICY_FILE_READ));
	assert_true(may_use("/var/log/x", POLICY_FILE_APPEND));
	assert_false(may_use("/var/log/x", POLICY_FILE_WRITE));
	assert_true(may_use("/bin/sh", POLICY_FILE_EXECUTE));
	assert_false(may_use("/etc/passwd", POLICY_FILE_EXECUTE));
	assert_true(may_use("/lock", POLICY_FILE_LOCK));
	assert_false(may_use("/bin/sh", POLICY_FILE_LOCK));
}

static void processes_are_a_pattern(void **state)
{
	(void)state;
	uses("/proc/17/status", TRACE_READ);
	uses("/proc/17/task/18/comm", TRACE_READ | TRACE_WRITE);
	uses("/proc/sys/kernel/osrelease", TRACE_READ);
	make_policy();
	assert_true(may_use("/proc/4711/status", POLICY_FILE_READ));
	assert_true(may_use("/proc/1/task/2/comm", LETTERS_RW));
	assert_false(may_use("/proc/1/comm", POLICY_FILE_READ));
	assert_false(may_use("/proc/sys/status", POLICY_FILE_READ));
	assert_false(may_use("/proc/meminfo", POLICY_FILE_READ));
}

static void what_was_made_in_tmp_may_be_made_again(void **state)
{
	(void)state;
	uses("/tmp/tmpab3x_1", TRACE_READ | TRACE_WRITE | TRACE_CREATED);
	uses("/tmp/given", TRACE_READ);
	uses("/var/tmp/d0/", TRACE_WRITE | TRACE_CREATED);
	uses("/var/tmp/d0/deep/x", TRACE_READ | TRACE_WRITE | TRACE_CREATED);
	make_policy();
	assert_true(may_use("/tmp/tmpzzzzzz", LETTERS_RW));
	assert_false(may_use("/tmp/a/b", POLICY_FILE_READ));
	assert_true(may_use("/var/tmp/d9/", POLICY_FILE_WRITE));
	assert_true(may_use("/var/tmp/d9/other/y", LETTERS_RW));
	assert_false(may_use("/var/tmp/file", POLICY_FILE_READ));
	assert_false(may_use("/etc/x", POLICY_FILE_READ));
}

static void what_was_only_read_in_tmp_is_itself(void **state)
{
	(void)state;
	uses("/tmp/given", TRACE_READ);
	make_policy();
	assert_true(may_use("/tmp/given", POLICY_FILE_READ));
	assert_false(may_use("/tmp/other", POLICY_FILE_READ));
}

static void numbers_in_made_names_are_a_pattern(void **state)
{
	(void)state;
	uses("/data/temp-1234.rdb", TRACE_READ | TRACE_WRITE | TRACE_CREATED);
	uses("/data/given-1234", TRACE_READ);
	uses("/data/1234/made", TRACE_WRITE | TRACE_CREATED);
	make_policy();
	assert_true(may_use("/data/temp-99.rdb", LETTERS_RW));
	assert_false(may_use("/data/temp-x.rdb", POLICY_FILE_READ));
	assert_false(may_use("/data/given-1235", POLICY_FILE_READ));
	assert_false(may_use("/data/1235/made", POLICY_FILE_WRITE));
}

static void libraries_may_have_another_version(void **state)
{
	(void)state;
	uses("/usr/lib/x86_64-linux-gnu/libz.so.1.2.13", TRACE_READ | TRACE_MAP);
	uses("/etc/libz.so.1", TRACE_READ);
	make_policy();
	assert_true(may_use("/usr/lib/x86_64-linux-gnu/libz.so.1.3.1",
			    POLICY_FILE_READ | POLICY_FILE_MAP));
	assert_false(may_use("/usr/lib/x86_64-linux-gnu/libzz.so.1", POLICY_FILE_READ));
	assert_false(may_use("/etc/libz.so.2", POLICY_FILE_READ));
}

static void a_link_may_be_used_as_what_it_leads_to(void **state)
{
	(void)state;
	uses("/data/a", TRACE_READ | TRACE_LINKED);
	uses("/data/b", TRACE_LINK | TRACE_WRITE | TRACE_CREATED);
	make_policy();
	assert_true(may_use("/data/b", POLICY_FILE_LINK | POLICY_FILE_WRITE));
	assert_true(may_use("/data/a", POLICY_FILE_LINK | LETTERS_RW));
}

static const char *const hostile[] = {
	"/a b",	     "/a\nb",	  "/a\tb", "/a\"b",   "/a\\b", "/a\\",	 "/a*b",    "/a?b",
	"/a[b]c",    "/a{b,c}d",  "/a^b",  "/a@{b}c", "/a#b",  "/a,",	 "/a,b",    "/\xff\xfe",
	"/\xc3\xa9", "/\x01\x7f", "/a'b",  "/ ",      "/a/",   "/\\101", "/a\\x41", "/@{PROC}",
	"/a -> b",   "/a\rb",	  "/a(b)", "/a=b",    "/$a",   "/\\*"};

static void hostile_names_mean_themselves(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++)
		uses(hostile[i], TRACE_READ);
	make_policy();
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++)
		if (!may_use(hostile[i], POLICY_FILE_READ))
			fail_msg("not allowed: %s", hostile[i]);
	assert_false(may_use("/axb", POLICY_FILE_READ));
	assert_false(may_use("/ab", POLICY_FILE_READ));
	assert_false(may_use("/abd", POLICY_FILE_READ));
	assert_false(may_use("/aA", POLICY_FILE_READ));
	assert_false(may_use("/A", POLICY_FILE_READ));
	assert_false(may_use("/proc/", POLICY_FILE_READ));
}

/* Every byte, alone, in a file of its own. */
static void every_byte_means_itself(void **state)
{
	char path[] = "/x?y", made[] = "/tmp2/x?12";

	(void)state;
	for (unsigned int byte = 1; byte < 256; byte += 2) {
		path[2] = (char)byte;
		if (byte != '/')
			uses(path, TRACE_READ);
		made[7] = (char)byte;
		if (byte != '/')
			uses(made, TRACE_WRITE | TRACE_CREATED);
	}
	make_policy();
	for (unsigned int byte = 1; byte < 256; byte++) {
		path[2] = (char)byte;
		assert_int_equal(may_use(path, POLICY_FILE_READ), byte % 2 && byte != '/');
	}
}

static void a_path_may_have_4095_bytes(void **state)
{
	autofree char *path = malloc(4096);

	(void)state;
	memset(path, 'x', 4095);
	for (size_t i = 0; i < 4095; i += 200)
		path[i] = '/';
	path[4095] = '\0';
	uses(path, TRACE_READ);
	make_policy();
	assert_true(may_use(path, POLICY_FILE_READ));
	path[4094]++;
	assert_false(may_use(path, POLICY_FILE_READ));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
		TEST(letters_are_what_was_done),
		TEST(processes_are_a_pattern),
		TEST(what_was_made_in_tmp_may_be_made_again),
		TEST(what_was_only_read_in_tmp_is_itself),
		TEST(numbers_in_made_names_are_a_pattern),
		TEST(libraries_may_have_another_version),
		TEST(a_link_may_be_used_as_what_it_leads_to),
		TEST(hostile_names_mean_themselves),
		TEST(every_byte_means_itself),
		TEST(a_path_may_have_4095_bytes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
