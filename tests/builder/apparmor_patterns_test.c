// SPDX-License-Identifier: GPL-2.0
/*
 * Patterns mean what apparmor_parser makes of them: its own automaton, as it prints it, and ours
 * agree on paths. Neither the kernel nor a privilege is needed for that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "tests/builder/agree.h"
#include "tests/builder/compiled.h"
#include "tests/builder/yardstick.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define STATES_MAX   2000
#define RANDOM	     80
#define PATHS	     150

/* Index 0 is where nothing matches any more. */
struct dump {
	unsigned int start;
	bool accepts[STATES_MAX];
	unsigned int next[STATES_MAX][256];
};

static unsigned int read_state(const char *text)
{
	unsigned int state;

	assert_int_equal(sscanf(text, "{%u}", &state), 1);
	assert_in_range(state, 1, STATES_MAX - 1);
	return state;
}

/* The bytes of "[^\x0/\]...]", which lead nowhere; the only one without a name is 0. */
static void read_exceptions(const char *text, bool except[256])
{
	text += text[1] == '^' ? 2 : 1;
	while (*text != ']') {
		if (!strncmp(text, "\\x0", 3)) {
			except[0] = true;
			text += 3;
			continue;
		}
		text += *text == '\\';
		except[(unsigned char)*text++] = true;
	}
}

/* "    [^\x0/] -> {3}", the last of a state's: all bytes that no line before it has. */
static void read_others(struct dump *dump, unsigned int state, const char *set, unsigned int next)
{
	bool except[256] = {false};

	read_exceptions(set, except);
	for (unsigned int byte = 0; byte < 256; byte++)
		if (!dump->next[state][byte] && !except[byte])
			dump->next[state][byte] = next;
}

/* "    a 0x61 -> {2}", or all others. */
static void read_transition(struct dump *dump, unsigned int state, const char *line)
{
	const char *arrow = strstr(line, " -> {"), *number = arrow;
	unsigned int byte;

	assert_non_null(arrow);
	while (number > line && number[-1] != ' ')
		number--;
	if (sscanf(number, "0x%x ->", &byte) == 1)
		dump->next[state][byte & 0xff] = read_state(arrow + 4);
	else
		read_others(dump, state, line + 4, read_state(arrow + 4));
}

/*
 * Returns whether there is an automaton in what apparmor_parser printed. Version 4 prints another
 * one after it, of what is no file.
 */
static bool read_dump(FILE *stream, struct dump *dump)
{
	unsigned int state = 0;
	autofree char *line = NULL;
	size_t size = 0;

	memset(dump, 0, sizeof(*dump));
	while (getline(&line, &size, stream) > 0) {
		if (strstr(line, "} <==") && dump->start)
			break;
		else if (strstr(line, "} <=="))
			dump->start = read_state(line);
		else if (!strncmp(line, "    ", 4))
			read_transition(dump, state, line);
		else if (*line == '{' && strstr(line, "} perms:"))
			state = read_state(line);
		else if (*line == '{')
			dump->accepts[read_state(line)] = true;
	}
	while (getline(&line, &size, stream) > 0)
		; /* or it would end by a signal, and tell of that */
	return dump->start;
}

static bool ask_apparmor(const char *before, const char *pattern, struct dump *dump)
{
	char name[] = "/tmp/vkernel-pattern-XXXXXX";
	autofree char *command = NULL;
	autofclose FILE *file = NULL;
	FILE *stream;
	bool read;

	file = fdopen(mkstemp(name), "w");
	assert_non_null(file);
	fprintf(file, "%sprofile p {\n \"%s\" r,\n}\n", before, pattern);
	fflush(file);
	assert_true(asprintf(&command, "timeout 3 apparmor_parser -Q -K -D dfa-states %s 2>&1",
			     name) > 0);
	stream = popen(command, "r");
	assert_non_null(stream);
	read = read_dump(stream, dump);
	unlink(name);
	return !pclose(stream) && read;
}

static bool apparmor_matches(const struct dump *dump, const char *path)
{
	unsigned int state = dump->start;

	while (*path)
		state = dump->next[state][(unsigned char)*path++];
	return dump->accepts[state];
}

/*
 * Returns false where apparmor_parser gives no automaton: for some patterns that are no longer than
 * others it would take minutes.
 */
static bool check_pattern(const char *pattern, unsigned int *matched)
{
	struct profile *profile = profile_new();
	struct dump *dump = malloc(sizeof(*dump));
	struct compiled compiled;

	assert_non_null(dump);
	if (!ask_apparmor("", pattern, dump)) {
		profile_free(profile);
		free(dump);
		return false;
	}
	compiled_add(profile, &(struct file_rule){.pattern = (char *)pattern,
						  .permissions = POLICY_FILE_READ});
	compiled = compiled_make(profile);
	for (int i = 0; i < PATHS; i++) {
		char path[YARDSTICK_MAX];
		bool ours, theirs;

		random_path(pattern, path);
		ours = files_allowed(compiled_ask(&compiled, path), POLICY_OTHERS);
		theirs = apparmor_matches(dump, path);
		if (ours != theirs)
			fail_msg("%s and %s: we say %d", pattern, path, ours);
		*matched += ours;
	}
	compiled_free(&compiled);
	free(dump);
	return true;
}

static bool has_apparmor(void)
{
	struct dump *dump = malloc(sizeof(*dump));
	bool has;

	assert_non_null(dump);
	has = !system("command -v apparmor_parser >/dev/null 2>&1");
	if (has && !ask_apparmor("", "/a", dump))
		fail_msg("apparmor_parser does not print an automaton that this test can read");
	free(dump);
	return has;
}

static void apparmor_agrees(void **state)
{
	static const char *const patterns[] = {
		"/a/*",	    "/a/**",	 "/a/*/",   "/a*",	 "/**",	      "/***",
		"/**/a",    "/{**,}",	 "/a{/*,}", "/a/{*,b}",	 "/a/{*,}",   "/[^a]",
		"/[a-c]",   "/[,ab]",	 "/a//b",   "/a\\*",	 "/\\{a",     "/{a,b}{,c}",
		"/a?",	    "/{,a/}b/*", "/\\/a",   "/a\\//b",	 "/a/\\057b", "/a\\/*",
		"/a\\057*", "/a\\057/*", "/*/*/*",  "/**a/**b*", "/[-a]",     "/a/{b,c/**}",
	};
	unsigned int matched = 0, compared = 0;

	(void)state;
	if (!has_apparmor()) {
		print_message("# apparmor_parser is not installed\n");
		skip();
	}
	for (size_t i = 0; i < COUNT(patterns); i++)
		if (!check_pattern(patterns[i], &matched))
			fail_msg("apparmor_parser refuses %s", patterns[i]);
	for (int i = 0; i < RANDOM; i++) {
		char pattern[YARDSTICK_MAX];

		random_pattern(pattern);
		compared += check_pattern(pattern, &matched);
	}
	print_message("# %u random patterns compared, %u paths matched\n", compared, matched);
	assert_true(compared > RANDOM / 2);
	assert_true(matched > 1000);
}

static struct compiled must_read(const char *before, const char *pattern)
{
	struct profile *profile = profile_new();
	struct apparmor_context context = {.file = "p"};
	autofree char *text = NULL;
	struct error err;

	assert_true(asprintf(&text, "%sprofile p {\n \"%s\" r,\n}\n", before, pattern) > 0);
	context.text = text;
	context.size = strlen(text);
	if (profile_add_apparmor(profile, &context, &err))
		fail_msg("%s with %s: %s", pattern, before, err.text);
	return compiled_make(profile);
}

/* A variable of several values is a group of them there, and a pattern for each of them here. */
static void variables_are_groups(void **state)
{
	static const char *const paths[] = {
		"/",	 "/a",	    "/b",     "/ab",	"/a/",	 "/b/",	    "/a/b",   "/b/b",
		"/x/",	 "/x/a",    "/x/b",   "/x/ab",	"/x/a/", "/x/b/",   "/x/a/b", "/x/b/b",
		"/x/bb", "/x/a/b/", "/x/b/c", "/x/a,b", "/xa/b", "/x/b/b/", "/y",     "/x/b/a/b",
	};
	static const char *const values[] = {
		"/a /b",
		"/a/ /b/",
		"/x/* /y",
		"/x/** /y",
		"/* /y",
		"/*/ /x/b/",
		"/ /x",
		"/x/b/* /a",
		"/x/{a,b/*} /y",
		"/x/a\\,b /y",
		"/x/[a,b] /y",
		"/x/b\\* /y",
		"\"/x/a\"\n@{A} += /x/b/*",
	};
	static const char *const patterns[] = {
		"@{A}",	  "@{A}*",   "@{A}**",	    "@{A}/",	  "@{A}/*",	 "@{A}/b",
		"/x@{A}", "/x/@{A}", "/x/@{A}*",    "/x@{A}@{A}", "/x/{@{A},b}", "@{B}",
		"@{B}*",  "@{B}/b",  "/x/@{A}@{A}", "/@{A}@{B}",  "/*@{A}",
	};
	struct dump *dump = malloc(sizeof(*dump));

	(void)state;
	assert_non_null(dump);
	if (!has_apparmor())
		skip();
	/* Each pattern with a third of the values. */
	for (size_t i = 0; i < COUNT(values) * COUNT(patterns); i += 3) {
		const char *pattern = patterns[i % COUNT(patterns)];
		autofree char *before = NULL;
		struct compiled compiled;

		assert_true(asprintf(&before, "@{A} = %s\n@{B} = @{A} /x/b\n",
				     values[i / COUNT(patterns)]) > 0);
		compiled = must_read(before, pattern);
		if (!ask_apparmor(before, pattern, dump))
			fail_msg("apparmor_parser refuses %s with %s", pattern, before);
		for (size_t j = 0; j < COUNT(paths); j++)
			if (apparmor_matches(dump, paths[j]) !=
			    !!files_allowed(compiled_ask(&compiled, paths[j]), POLICY_OTHERS))
				fail_msg("%s with %s and %s", pattern, before, paths[j]);
		compiled_free(&compiled);
	}
	free(dump);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(apparmor_agrees),
		cmocka_unit_test(variables_are_groups),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
