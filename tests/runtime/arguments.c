// SPDX-License-Identifier: GPL-2.0
/* The OCI command line is understood as crun understands it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "runtime/arguments.h"
#include "runtime/instance.h"

#define WORDS 16

struct line {
	const char *argv[WORDS];
	const char *command, *id, *bundle, *config;
	bool detach;
};

static const struct line lines[] = {
	{{"r", "run", "c1"}, "run", "c1", ".", NULL, false},
	{{"r", "run", "--bundle", "/b", "c1"}, "run", "c1", "/b", NULL, false},
	{{"r", "run", "--bundle=/b", "-d", "c1"}, "run", "c1", "/b", NULL, true},
	{{"r", "run", "-b", "/b", "--detach", "c1"}, "run", "c1", "/b", NULL, true},
	{{"r", "run", "-f", "x.json", "c1"}, "run", "c1", ".", "x.json", false},
	{{"r", "create", "--pid-file", "/p", "--console-socket", "/s", "c1"},
	 "create",
	 "c1",
	 ".",
	 NULL,
	 false},
	{{"r", "create", "--pid-file=/p", "--no-pivot", "c1"}, "create", "c1", ".", NULL, false},
	{{"r", "--root", "/run", "--log=/l", "--debug", "create", "c1"},
	 "create",
	 "c1",
	 ".",
	 NULL,
	 false},
	{{"r", "--cgroup-manager=cgroupfs", "run", "--", "-c1"}, "run", "-c1", ".", NULL, false},
	{{"r", "delete", "-f", "c1"}, "delete", "c1", ".", NULL, false},
	{{"r", "delete", "--force", "c1"}, "delete", "c1", ".", NULL, false},
	{{"r", "--root=/x", "--rootless", "auto", "--systemd-cgroup", "delete", "c1"},
	 "delete",
	 "c1",
	 ".",
	 NULL,
	 false},
	{{"r", "--criu", "/x", "create", "--pidfd-socket", "/s", "--no-mount-fallback", "c1"},
	 "create",
	 "c1",
	 ".",
	 NULL,
	 false},
	{{"r", "run", "--keep", "--no-subreaper", "--preserve-fds", "3", "c1"},
	 "run",
	 "c1",
	 ".",
	 NULL,
	 false},
	{{"r", "delete", "--regex", "c.*"}, "delete", "c.*", ".", NULL, false},
	{{"r", "state", "--unread", "c1"}, "state", NULL, ".", NULL, false},
	{{"r"}, "", NULL, ".", NULL, false},
};

static int count(const char *const *argv)
{
	int words = 0;

	while (words < WORDS && argv[words])
		words++;
	return words;
}

static void same(const char *found, const char *expected)
{
	if (!expected)
		assert_null(found);
	else
		assert_string_equal(found, expected);
}

static void each_line_is_understood(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const struct line *line = &lines[i];
		struct arguments arguments;
		struct error err;

		assert_int_equal(
			arguments_parse(count(line->argv), (char **)line->argv, &arguments, &err),
			0);
		same(arguments_command(&arguments), line->command);
		same(arguments.id, line->id);
		same(arguments.bundle, line->bundle);
		same(arguments.config, line->config);
		assert_int_equal(arguments.detach, line->detach);
	}
}

static void a_missing_value_is_refused(void **state)
{
	static const char *const wrong[][WORDS] = {
		{"r", "--root"},
		{"r", "run", "--bundle"},
		{"r", "run", "-f"},
		{"r", "create", "--pid-file"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct arguments arguments;
		struct error err;

		assert_int_equal(
			arguments_parse(count(wrong[i]), (char **)wrong[i], &arguments, &err), -1);
		assert_int_equal(err.status, EXIT_USAGE);
		assert_non_null(strstr(err.text, wrong[i][count(wrong[i]) - 1]));
	}
}

/* An option read otherwise than below is a way around. */
static void what_may_be_read_in_two_ways_is_refused(void **state)
{
	static const struct {
		const char *argv[WORDS];
		const char *named;
	} wrong[] = {
		{{"r", "run", "-b=/b", "c1"},
		 "crun takes it for --bundle =/b, and runc for --bundle=/b"},
		{{"r", "run", "-bundle", "/b", "c1"}, "runc for --bundle"},
		{{"r", "run", "-bundle=/b", "c1"}, "runc for --bundle=/b"},
		{{"r", "run", "--no-", "c1"}, "could be --no-mount-fallback or --no-new-keyring"},
		{{"r", "run", "--pid", "/p", "c1"}, "--pid-file or --pidfd-socket"},
		{{"r", "--lo", "/l", "run", "c1"}, "could be --log or --log-format"},
		{{"r", "--roo=/x", "run", "c1"}, "could be --root or --rootless"},
		{{"r", "run", "--=x", "c1"}, "--=x"},
		{{"r", "run", "-", "c1", "x"}, "comes after"},
		{{"r", "run", "-dx", "c1"}, "-dx"},
		{{"r", "run", "-x", "c1"}, "-x is not known"},
		{{"r", "run", "--detach=perhaps", "c1"}, "--detach takes no value"},
		{{"r", "run", "--detach=", "c1"}, "--detach takes no value"},
		{{"r", "run", "--help=true", "c1"}, "--help"},
		{{"r", "run", "--bun", "/a", "-b/b", "c1"}, "given twice"},
		{{"r", "run", "-b"}, "needs a value"},
		{{"r", "run", "-db"}, "needs a value"},
		{{"r", "run", "--no-such", "c1"}, "--no-such"},
		{{"r", "create", "--detach", "c1"}, "--detach"},
		{{"r", "create", "--force", "c1"}, "--force"},
		{{"r", "delete", "--bundle", "/b", "c1"}, "--bundle"},
		{{"r", "--criu=/x", "--criu", "/y", "run", "c1"}, "--criu"},
		{{"r", "run", "--keep-seccomp", "c1"}, "--keep-seccomp"},
		{{"r", "--keep-seccomp=no", "run", "c1"}, "--keep-seccomp=no"},
		{{"r", "run", "--detach", "true", "c1"}, "c1"},
		{{"r", "--", "run", "c1"}, "--"},
		{{"r", "-", "run", "c1"}, "-"},
		{{"r", "run", "-f", "x", "--config=y", "c1"}, "--config=y"},
		{{"r", "--root", "/x", "--root", "/y", "delete", "c1"}, "--root"},
		{{"r", "run", "c1", "--config=y"}, "--config=y"},
		{{"r", "delete", "c1", "c2"}, "c2"},
		{{"r", "run"}, "id"},
		{{"r", "delete", "--force"}, "id"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct arguments arguments;
		struct error err;

		if (!arguments_parse(count(wrong[i].argv), (char **)wrong[i].argv, &arguments,
				     &err))
			fail_msg("line %zu was taken", i);
		assert_int_equal(err.status, EXIT_USAGE);
		if (!strstr(err.text, wrong[i].named))
			fail_msg("\"%s\" does not name \"%s\"", err.text, wrong[i].named);
	}
}

/* The runtime below gets each option by itself, and by its name: it can read it in no other way. */
static void what_one_of_the_two_reads_is_written_out(void **state)
{
	static const struct {
		const char *given[WORDS], *wanted[WORDS];
	} cases[] = {
		{{"r", "run", "-b/b", "c1"}, {"r", "run", "--bundle", "/b", "c1"}},
		{{"r", "run", "-db", "/b", "c1"}, {"r", "run", "--detach", "--bundle", "/b", "c1"}},
		{{"r", "run", "-db/b", "c1"}, {"r", "run", "--detach", "--bundle", "/b", "c1"}},
		{{"r", "run", "-db--detach", "c1"},
		 {"r", "run", "--detach", "--bundle", "--detach", "c1"}},
		{{"r", "run", "-dfx", "c1"}, {"r", "run", "--detach", "--config", "x", "c1"}},
		{{"r", "run", "--det", "c1"}, {"r", "run", "--detach", "c1"}},
		{{"r", "run", "--bun", "--", "c1"}, {"r", "run", "--bundle", "--", "c1"}},
		{{"r", "run", "--bun=", "c1"}, {"r", "run", "--bundle", "", "c1"}},
		{{"r", "run", "--conf=x=y", "c1"}, {"r", "run", "--config", "x=y", "c1"}},
		{{"r", "run", "--detach=true", "c1"}, {"r", "run", "--detach", "c1"}},
		{{"r", "run", "--detach=F", "c1"}, {"r", "run", "c1"}},
		{{"r", "run", "-d=1", "c1"}, {"r", "run", "--detach", "c1"}},
		{{"r", "run", "-detach", "c1"}, {"r", "run", "--detach", "c1"}},
		{{"r", "run", "-pid-file=/p", "c1"}, {"r", "run", "--pid-file", "/p", "c1"}},
		{{"r", "run", "-keep", "--no-piv", "c1"},
		 {"r", "run", "--keep", "--no-pivot", "c1"}},
		{{"r", "delete", "-fr", "c1"}, {"r", "delete", "--force", "--regex", "c1"}},
		{{"r", "delete", "-force", "c1"}, {"r", "delete", "--force", "c1"}},
		{{"r", "--cgroup=x", "run", "c1"}, {"r", "--cgroup-manager", "x", "run", "c1"}},
		{{"r", "-root", "/x", "run", "c1"}, {"r", "--root", "/x", "run", "c1"}},
		{{"r", "-root=/x", "-log-format", "json", "-debug", "run", "c1"},
		 {"r", "--root", "/x", "--log-format", "json", "--debug", "run", "c1"}},
		{{"r", "-conf", "/c", "run", "c1"}, {NULL}},
		{{"r", "-config=/c", "--keep-sec", "run", "c1"}, {"r", "run", "c1"}},
		{{"r", "exec", "-db/b", "c1"}, {"r", "exec", "-db/b", "c1"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *given[WORDS + 1];
		struct arguments arguments;
		struct error err;
		int j, ret;

		memcpy(given, cases[i].given, sizeof(cases[i].given));
		ret = arguments_parse(count(given), (char **)given, &arguments, &err);
		if (!cases[i].wanted[0]) {
			assert_int_equal(ret, -1);
			arguments_free(&arguments);
			continue;
		}
		if (ret)
			fail_msg("case %zu: %s", i, err.text);
		for (j = 0; j < arguments.argc && cases[i].wanted[j]; j++)
			if (strcmp(arguments.argv[j], cases[i].wanted[j]))
				fail_msg("case %zu: \"%s\" for \"%s\"", i, arguments.argv[j],
					 cases[i].wanted[j]);
		if (j != arguments.argc || cases[i].wanted[j])
			fail_msg("case %zu: %d words", i, arguments.argc);
		arguments_free(&arguments);
	}
}

static void a_question_ends_the_line(void **state)
{
	static const char *const asking[][WORDS] = {
		{"r", "--version", "run", "c1"},
		{"r", "--help", "--no-such"},
		{"r", "run", "--help", "c1"},
		{"r", "delete", "-?", "--regex"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(asking) / sizeof(asking[0]); i++) {
		struct arguments arguments;
		struct error err;
		char **argv;

		assert_int_equal(
			arguments_parse(count(asking[i]), (char **)asking[i], &arguments, &err), 0);
		assert_true(arguments.asks);
		argv = arguments_for(&arguments, "crun", NULL, NULL);
		assert_string_equal(argv[arguments.argc - 1], asking[i][arguments.argc - 1]);
		assert_null(argv[arguments.argc]);
		assert_true(arguments.argc < count(asking[i]));
		free(argv);
	}
}

/* The runtime below does not know them. */
static void our_own_options_leave_the_line(void **state)
{
	const char *given[] = {
		"r",   "--config", "/c", "--root", "/x", "--cache=/k", "--keep-seccomp",
		"run", "-b",	   "/b", "c1",	   NULL};
	static const char *const wanted[] = {"crun", "--root", "/x", "run", "-b", "/b", "c1", NULL};
	struct arguments arguments;
	struct error err;
	char **argv;
	int i;

	(void)state;
	assert_int_equal(arguments_parse(count(given), (char **)given, &arguments, &err), 0);
	assert_string_equal(arguments.settings, "/c");
	assert_string_equal(arguments.cache, "/k");
	assert_true(arguments.keep_seccomp);
	assert_null(arguments.config);
	assert_string_equal(arguments.id, "c1");
	argv = arguments_for(&arguments, "crun", NULL, NULL);
	for (i = 0; wanted[i]; i++)
		assert_string_equal(argv[i], wanted[i]);
	assert_null(argv[i]);
	free(argv);
}

static void our_configuration_takes_the_place_of_the_one_named(void **state)
{
	static const char *const given[] = {"r",      "--root",	  "/x", "run", "-f",
					    "x.json", "--bundle", "/b", "c1",  NULL};
	static const char *const wanted[] = {"crun",   "--root",   "/x", "run", "--config",
					     "/run/c", "--bundle", "/b", "c1",	NULL};
	struct arguments arguments;
	struct error err;
	char **argv;
	int i;

	(void)state;
	assert_int_equal(arguments_parse(count(given), (char **)given, &arguments, &err), 0);
	argv = arguments_for(&arguments, "crun", "--config", "/run/c");
	for (i = 0; wanted[i]; i++)
		assert_string_equal(argv[i], wanted[i]);
	assert_null(argv[i]);
	free(argv);
}

static void our_bundle_takes_the_place_of_bundle_and_configuration(void **state)
{
	static const char *const given[] = {
		"r", "create", "--config=x.json", "--bundle=/b", "--pid-file", "/p", "c1", NULL};
	static const char *const wanted[] = {"runc",	   "create", "--bundle", "/run/c",
					     "--pid-file", "/p",     "c1",	 NULL};
	struct arguments arguments;
	struct error err;
	char **argv;
	int i;

	(void)state;
	assert_int_equal(arguments_parse(count(given), (char **)given, &arguments, &err), 0);
	argv = arguments_for(&arguments, "runc", "--bundle", "/run/c");
	for (i = 0; wanted[i]; i++)
		assert_string_equal(argv[i], wanted[i]);
	assert_null(argv[i]);
	free(argv);
}

static void an_instance_is_named_by_hexadecimal_digits(void **state)
{
	static const char *const hostile[] = {"../../etc", "a b",   "ABCDEF012345", "abcdef01234g",
					      "x",	   "$(id)", "abcdef01234"};
	char name[INSTANCE_NAME_SIZE], other[INSTANCE_NAME_SIZE];
	size_t i;

	(void)state;
	instance_name("0123456789abcdef0123", name);
	assert_string_equal(name, "vkernel_0123456789ab");
	for (i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		instance_name(hostile[i], name);
		assert_int_equal(strlen(name), strlen("vkernel_0123456789ab"));
		assert_int_equal(strspn(name + strlen("vkernel_"), "0123456789abcdef"), 12);
	}
	instance_name("web-1", name);
	instance_name("web-2", other);
	assert_string_not_equal(name, other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_is_understood),
		cmocka_unit_test(a_missing_value_is_refused),
		cmocka_unit_test(what_may_be_read_in_two_ways_is_refused),
		cmocka_unit_test(what_one_of_the_two_reads_is_written_out),
		cmocka_unit_test(a_question_ends_the_line),
		cmocka_unit_test(our_own_options_leave_the_line),
		cmocka_unit_test(our_configuration_takes_the_place_of_the_one_named),
		cmocka_unit_test(our_bundle_takes_the_place_of_bundle_and_configuration),
		cmocka_unit_test(an_instance_is_named_by_hexadecimal_digits),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
