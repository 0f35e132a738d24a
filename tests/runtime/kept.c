// SPDX-License-Identifier: GPL-2.0
/* What is kept of a container's log, and what is not. */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "lib/scratch.h"
#include "runtime/kept.h"
#include "tests/operator/fake.h"

#define INSTANCE "vkernel_0123456789ab"

static char scratch[PATH_MAX], folder[PATH_MAX + 16];

static int begin(void **state)
{
	struct error err;

	(void)state;
	fake_begin("5\n");
	if (scratch_make(scratch, &err))
		return -1;
	snprintf(folder, sizeof(folder), "%s/kept", scratch);
	kept_folder = folder;
	return 0;
}

static int end(void **state)
{
	(void)state;
	scratch_remove(scratch);
	fake_end();
	return 0;
}

/* A container that is over: with this id, and a log of one record with this text. */
static void over(const char *id, const char *text)
{
	autofree char *record = NULL;
	char range[32];

	fake_end();
	fake_begin("5\n");
	fake_instance(INSTANCE, id, "/run/crun");
	if (asprintf(&record, *text ? "6,0,1,-;%s\n" : "%s", text) < 0)
		fail();
	snprintf(range, sizeof(range), "0 %zu\n", strlen(record));
	fake_write(INSTANCE, "log", record, strlen(record));
	fake_write(INSTANCE, "log_range", range, strlen(range));
}

static int save(const char *id, const char *text)
{
	struct error err;

	over(id, text);
	return kept_save(INSTANCE, &err);
}

static size_t count(void)
{
	struct kept_ids ids;
	struct error err;
	size_t found;

	assert_int_equal(kept_list(&ids, &err), 0);
	found = ids.count;
	kept_ids_free(&ids);
	return found;
}

static bool is_kept(const char *id, const char *record)
{
	struct kept kept;
	struct error err;
	bool same;

	if (kept_read(id, &kept, &err))
		return false;
	same = !strcmp(kept.id, id) && kept.records_size == strlen(record) &&
	       !memcmp(kept.records, record, kept.records_size);
	kept_free(&kept);
	return same;
}

static void the_last_log_of_an_id_stays(void **state)
{
	(void)state;
	assert_int_equal(count(), 0);
	assert_int_equal(save("c1", "first"), 0);
	assert_true(is_kept("c1", "6,0,1,-;first\n"));
	assert_int_equal(save("c1", "second"), 0);
	assert_true(is_kept("c1", "6,0,1,-;second\n"));
	assert_int_equal(save("c2", "other"), 0);
	assert_int_equal(count(), 2);
	assert_int_equal(save("c1", ""), 0);
	assert_false(is_kept("c1", ""));
	assert_int_equal(count(), 1);
}

static void without_a_log_nothing_is_made(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(save("c1", ""), 0);
	assert_int_not_equal(access(folder, F_OK), 0);
	assert_int_equal(kept_save("vkernel_ffffffffffff", &err), 0);
	assert_int_not_equal(access(folder, F_OK), 0);
}

static void an_id_leads_nowhere_else(void **state)
{
	static const char *const wrong[] = {"../c1", "a/b", "..", ".hidden", "/etc/x"};
	char long_id[300];

	(void)state;
	memset(long_id, 'a', sizeof(long_id) - 1);
	long_id[sizeof(long_id) - 1] = '\0';
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(save(wrong[i], "text"), -1);
	assert_int_equal(save(long_id, "text"), -1);
	assert_int_equal(count(), 0);
	assert_int_equal(save("quote\"\\and\nline", "text"), 0);
	assert_true(is_kept("quote\"\\and\nline", "6,0,1,-;text\n"));
}

static void only_the_newest_stay(void **state)
{
	char id[32], path[sizeof(folder) + 64];

	(void)state;
	for (int i = 0; i < KEPT_MAX + 3; i++) {
		const struct timespec times[2] = {{.tv_sec = 1000 + i}, {.tv_sec = 1000 + i}};

		snprintf(id, sizeof(id), "c%d", i);
		assert_int_equal(save(id, "text"), 0);
		snprintf(path, sizeof(path), "%s/%s.log", folder, id);
		assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	}
	assert_int_equal(count(), KEPT_MAX);
	assert_false(is_kept("c2", "6,0,1,-;text\n"));
	assert_true(is_kept("c3", "6,0,1,-;text\n"));
	assert_true(is_kept(id, "6,0,1,-;text\n"));
}

/* Files that begin with a dot. */
static size_t temporary(void)
{
	DIR *entries = opendir(folder);
	struct dirent *entry;
	size_t found = 0;

	assert_non_null(entries);
	while ((entry = readdir(entries)))
		found += kept_is_temporary(entry->d_name);
	closedir(entries);
	return found;
}

static void what_cannot_be_written_leaves_nothing(void **state)
{
	char path[sizeof(folder) + 64];
	struct error err;

	(void)state;
	assert_int_equal(save("c1", "before"), 0);
	over("c2", "after");
	snprintf(path, sizeof(path), "%s/c2.log", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(kept_save(INSTANCE, &err), -1);
	assert_non_null(strstr(err.text, path));
	assert_int_equal(temporary(), 0);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(kept_save(INSTANCE, &err), 0);
	assert_true(is_kept("c2", "6,0,1,-;after\n"));
	assert_true(is_kept("c1", "6,0,1,-;before\n"));
}

#define WRITERS 4

/* One id under several roots ends in one file. */
static void writers_at_once_do_not_disturb_each_other(void **state)
{
	pid_t writers[WRITERS];
	struct error err;
	int status;

	(void)state;
	over("c1", "text");
	for (size_t i = 0; i < WRITERS; i++) {
		writers[i] = fork();
		if (writers[i])
			continue;
		for (unsigned int round = 0; round < 100; round++)
			if (kept_save(INSTANCE, &err))
				_exit(1);
		_exit(0);
	}
	for (size_t i = 0; i < WRITERS; i++) {
		assert_int_equal(waitpid(writers[i], &status, 0), writers[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(temporary(), 0);
	assert_true(is_kept("c1", "6,0,1,-;text\n"));
}

static void a_link_is_not_followed(void **state)
{
	struct error err;

	(void)state;
	over("c1", "text");
	assert_int_equal(symlink(scratch, folder), 0);
	assert_int_equal(kept_save(INSTANCE, &err), -1);
	assert_non_null(strstr(err.text, folder));
}

static void a_damaged_file_is_told(void **state)
{
	static const char *const wrong[] = {
		"",
		"no JSON\n",
		"{}\n",
		"{\"schema\":2}\n",
		"{\"schema\":1,\"container\":\"c1\",\"instance\":1,\"root\":\"\",\"began\":1,"
		"\"ended\":2}\n",
	};
	char path[sizeof(folder) + 64];
	struct kept kept;
	struct error err;

	(void)state;
	assert_int_equal(save("c1", "text"), 0);
	snprintf(path, sizeof(path), "%s/c1.log", folder);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(file_write(path, wrong[i], strlen(wrong[i]), &err), 0);
		assert_int_equal(kept_read("c1", &kept, &err), -1);
		assert_non_null(strstr(err.text, path));
	}
}

#define test(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_last_log_of_an_id_stays),
		test(without_a_log_nothing_is_made),
		test(an_id_leads_nowhere_else),
		test(only_the_newest_stay),
		test(what_cannot_be_written_leaves_nothing),
		test(writers_at_once_do_not_disturb_each_other),
		test(a_link_is_not_followed),
		test(a_damaged_file_is_told),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
