// SPDX-License-Identifier: GPL-2.0
/* Files that a profile includes: where they are looked for, and what messages call them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "tests/builder/apparmor.h"

static char folder[] = "/tmp/vkernel-apparmor-XXXXXX";

static void put(const char *name, const char *text)
{
	struct error err;
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (file_write(path, text, strlen(text), &err))
		fail_msg("%s", err.text);
}

static void make_folder(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static int make_files(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	make_folder("abstractions");
	make_folder("many");
	make_folder("many/deeper");
	put("abstractions/one", "# a comment\n  /one r,\n");
	put("abstractions/nested", "include <abstractions/one>\n/nested r,\n");
	put("abstractions/wrong", "# a comment\n\n  /etc/x rz,\n");
	put("abstractions/open", "owner {\n  /x r,\n");
	put("abstractions/closed", "/x r,\n}\n");
	put("abstractions/self", "\n  include <abstractions/two>\n");
	put("abstractions/two", "include <abstractions/self>\n");
	put("tunables", "@{A}=/a\ninclude if exists <tunables.d>\n");
	put("many/20", "/twenty r,\n");
	put("many/10", "/ten r,\n");
	put("many/10~", "nonsense\n");
	put("many/10.dpkg-old", "nonsense\n");
	put("many/.hidden", "nonsense\n");
	put("many/deeper/x", "nonsense\n");
	return 0;
}

static int remove_files(void **state)
{
	char command[sizeof(folder) + 16];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static void check(const char *text, const char *expected)
{
	struct error err;
	struct profile *profile = read_apparmor(text, folder, &err);
	autofree char *rules = NULL;

	if (!profile)
		fail_msg("%s: %s", text, err.text);
	rules = say_rules(profile);
	assert_string_equal(rules, expected);
	profile_free(profile);
}

static void files_are_read_where_they_are_included(void **state)
{
	char text[256];

	(void)state;
	check("#include <tunables>\nabi <abi/3.0>,\nprofile p {\n  abi \"abi/4.0\",\n  /b r,\n"
	      "  #include <abstractions/nested> # both\n  @{A} r,\n}\n",
	      "/b r [/b r] p:5:3\n/one r [/one r] abstractions/one:2:3\n"
	      "/nested r [/nested r] abstractions/nested:2:1\n/a r [@{A} r] p:7:3\n");
	check("profile p {\n  include if exists <absent>\n  audit {\n    include "
	      "<abstractions/one>\n  }\n}",
	      "audit /one r [audit /one r] abstractions/one:2:3\n");
	check("profile p {\n  #include<abstractions/one>\n  # include <abstractions/nested>\n}",
	      "/one r [/one r] abstractions/one:2:3\n");
	snprintf(text, sizeof(text), "profile p { include \"%s/abstractions/one\" }", folder);
	check(text, "/one r [/one r] one:2:3\n");
}

static void a_folder_is_all_its_files_in_order(void **state)
{
	(void)state;
	check("profile p { include <many> }",
	      "/ten r [/ten r] many/10:1:1\n/twenty r [/twenty r] many/20:1:1\n");
}

static void a_profile_takes_a_file_once(void **state)
{
	(void)state;
	check("profile p {\n  include <abstractions/one>\n  include <abstractions/nested>\n}",
	      "/one r [/one r] abstractions/one:2:3\n"
	      "/nested r [/nested r] abstractions/nested:2:1\n");
}

static void messages_name_the_included_file(void **state)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{"profile p {\n  include <abstractions/wrong>\n}",
		 "abstractions/wrong:3:11: unknown permission 'z'; there are r, w, a, m, k, l, ix, "
		 "and x in deny rules"},
		{"profile p {\n  include <abstractions/open>\n}",
		 "abstractions/open:1:7: no '}' ends the block that begins here"},
		{"profile p {\n  include <abstractions/closed>\n}",
		 "abstractions/closed:2:1: '}' without a '{' in this file"},
		{"profile p {\n  include <abstractions/self>\n}",
		 "abstractions/two:1:9: abstractions/self includes itself, by way of this line"},
		{"profile p {\n  include <many/30>\n}",
		 "p:2:11: no many/30 in /etc/apparmor.d or the folders named; install what has it, "
		 "or name its folder with --apparmor-include"},
		{"profile p {\n  include <>\n}", "p:2:11: an include names no file"},
		{"profile p {\n  #included <abstractions/one>\n}",
		 "p:2:11: \"d\" stands where <file> or \"file\" should be"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error err;

		assert_null(read_apparmor(rows[i].text, folder, &err));
		assert_string_equal(err.text, rows[i].message);
		assert_int_equal(err.status, EXIT_USAGE);
	}
}

static void all_files_together_have_a_limit(void **state)
{
	const size_t size = 3 << 20;
	autofree char *text = malloc(size + 1);
	struct error err;

	(void)state;
	assert_non_null(text);
	memset(text, ' ', size);
	text[size] = '\0';
	put("large", text);
	put("larger", text);
	assert_null(
		read_apparmor("profile p {\n include <large>\n include <larger>\n}", folder, &err));
	assert_string_equal(err.text, "p:3:10: with larger the profile has 6291504 bytes; it may "
				      "have 4194304, with all that it includes");
}

static void includes_have_a_depth(void **state)
{
	struct error err;
	char name[32], text[64];

	(void)state;
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "deep%d", i);
		snprintf(text, sizeof(text), "include <deep%d>\n", i + 1);
		put(name, text);
	}
	assert_null(read_apparmor("profile p { include <deep0> }", folder, &err));
	assert_string_equal(err.text, "deep31:1:9: files include each other more than 32 deep");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_read_where_they_are_included),
		cmocka_unit_test(a_folder_is_all_its_files_in_order),
		cmocka_unit_test(a_profile_takes_a_file_once),
		cmocka_unit_test(messages_name_the_included_file),
		cmocka_unit_test(all_files_together_have_a_limit),
		cmocka_unit_test(includes_have_a_depth),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_files, remove_files);
}
