// SPDX-License-Identifier: GPL-2.0
/* A cached policy is the one that was put there for just this content, or none. */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "runtime/cache.h"

static char folder[64];

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/vkernel-cache-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static size_t entries(void)
{
	DIR *list = opendir(folder);
	struct dirent *entry;
	size_t count = 0;

	assert_non_null(list);
	while ((entry = readdir(list)))
		count += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
	closedir(list);
	return count;
}

static int remove_folder(void **state)
{
	DIR *list = opendir(folder);
	struct dirent *entry;

	(void)state;
	while (list && (entry = readdir(list)))
		unlinkat(dirfd(list), entry->d_name, 0);
	closedir(list);
	return rmdir(folder);
}

static void key_of(struct cache_key *key, const char *content)
{
	assert_true(cache_key_begin(key));
	cache_key_add(key, "content", content, strlen(content));
	cache_key_end(key);
}

static bool find(const struct cache_key *key, const char *wanted)
{
	size_t size = 0;
	void *body = NULL;
	uint32_t head;
	bool found;

	if (!cache_read(folder, key, &head, sizeof(head), &body, &size))
		return false;
	found = head == 7 && size == strlen(wanted) && !memcmp(body, wanted, size);
	free(body);
	return found;
}

static void put(const struct cache_key *key, const char *body)
{
	const uint32_t head = 7;

	cache_write(folder, key, &head, sizeof(head), body, strlen(body));
}

static void what_is_put_is_found_by_its_content_only(void **state)
{
	struct cache_key one, same, other;

	(void)state;
	key_of(&one, "a profile");
	key_of(&same, "a profile");
	key_of(&other, "another profile");
	assert_string_equal(one.name, same.name);
	assert_string_not_equal(one.name, other.name);
	assert_false(find(&one, "blob"));
	put(&one, "blob");
	assert_true(find(&same, "blob"));
	assert_false(find(&other, "blob"));
	put(&one, "newer");
	assert_true(find(&one, "newer"));
	assert_int_equal(entries(), 1);
}

static void pieces_do_not_run_into_each_other(void **state)
{
	struct cache_key one, other;

	(void)state;
	assert_true(cache_key_begin(&one));
	cache_key_add(&one, "x", "ab", 2);
	cache_key_add(&one, "x", "c", 1);
	cache_key_end(&one);
	assert_true(cache_key_begin(&other));
	cache_key_add(&other, "x", "a", 1);
	cache_key_add(&other, "x", "bc", 2);
	cache_key_end(&other);
	assert_string_not_equal(one.name, other.name);
}

/* Changes, cuts or lengthens the file at each byte in turn. */
static void whatever_is_damaged_is_not_there(void **state)
{
	struct stat status;
	struct cache_key key;
	char path[160];
	char byte;
	int fd;

	(void)state;
	key_of(&key, "a profile");
	put(&key, "the blob");
	snprintf(path, sizeof(path), "%s/%s", folder, key.name);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0 && !fstat(fd, &status));
	for (off_t i = 0; i < status.st_size; i++) {
		assert_int_equal(pread(fd, &byte, 1, i), 1);
		byte ^= 0x10;
		assert_int_equal(pwrite(fd, &byte, 1, i), 1);
		/* The reserved field means nothing. */
		if (find(&key, "the blob") && (i < 92 || i >= 96))
			fail_msg("byte %ld was changed, and nobody saw it", (long)i);
		byte ^= 0x10;
		assert_int_equal(pwrite(fd, &byte, 1, i), 1);
	}
	assert_true(find(&key, "the blob"));
	assert_int_equal(ftruncate(fd, status.st_size - 1), 0);
	assert_false(find(&key, "the blob"));
	assert_int_equal(ftruncate(fd, status.st_size + 1), 0);
	assert_false(find(&key, "the blob"));
	close(fd);
	put(&key, "the blob");
	assert_true(find(&key, "the blob"));
}

static void a_blob_under_another_name_is_not_taken(void **state)
{
	struct cache_key one, other;
	char from[160], to[160];

	(void)state;
	key_of(&one, "a profile");
	key_of(&other, "another profile");
	put(&one, "blob");
	snprintf(from, sizeof(from), "%s/%s", folder, one.name);
	snprintf(to, sizeof(to), "%s/%s", folder, other.name);
	assert_int_equal(rename(from, to), 0);
	assert_false(find(&other, "blob"));
}

static void what_others_could_have_written_is_not_taken(void **state)
{
	struct cache_key key;
	char path[160];

	(void)state;
	key_of(&key, "a profile");
	put(&key, "blob");
	snprintf(path, sizeof(path), "%s/%s", folder, key.name);
	assert_int_equal(chmod(path, 0602), 0);
	assert_false(find(&key, "blob"));
	assert_int_equal(chmod(path, 0600), 0);
	assert_true(find(&key, "blob"));
	assert_int_equal(chmod(folder, 0777), 0);
	assert_false(find(&key, "blob"));
	put(&key, "newer");
	assert_int_equal(chmod(folder, 0700), 0);
	assert_true(find(&key, "blob"));
}

static void the_folder_does_not_grow_for_ever(void **state)
{
	struct cache_key key;
	char content[32];

	(void)state;
	for (int i = 0; i < CACHE_MAX + 20; i++) {
		snprintf(content, sizeof(content), "profile %d", i);
		key_of(&key, content);
		put(&key, "blob");
	}
	assert_int_equal(entries(), CACHE_MAX);
	assert_true(find(&key, "blob"));
}

static void half_written_files_are_known_by_name(void **state)
{
	struct cache_key key;
	char name[160];

	(void)state;
	key_of(&key, "a profile");
	assert_false(cache_is_temporary(key.name));
	assert_false(cache_is_temporary("."));
	assert_false(cache_is_temporary(".."));
	snprintf(name, sizeof(name), ".%s.12.34", key.name);
	assert_true(cache_is_temporary(name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
		TEST(what_is_put_is_found_by_its_content_only),
		TEST(pieces_do_not_run_into_each_other),
		TEST(whatever_is_damaged_is_not_there),
		TEST(a_blob_under_another_name_is_not_taken),
		TEST(what_others_could_have_written_is_not_taken),
		TEST(the_folder_does_not_grow_for_ever),
		TEST(half_written_files_are_known_by_name),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
