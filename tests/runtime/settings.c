// SPDX-License-Identifier: GPL-2.0
/* What the runtime's configuration file may say, and that every mistake has its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "lib/file.h"
#include "runtime/settings.h"

static char path[] = "/tmp/vkernel-settings-XXXXXX";

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static int read_text(const char *text, struct settings *settings, struct error *err)
{
	assert_int_equal(file_write(path, text, strlen(text), err), 0);
	return settings_read(path, settings, err);
}

static void all_keys_are_read(void **state)
{
	struct settings settings;
	struct error err;

	(void)state;
	if (read_text("schema: 1\nprofile: /etc/vkernel/web.yaml\nruntime: /usr/bin/runc\n"
		      "keep-seccomp: true\nlog: private:64K\nexcess: kill\nmasked-paths: keep\n",
		      &settings, &err))
		fail_msg("%s", err.text);
	assert_string_equal(settings.profile, "/etc/vkernel/web.yaml");
	assert_string_equal(settings.runtime, "/usr/bin/runc");
	assert_true(settings.keep_seccomp);
	assert_string_equal(settings.log, "private:64K");
	assert_string_equal(settings.excess, "kill");
	assert_string_equal(settings.masked_paths, "keep");
	settings_free(&settings);
}

static void what_is_not_said_is_left_open(void **state)
{
	struct settings settings;
	struct error err;

	(void)state;
	if (read_text("schema: 1\n", &settings, &err))
		fail_msg("%s", err.text);
	assert_null(settings.profile);
	assert_null(settings.runtime);
	assert_null(settings.log);
	assert_null(settings.excess);
	assert_null(settings.masked_paths);
	assert_false(settings.keep_seccomp);
	settings_free(&settings);
}

static void mistakes_are_refused_with_their_place(void **state)
{
	static const struct {
		const char *text, *place, *word;
	} wrong[] = {
		{"", "", ""},
		{"schema: 2\n", ":1:", "schema"},
		{"runtime: crun\n", ":", "schema"},
		{"schema: 1\nprofil: /x\n", ":2:1", "profil"},
		{"schema: 1\nprofile: web.yaml\n", ":2:", "absolute"},
		{"schema: 1\nruntime:\n", ":2:", "runtime"},
		{"schema: 1\nkeep-seccomp: perhaps\n", ":2:", "keep-seccomp"},
		{"schema: 1\nlog: private:5X\n", ":2:", "5X"},
		{"schema: 1\nexcess: forgive\n", ":2:", "excess"},
		{"schema: 1\nlog: deny\nlog: host\n", ":3:", "log"},
		{"schema: 1\nmasked-paths: [keep]\n", ":2:", "masked-paths"},
		{"schema: [1\n", ":", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct settings settings;
		struct error err;

		if (!read_text(wrong[i].text, &settings, &err))
			fail_msg("text %zu was taken", i);
		assert_int_equal(err.status, EXIT_USAGE);
		if (!strstr(err.text, path) || !strstr(err.text, wrong[i].place) ||
		    !strstr(err.text, wrong[i].word))
			fail_msg("\"%s\" names neither \"%s\" nor \"%s\"", err.text, wrong[i].place,
				 wrong[i].word);
		assert_null(settings.data);
	}
}

static void a_file_that_others_may_write_is_refused(void **state)
{
	struct settings settings;
	struct error err;

	(void)state;
	assert_int_equal(file_write(path, "schema: 1\n", 10, &err), 0);
	assert_int_equal(chmod(path, 0646), 0);
	assert_int_equal(settings_read(path, &settings, &err), -1);
	assert_non_null(strstr(err.text, "others than root"));
	assert_int_equal(chmod(path, 0644), 0);
}

static void a_file_that_is_named_must_be_there(void **state)
{
	struct settings settings;
	struct error err;

	(void)state;
	assert_int_equal(settings_read("/nonexistent/runtime.yaml", &settings, &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	assert_non_null(strstr(err.text, "/nonexistent/runtime.yaml"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_keys_are_read),
		cmocka_unit_test(what_is_not_said_is_left_open),
		cmocka_unit_test(mistakes_are_refused_with_their_place),
		cmocka_unit_test(a_file_that_others_may_write_is_refused),
		cmocka_unit_test(a_file_that_is_named_must_be_there),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_file, remove_file) != 0;
}
