// SPDX-License-Identifier: GPL-2.0
/* vkernel log, of instances that look like the kernel's and of what was kept. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "lib/scratch.h"
#include "operator/command.h"
#include "operator/record.h"
#include "runtime/framework.h"
#include "runtime/kept.h"
#include "tests/operator/fake.h"

#define LONG_ID	 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define INSTANCE "vkernel_0123456789ab"

#define run(...) fake_run(log_command, (const char *const[]){__VA_ARGS__, NULL})

#define RECORDS                                                          \
	"6,0,1234567,-;hello\n SUBSYSTEM=x\n KEY=a\\x20b\n"              \
	"12,1,9000001,-;one\\x0atwo \\x1b[31mred\\xc2\\x9b \\xc3\\xa4\n" \
	"3,5,10000000,-,caller=T1;an; error\\x5c\n"

static char folder[PATH_MAX];

static void write_log(const char *range, const char *records)
{
	fake_write(INSTANCE, "log", records, strlen(records));
	fake_write(INSTANCE, "log_range", range, strlen(range));
}

static int begin(void **state)
{
	struct error err;

	(void)state;
	fake_begin("5\n");
	fake_instance(INSTANCE, LONG_ID, "/run/crun");
	if (scratch_make(folder, &err))
		return -1;
	strcat(folder, "/log");
	kept_folder = folder;
	write_log("0 150\n", RECORDS);
	return 0;
}

static int end(void **state)
{
	(void)state;
	*strrchr(folder, '/') = '\0';
	scratch_remove(folder);
	fake_end();
	return 0;
}

static void prints(const char *text)
{
	assert_string_equal(fake_output, text);
}

static void says(const char *text)
{
	if (!strstr(fake_error, text))
		fail_msg("\"%s\" is not in \"%s\"", text, fake_error);
}

static void a_log_looks_like_dmesg_and_steers_no_terminal(void **state)
{
	(void)state;
	assert_int_equal(run("0123"), 0);
	prints("[    1.234567] hello\n"
	       "[    9.000001] one\n[    9.000001] two ?[31mred? \xc3\xa4\n"
	       "[   10.000000] an; error\\\n");
	assert_int_equal(run("--raw", INSTANCE), 0);
	prints(RECORDS);
}

static void levels_and_sequence_numbers_choose(void **state)
{
	(void)state;
	assert_int_equal(run("0123", "--level", "warn,err"), 0);
	assert_null(strstr(fake_output, "hello"));
	assert_non_null(strstr(fake_output, "error"));
	assert_int_equal(run("0123", "--level", "info", "--level", "warn"), 0);
	assert_non_null(strstr(fake_output, "hello"));
	assert_null(strstr(fake_output, "error"));
	assert_int_equal(run("0123", "--since-seq", "2"), 0);
	prints("[   10.000000] an; error\\\n");
	assert_int_equal(run("0123", "--level", "loud"), EXIT_USAGE);
	says("\"loud\"");
	assert_int_equal(run("0123", "--since-seq", "-1"), EXIT_USAGE);
	assert_int_equal(run("0123", "--since-seq", "99999999999999999999"), EXIT_USAGE);
}

static void json_is_an_object_a_line_and_counts_what_is_lost(void **state)
{
	(void)state;
	assert_int_equal(run("0123", "--json"), 0);
	prints("{\"sequence\":0,\"level\":\"info\",\"facility\":0,\"microseconds\":1234567,"
	       "\"text\":\"hello\",\"fields\":{\"SUBSYSTEM\":\"x\",\"KEY\":\"a b\"}}\n"
	       "{\"sequence\":1,\"level\":\"warn\",\"facility\":1,\"microseconds\":9000001,"
	       "\"text\":\"one\\ntwo \\u001B[31mred\\u009B \\u00E4\",\"fields\":{}}\n"
	       "{\"lost\":3}\n"
	       "{\"sequence\":5,\"level\":\"err\",\"facility\":0,\"microseconds\":10000000,"
	       "\"text\":\"an; error\\\\\",\"fields\":{}}\n");
	write_log("0 9\n", "6,0,1,-;not \\xff UTF-8\n");
	assert_int_equal(run("0123", "--json"), 0);
	assert_non_null(strstr(fake_output, "not \\\\xff UTF-8"));
}

static void what_is_no_record_is_an_error(void **state)
{
	static const char *const wrong[] = {
		"6,0,1,-;no end",	"6,0,1,-no text\n",	  "x,0,1,-;letters\n",
		"6,,1,-;no number\n",	"6;too short\n",	  "\n",
		"6,0,1,-;text\n KEY=1", "99999,0,1,-;priority\n", "6,18446744073709551616,1,-;t\n",
		"6,0,1,-;good\nbad\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		write_log("0 1\n", wrong[i]);
		if (run("0123") != EXIT_ENVIRONMENT)
			fail_msg("%s was taken", wrong[i]);
		says("damaged");
	}
}

/* Everything that a container can write, cut anywhere. */
static void no_bytes_lead_out_of_a_record(void **state)
{
	unsigned int seed = 1;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		static const char alphabet[] = "6,0;\n \\x1b=-";
		size_t size = rand_r(&seed) % 40, used = 0;
		char *bytes = malloc(size + 1);
		struct record record;

		for (size_t at = 0; at < size; at++)
			bytes[at] = alphabet[rand_r(&seed) % (sizeof(alphabet) - 1)];
		while (used < size && record_parse(bytes + used, size - used, &record) > 0) {
			assert_true(record.text >= bytes && record.fields <= bytes + size);
			assert_true(record.text + record.text_size < record.fields);
			json_decref(record_json(&record));
			used += record.size;
			assert_true(used <= size);
		}
		free(bytes);
	}
}

static void who_has_no_log_is_told_so(void **state)
{
	char path[PATH_MAX];

	(void)state;
	assert_int_equal(run("99"), EXIT_USAGE);
	says("no container is called \"99\"");
	assert_int_equal(run("../../etc/passwd"), EXIT_USAGE);
	snprintf(path, sizeof(path), "%.3000s/instances/" INSTANCE "/log_range", framework_folder);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(run("0123"), EXIT_ENVIRONMENT);
	says("not there any more");
}

static void save(void)
{
	struct error err;

	if (kept_save(INSTANCE, &err))
		fail_msg("%s", err.text);
}

static void remove_instance(void)
{
	const char *abi = "5\n";

	fake_end();
	fake_begin(abi);
}

static void what_was_kept_is_printed_when_the_container_is_gone(void **state)
{
	struct stat status;
	char path[PATH_MAX];

	(void)state;
	save();
	assert_int_equal(stat(folder, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0700);
	snprintf(path, sizeof(path), "%.3000s/" LONG_ID ".log", folder);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	remove_instance();
	assert_int_equal(run("012345", "--raw"), 0);
	prints(RECORDS);
	assert_int_equal(run(INSTANCE, "--follow", "--since-seq", "2"), 0);
	prints("[   10.000000] an; error\\\n");
	framework_folder = "/nonexistent";
	assert_int_equal(run(LONG_ID), 0);
}

static void both_kinds_are_listed(void **state)
{
	json_t *root, *logs;

	(void)state;
	save();
	assert_int_equal(run("--list"), 0);
	assert_non_null(strstr(fake_output, INSTANCE "  bound            150  "));
	assert_non_null(strstr(fake_output, INSTANCE "  kept  "));
	assert_int_equal(run("--list", "--json"), 0);
	root = json_loads(fake_output, 0, NULL);
	logs = json_object_get(root, "logs");
	assert_int_equal(json_array_size(logs), 2);
	assert_int_equal(json_integer_value(json_object_get(root, "schema")), 1);
	assert_string_equal(
		json_string_value(json_object_get(json_array_get(logs, 1), "container")), LONG_ID);
	assert_true(json_integer_value(json_object_get(json_array_get(logs, 1), "ended")) > 0);
	json_decref(root);
}

static void following_ends_with_the_container(void **state)
{
	(void)state;
	fake_write(INSTANCE, "state", "released\n", 9);
	assert_int_equal(run("0123", "--follow", "--since-seq", "5"), 0);
	prints("[   10.000000] an; error\\\n");
}

static void on_alarm(int signal)
{
	(void)signal;
	raise(SIGINT);
}

static void a_follower_is_interrupted(void **state)
{
	(void)state;
	signal(SIGALRM, on_alarm);
	alarm(1);
	assert_int_equal(run("0123", "--follow"), EXIT_INTERRUPTED);
	signal(SIGINT, SIG_DFL);
}

#define test(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_log_looks_like_dmesg_and_steers_no_terminal),
		test(levels_and_sequence_numbers_choose),
		test(json_is_an_object_a_line_and_counts_what_is_lost),
		test(what_is_no_record_is_an_error),
		test(no_bytes_lead_out_of_a_record),
		test(who_has_no_log_is_told_so),
		test(what_was_kept_is_printed_when_the_container_is_gone),
		test(both_kinds_are_listed),
		test(following_ends_with_the_container),
		test(a_follower_is_interrupted),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
