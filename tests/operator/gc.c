// SPDX-License-Identifier: GPL-2.0
/* vkernel gc finds what nobody holds, and leaves everything else. */
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>
#include <cmocka.h>

#include "operator/command.h"
#include "runtime/cache.h"
#include "runtime/kept.h"
#include "runtime/state.h"
#include "tests/operator/fake.h"

#define RUNS "vkernel_0123456789ab"
#define OVER "vkernel_feedfacecafe"

static char logs[PATH_MAX];

/* Only root may, whatever is there. */
static int begin(void **state)
{
	(void)state;
	fake_begin("3");
	snprintf(logs, sizeof(logs), "%s", fake_file("marker", ""));
	*strrchr(logs, '/') = '\0';
	kept_folder = logs;
	return setenv("VKERNEL_CACHE_DIR", logs, 1);
}

static int end(void **state)
{
	(void)state;
	fake_end();
	return unsetenv("VKERNEL_CACHE_DIR");
}

static int gc(const char *option)
{
	const char *const words[] = {option, NULL};

	if (geteuid())
		skip();
	return fake_run(gc_command, words);
}

static bool says(const char *text)
{
	return strstr(fake_output, text);
}

static void a_dry_run_tells_and_changes_nothing(void **state)
{
	struct owner over = {.id = "c2", .root = "/run/crun"};

	(void)state;
	fake_instance(RUNS, "c1", "/run/crun");
	fake_instance(OVER, "c2", "/run/crun");
	fake_write(OVER, "state", "over\n", 5);
	assert_int_equal(gc("--dry-run"), 0);
	assert_true(says("would remove the instance " OVER " of the container c2 in /run/crun\n"));
	assert_false(says(RUNS));
	assert_true(state_is_owned(OVER, &over));
	assert_false(state_is_held(OVER));
}

static void what_is_being_made_is_passed_over(void **state)
{
	struct error err;
	int lock;

	(void)state;
	lock = state_create(OVER, &err);
	assert_true(lock >= 0);
	assert_int_equal(gc("--dry-run"), 0);
	assert_string_equal(fake_output, "");
	assert_int_equal(gc(NULL), 0);
	assert_string_equal(fake_output, "");
	assert_true(state_is_held(OVER));
	close(lock);
	assert_int_equal(gc(NULL), 0);
	assert_true(says("removing the state folder " OVER));
	assert_int_equal(gc(NULL), 0);
	assert_string_equal(fake_output, "");
}

static void folders_with_other_names_stay(void **state)
{
	char path[PATH_MAX + 64];

	(void)state;
	snprintf(path, sizeof(path), "%s/vkernel_mine", state_folder);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(gc(NULL), 0);
	assert_string_equal(fake_output, "");
	assert_int_equal(access(path, F_OK), 0);
}

/* A file beside the state folder, whose last change is a minute ago. */
static const char *old_file(const char *name)
{
	const char *path = fake_file(name, "half");
	const struct utimbuf ago = {.actime = time(NULL) - 60, .modtime = time(NULL) - 60};

	assert_int_equal(utime(path, &ago), 0);
	return path;
}

static void half_written_files_go_when_their_writer_has(void **state)
{
	char path[PATH_MAX];
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "%s", old_file(".c1.log"));
	old_file("c2.log");
	fake_file(".c3.log", "new");
	fd = open(path, O_RDONLY);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(gc(NULL), 0);
	assert_string_equal(fake_output, "");
	close(fd);
	assert_int_equal(gc("--dry-run"), 0);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(gc(NULL), 0);
	assert_true(says(".c1.log"));
	assert_false(says("c2.log"));
	assert_false(says("c3.log"));
	assert_int_equal(access(path, F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)
		TEST(a_dry_run_tells_and_changes_nothing),
		TEST(what_is_being_made_is_passed_over),
		TEST(folders_with_other_names_stay),
		TEST(half_written_files_go_when_their_writer_has),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
