// SPDX-License-Identifier: GPL-2.0
/* A policy that was derived is taken again only while all that its profile includes is the same. */
#include <dirent.h>
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

#include "builder/builder.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "runtime/policy.h"

static char folder[] = "/tmp/vkernel-includes-XXXXXX";

static const char *in(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void put(const char *name, const char *text)
{
	struct error err;

	if (file_write(in(name), text, strlen(text), &err))
		fail_msg("%s", err.text);
}

static void make_folder(const char *name)
{
	assert_int_equal(mkdir(in(name), 0700), 0);
}

static int begin(void **state)
{
	char text[1024];

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	make_folder("cache");
	make_folder("rules");
	put("one", "/one r,\n");
	put("rules/a", "/a r,\n");
	put("rules/a.dpkg-old", "/old r,\n");
	make_folder("rules/sub");
	snprintf(text, sizeof(text),
		 "profile p {\n  include \"%s/one\"\n  include if exists \"%s/two\"\n"
		 "  include \"%s/rules\"\n  include \"%s/one\"\n}\n",
		 folder, folder, folder, folder);
	put("profile", text);
	return 0;
}

static int end(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

/* The policy for a container that has the profile; the caller ends it. */
static int make(struct container_policy *made, struct error *err)
{
	static const struct settings nothing;
	json_t *root = json_pack("{s:{s:s}}", "annotations", ANNOTATION_APPARMOR, in("profile"));
	autofree char *cache = strdup(in("cache"));
	const struct policy_request request = {
		.root = root, .id = "c1", .settings = &nothing, .cache = cache};
	int ret = policy_for(&request, made, err);

	json_decref(root);
	return ret;
}

/* Which paths of a list may be read: "one a". */
static const char *readable(void)
{
	static const char *const paths[] = {"/one", "/two", "/a", "/b", "/c", "/old", "/sub"};
	static char text[64];
	struct container_policy made;
	struct policy policy;
	struct error err;

	if (make(&made, &err) || blob_parse("made", made.blob, made.size, &policy, &err))
		fail_msg("%s", err.text);
	*text = '\0';
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (files_allowed(files_match(&policy.files, paths[i], strlen(paths[i])),
				  POLICY_OTHERS) &
		    POLICY_FILE_READ)
			sprintf(text + strlen(text), "%s%s", *text ? " " : "", paths[i] + 1);
	container_policy_free(&made);
	return text;
}

/* The only entry of the cache, which is another file whenever it is written anew. */
static ino_t entry(void)
{
	DIR *cache = opendir(in("cache"));
	struct dirent *found;
	ino_t inode = 0;

	assert_non_null(cache);
	while ((found = readdir(cache)))
		if (found->d_name[0] != '.') {
			assert_int_equal(inode, 0);
			inode = found->d_ino;
		}
	closedir(cache);
	assert_int_not_equal(inode, 0);
	return inode;
}

static void is_taken_again(const char *paths)
{
	const ino_t before = entry();

	assert_string_equal(readable(), paths);
	assert_int_equal(entry(), before);
}

static void is_made_anew(const char *paths)
{
	const ino_t before = entry();

	assert_string_equal(readable(), paths);
	assert_int_not_equal(entry(), before);
	is_taken_again(paths);
}

static void what_is_included_is_looked_at_each_time(void **state)
{
	(void)state;
	assert_string_equal(readable(), "one a");
	is_taken_again("one a");
	put("one", "/one r,\n");
	is_taken_again("one a");
	put("one", "/one r,\n/c r,\n");
	is_made_anew("one a c");
	put("two", "/two r,\n");
	is_made_anew("one two a c");
	put("rules/b", "/b r,\n");
	is_made_anew("one two a b c");
	put("rules/b~", "/old r,\n");
	put("rules/a.dpkg-old", "/sub r,\n");
	is_taken_again("one two a b c");
	unlink(in("rules/b"));
	is_made_anew("one two a c");
	assert_int_equal(rmdir(in("rules/sub")), 0);
	put("rules/sub", "/sub r,\n");
	is_made_anew("one two a c sub");
	unlink(in("two"));
	is_made_anew("one a c sub");
	make_folder("two");
	is_made_anew("one a c sub");
	put("two/x", "/two r,\n");
	is_made_anew("one two a c sub");
	unlink(in("one"));
	assert_int_equal(symlink("two/x", in("one")), 0);
	is_made_anew("two a sub");
}

static void what_is_gone_or_wrong_is_refused_in_spite_of_the_cache(void **state)
{
	struct container_policy made;
	struct error err;

	(void)state;
	unlink(in("one"));
	assert_int_equal(make(&made, &err), -1);
	assert_non_null(strstr(err.text, "/one"));
	container_policy_free(&made);
	put("one", "/one rq,\n");
	assert_int_equal(make(&made, &err), -1);
	assert_non_null(strstr(err.text, "one:1:"));
	container_policy_free(&made);
	put("one", "/one r,\n");
	assert_string_equal(readable(), "one two a sub");
}

/* A list that was cut counts as one that does not hold. */
static void a_damaged_entry_is_made_anew(void **state)
{
	(void)state;
	for (unsigned int byte = 0; byte < 6000; byte += 97) {
		autofree char *path = NULL, *bytes = NULL;
		DIR *cache = opendir(in("cache"));
		struct dirent *found;
		struct error err;
		size_t size;

		assert_non_null(cache);
		while ((found = readdir(cache)) && found->d_name[0] == '.')
			;
		assert_non_null(found);
		assert_true(asprintf(&path, "%s/%s", in("cache"), found->d_name) > 0);
		closedir(cache);
		assert_int_equal(file_read(path, 1 << 20, &bytes, &size, &err), 0);
		bytes[byte % size] ^= 1;
		assert_int_equal(file_write(path, bytes, size, &err), 0);
		assert_string_equal(readable(), "one two a sub");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_included_is_looked_at_each_time),
		cmocka_unit_test(what_is_gone_or_wrong_is_refused_in_spite_of_the_cache),
		cmocka_unit_test(a_damaged_entry_is_made_anew),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, begin, end) != 0;
}
