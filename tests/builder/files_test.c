// SPDX-License-Identifier: GPL-2.0
/* What file rules become: the automaton says of every path what the rules say. */
#include <endian.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "builder/model.h"
#include "lib/cleanup.h"
#include "tests/builder/agree.h"
#include "tests/builder/compiled.h"
#include "tests/builder/yardstick.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define R POLICY_FILE_READ
#define W POLICY_FILE_WRITE
#define A POLICY_FILE_APPEND
#define X POLICY_FILE_EXECUTE
#define K POLICY_FILE_LOCK

static bool pattern_matches(const char *pattern, const char *path)
{
	struct profile *profile = profile_new();
	struct compiled compiled;
	bool matched;

	compiled_add(profile, &(struct file_rule){.pattern = (char *)pattern, .permissions = R});
	compiled = compiled_make(profile);
	matched = files_allowed(compiled_ask(&compiled, path), POLICY_OTHERS) & R;
	compiled_free(&compiled);
	return matched;
}

static void patterns_mean_what_apparmor_says(void **state)
{
	static const struct {
		const char *pattern, *path;
		bool matches;
	} rows[] = {
		{"/etc/passwd", "/etc/passwd", true},
		{"/etc/passwd", "/etc/passwd/", false},
		{"/etc/passwd", "/etc/passw", false},
		{"/etc/", "/etc/", true},
		{"/etc/", "/etc", false},
		{"/etc/*", "/etc/", false},
		{"/etc/*", "/etc/a", true},
		{"/etc/*", "/etc/a/", false},
		{"/etc/*/", "/etc/a/", true},
		{"/etc/*/", "/etc//", false},
		{"/etc/*", "/etc/a/b", false},
		{"/etc/**", "/etc/", false},
		{"/etc/**", "/etc/a", true},
		{"/etc/**", "/etc/a/", true},
		{"/etc/**", "/etc/a/b/c", true},
		{"/etc/**/", "/etc/a/b/", true},
		{"/etc/**/", "/etc/a/b", false},
		{"/etc**", "/etc", true},
		{"/etc**", "/etcetera/a", true},
		{"/etc/*.d", "/etc/.d", true},
		{"/etc/a*", "/etc/a", true},
		{"/etc/{*,}", "/etc/", true},
		{"/etc/{*,x}", "/etc/", true}, /* before a comma the star needs nothing */
		{"/etc{/*,}", "/etc/", true},
		{"/etc{,/**}", "/etc", true},
		{"/{**,}", "/", true},
		{"/{**,}", "/a", true},
		{"/**", "/", false},
		{"/**", "/a", true},
		{"/***", "/", false},
		{"/***", "/a", true},
		{"/**/b", "/a/b", true},
		{"/**/b", "/b", false},
		{"/**/b", "/a/c/b", true},
		{"/**b", "/b", true},
		{"/?", "/a", true},
		{"/?", "//", false},
		{"/?", "/", false},
		{"/?", "/\xff", true},
		{"/[ab]", "/b", true},
		{"/[^ab]", "/c", true},
		{"/[^ab]", "/b", false},
		{"/[^ab]", "//", true}, /* any other byte, a slash as well */
		{"/[a-c]", "/b", true},
		{"/[c-a]", "/b", true}, /* a range in either direction */
		{"/[-a]", "/-", true},
		{"/[a,b]", "/,", true},
		{"/[!a]", "/!", true}, /* no negation */
		{"/[[a]", "/[", true},
		{"/[\\]]", "/]", true},
		{"/[a^]", "/^", true},
		{"/[\\*\\?]", "/?", true},
		{"/{a,b}", "/b", true},
		{"/{a,b}", "/,", false},
		{"/{a,{b,c}d}e", "/cde", true},
		{"/{a,{b,c}d}e", "/ce", false},
		{"/{,usr/}bin/x", "/usr/bin/x", true},
		{"/{,usr/}bin/x", "/bin/x", true},
		{"/{a,,b}c", "/c", true},
		{"/a,b", "/a,b", true},
		{"/\\*", "/*", true},
		{"/\\*", "/a", false},
		{"/\\{a\\,b\\}", "/{a,b}", true},
		{"/\\x41\\102\\d67", "/ABC", true},
		{"/\\n\\t", "/\n\t", true},
		{"/\\q", "/q", true},
		{"/\\\\", "/\\", true},
		{"/a.b", "/axb", false},
		{"/a+(b)|$^", "/a+(b)|$^", true},
		{"/proc//*", "/proc/a", true},
		{"/a///b", "/a/b", true},
		{"///a", "/a", true},
		{"/proc\\x2f*", "/proc/", false}, /* also a slash that is written so */
		{"/\xc3\xa4?", "/\xc3\xa4\xc3", true},
		{"/\xc3\xa4?", "/\xc3\xa4\xc3\xb6", false}, /* ? is one byte */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (pattern_matches(rows[i].pattern, rows[i].path) != rows[i].matches)
			fail_msg("%s and %s", rows[i].pattern, rows[i].path);
	}
}

static void wrong_patterns_are_refused_where_they_are_wrong(void **state)
{
	static const struct {
		const char *pattern;
		size_t at;
		const char *reason;
	} rows[] = {
		{"etc/passwd", 0, "a path begins with /"},
		{"", 0, "a path begins with /"},
		{"*", 0, "a path begins with /"},
		{"//etc", 0, "a path that begins with two slashes matches nothing"},
		{"/a{b,c", 2, "this { has no }"},
		{"/a{b,{c,d}", 2, "this { has no }"},
		{"/a{b,{c,d", 5, "this { has no }"},
		{"/a}", 2, "this } has no {"},
		{"/{a,b}}", 6, "this } has no {"},
		{"/{a}", 3, "braces with only one alternative: a comma is missing"},
		{"/{}", 2, "braces with only one alternative: a comma is missing"},
		{"/{a[,]}", 6, "braces with only one alternative: a comma is missing"},
		{"/[ab", 1, "this [ has no ]"},
		{"/[^", 1, "this [ has no ]"},
		{"/[]", 1, "brackets with nothing in them"},
		{"/[^]", 1, "brackets with nothing in them"},
		{"/a]", 2, "this ] has no ["},
		{"/[a-]", 3, "in brackets, a - that is no range must stand first"},
		{"/[a-c-e]", 5, "in brackets, a - that is no range must stand first"},
		{"/[a*]", 3,
		 "in brackets, AppArmor reads * and ? as wildcards: put a backslash before them"},
		{"/[?]", 2,
		 "in brackets, AppArmor reads * and ? as wildcards: put a backslash before them"},
		{"/[a\\-c]", 3,
		 "in brackets, AppArmor ignores a backslash before - and ^: put - first, and ^ "
		 "not first"},
		{"/[\\^a]", 2,
		 "in brackets, AppArmor ignores a backslash before - and ^: put - first, and ^ "
		 "not first"},
		{"/a\\", 2, "a backslash stands at the end of the pattern"},
		{"/a\\000", 2, "a path has no zero byte"},
		{"/a\\x00", 2, "a path has no zero byte"},
		{"/a\\xg", 2, "an escaped byte has no number"},
	};
	char deep[64] = "/";
	struct error err;
	size_t at;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (!file_pattern_check(rows[i].pattern, &at, &err))
			fail_msg("%s is accepted", rows[i].pattern);
		if (at != rows[i].at || strcmp(err.text, rows[i].reason))
			fail_msg("%s: offset %zu: %s", rows[i].pattern, at, err.text);
		assert_int_equal(err.status, EXIT_USAGE);
	}
	memset(deep + 1, '{', 50);
	assert_int_equal(file_pattern_check(deep, &at, &err), -1);
	assert_string_equal(err.text, "braces are nested more than 49 deep");
	assert_int_equal(at, 50);
}

/* What rules say of path, one after the other. */
struct verdict {
	unsigned int allowed[POLICY_SUBJECTS], denied[POLICY_SUBJECTS], audited[POLICY_SUBJECTS];
};

static void add_to_verdict(struct verdict *verdict, const struct file_rule *rule)
{
	unsigned int bits = rule->permissions;

	if (bits & W)
		bits |= A;
	for (int subject = rule->owner ? POLICY_OWNER : POLICY_OTHERS; subject < POLICY_SUBJECTS;
	     subject++) {
		*(rule->deny ? &verdict->denied[subject] : &verdict->allowed[subject]) |= bits;
		if (rule->audit)
			verdict->audited[subject] |= bits;
	}
}

static bool is_verdict(const struct policy_accept *accept, const struct verdict *verdict)
{
	for (int subject = 0; subject < POLICY_SUBJECTS; subject++)
		if (le16toh(accept->allowed[subject]) != verdict->allowed[subject] ||
		    le16toh(accept->denied[subject]) != verdict->denied[subject] ||
		    le16toh(accept->audited[subject]) != verdict->audited[subject])
			return false;
	return true;
}

/* The rules that are named all match, and together deny and audit what is denied and audited. */
static bool names_hold(const struct compiled *compiled, const struct policy_accept *accept,
		       const struct verdict *verdict, const char *path)
{
	const __le32 *match = compiled->policy.files.match + le32toh(accept->first_match);
	struct verdict named = {0};

	for (unsigned int i = 0; i < le32toh(accept->matches); i++) {
		const struct file_rule *rule = &compiled->profile->files.rules[le32toh(match[i])];

		if (!yardstick_matches(rule->pattern, path) || (!rule->deny && !rule->audit))
			return false;
		add_to_verdict(&named, rule);
	}
	return !memcmp(named.denied, verdict->denied, sizeof(named.denied)) &&
	       !memcmp(named.audited, verdict->audited, sizeof(named.audited));
}

static void check_path(const struct compiled *compiled, const char *path, unsigned int *matched)
{
	const struct file_rules *rules = &compiled->profile->files;
	const struct policy_accept *accept = compiled_ask(compiled, path);
	struct verdict verdict = {0};

	for (size_t i = 0; i < rules->count; i++) {
		if (!yardstick_matches(rules->rules[i].pattern, path))
			continue;
		add_to_verdict(&verdict, &rules->rules[i]);
		++*matched;
	}
	if (is_verdict(accept, &verdict) && names_hold(compiled, accept, &verdict, path))
		return;
	for (size_t i = 0; i < rules->count; i++)
		print_message("# %s: %s\n", rules->rules[i].pattern,
			      yardstick_matches(rules->rules[i].pattern, path) ? "yes" : "no");
	fail_msg("path %s", path);
}

static struct profile *random_profile(size_t most)
{
	struct profile *profile = profile_new();

	for (size_t left = 1 + next_random() % most; left; left--) {
		const unsigned int bits = next_random();
		char pattern[YARDSTICK_MAX];

		random_pattern(pattern);
		compiled_add(profile, &(struct file_rule){
					      .pattern = pattern,
					      .permissions = 1 + bits % POLICY_FILE_ALL,
					      .deny = !(bits >> 8 & 3),
					      .owner = !(bits >> 10 & 3),
					      .audit = !(bits >> 12 & 3),
				      });
	}
	return profile;
}

static void random_rules_mean_what_the_yardstick_says(void **state)
{
	unsigned int matched = 0, asked = 0;

	(void)state;
	for (int i = 0; i < 1500; i++) {
		struct compiled compiled = compiled_make(random_profile(i % 8 + 1));
		const struct file_rules *rules = &compiled.profile->files;

		for (int j = 0; j < 60; j++) {
			char path[YARDSTICK_MAX];

			random_path(rules->rules[next_random() % rules->count].pattern, path);
			check_path(&compiled, path, &matched);
			asked++;
		}
		compiled_free(&compiled);
	}
	/* Neither nearly all nor nearly none. */
	print_message("# %u paths, %u matches\n", asked, matched);
	assert_true(matched > 10000 && matched < 300000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_mean_what_apparmor_says),
		cmocka_unit_test(wrong_patterns_are_refused_where_they_are_wrong),
		cmocka_unit_test(random_rules_mean_what_the_yardstick_says),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
