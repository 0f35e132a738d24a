// SPDX-License-Identifier: GPL-2.0
/* What many rules become together: masks, names, prefixes, sizes, limits. */
#include <endian.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/cleanup.h"
#include "tests/builder/agree.h"
#include "tests/builder/compiled.h"
#include "tests/builder/yardstick.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define R   POLICY_FILE_READ
#define W   POLICY_FILE_WRITE
#define A   POLICY_FILE_APPEND
#define X   POLICY_FILE_EXECUTE
#define K   POLICY_FILE_LOCK
#define ALL POLICY_FILE_ALL

static struct compiled make(const struct file_rule *rules, size_t count)
{
	struct profile *profile = profile_new();

	profile->restricts_files = true;
	for (size_t i = 0; i < count; i++)
		compiled_add(profile, &rules[i]);
	return compiled_make(profile);
}

static void rules_add_up_and_deny_goes_before(void **state)
{
	static const struct file_rule rules[] = {
		{.pattern = "/**", .permissions = R},
		{.pattern = "/srv/**", .permissions = W | K},
		{.pattern = "/srv/private/**", .permissions = R | W, .deny = true},
		{.pattern = "/srv/private/mine", .permissions = ALL, .owner = true},
		{.pattern = "/home/*", .permissions = W, .owner = true},
		{.pattern = "/home/*", .permissions = R, .owner = true, .deny = true},
		{.pattern = "/var/log/*", .permissions = A, .audit = true},
		{.pattern = "/var/log/{a,b}", .permissions = A, .deny = true},
		{.pattern = "/var/log/b", .permissions = X, .deny = true, .audit = true},
	};
	static const struct {
		const char *path;
		unsigned int allowed, allowed_to_owner, audited;
		int matches[3]; /* from the first on; -1 ends */
	} rows[] = {
		{"/", 0, 0, 0, {-1}},
		{"/a", R, R, 0, {-1}},
		{"/srv/a", R | W | A | K, R | W | A | K, 0, {-1}},
		{"/srv/private/a", K, K, 0, {2, -1}},
		{"/srv/private/mine", K, ALL & ~(R | W | A), 0, {2, -1}},
		{"/home/a", R, W | A, 0, {5, -1}},
		{"/home/a/", R, R, 0, {-1}},
		{"/var/log/c", R | A, R | A, A, {6, -1}},
		{"/var/log/a", R, R, A, {6, 7, -1}},
		{"/var/log/b", R, R, A | X, {6, 7, 8}},
	};
	struct compiled compiled = make(rules, COUNT(rules));

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct policy_accept *accept = compiled_ask(&compiled, rows[i].path);
		const __le32 *match = compiled.policy.files.match + le32toh(accept->first_match);
		const unsigned int matches = le32toh(accept->matches);
		unsigned int expected = 0;

		while (expected < 3 && rows[i].matches[expected] >= 0)
			expected++;
		if (files_allowed(accept, POLICY_OTHERS) != rows[i].allowed ||
		    files_allowed(accept, POLICY_OWNER) != rows[i].allowed_to_owner ||
		    le16toh(accept->audited[POLICY_OTHERS]) != rows[i].audited ||
		    matches != expected)
			fail_msg("%s: %x, owner %x, audited %x, %u matches", rows[i].path,
				 files_allowed(accept, POLICY_OTHERS),
				 files_allowed(accept, POLICY_OWNER),
				 le16toh(accept->audited[POLICY_OTHERS]), matches);
		for (unsigned int j = 0; j < matches; j++)
			assert_int_equal(le32toh(match[j]), rows[i].matches[j]);
	}
	compiled_free(&compiled);
}

static void a_rule_is_told_as_it_was_written(void **state)
{
	static const struct file_rule rules[] = {
		{.pattern = "/a", .permissions = R, .text = "/a r,", .source = "p:1:2"},
		{.pattern = "/b",
		 .permissions = W,
		 .deny = true,
		 .owner = true,
		 .audit = true,
		 .text = "audit deny owner /b w,",
		 .source = "p:2:3"},
	};
	struct compiled compiled = make(rules, COUNT(rules));
	const struct files *files = &compiled.policy.files;
	const struct policy_accept *accept = compiled_ask(&compiled, "/b");
	const struct policy_file_rule *rule =
		&files->rule[le32toh(files->match[le32toh(accept->first_match)])];

	(void)state;
	assert_string_equal(files->text + le32toh(rule->text), "audit deny owner /b w,");
	assert_string_equal(files->text + le32toh(rule->source), "p:2:3");
	assert_int_equal(le16toh(rule->permissions), W);
	assert_int_equal(le16toh(rule->flags),
			 POLICY_FILE_RULE_DENY | POLICY_FILE_RULE_OWNER | POLICY_FILE_RULE_AUDIT);
	assert_int_equal(files->flags, 0);
	compiled_free(&compiled);
}

static void prefixes_are_those_of_deny_rules(void **state)
{
	static const struct {
		const char *pattern, *prefix;
	} rows[] = {
		{"/etc/shadow", "/etc/shadow"},
		{"/etc/ssl/", "/etc/ssl"},
		{"/etc/shadow{,/**}", "/etc/shadow"},
		{"/etc/shadow{,/**,/x{,y}}", "/etc/shadow"},
		{"/etc/shadow{,-}", "/etc"},
		{"/etc/shadow{,/**}x", "/etc"},
		{"/etc/shadow{/x,{,/y}}", "/etc"},
		{"/etc/ssl/{,**}", "/etc/ssl"},
		{"/proc//sys/*", "/proc/sys"},
		{"/proc/[0-9]*/mem", "/proc"},
		{"/sys/firmware/**", "/sys/firmware"},
		{"/etc/a?", "/etc"},
		{"/usr/{lib,bin}/x", "/usr"},
		{"/a\\*b/c*", "/a*b"},
		{"/a\\x2fb", "/a/b"},
		{"/[a]/b/*", "/a/b"},
		{"/**", "/"},
		{"/", "/"},
		{"/a*", "/"},
	};
	struct compiled compiled;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct file_rule rules[] = {
			{.pattern = "/allowed/*", .permissions = R},
			{.pattern = (char *)rows[i].pattern, .permissions = R, .deny = true},
		};

		compiled = make(rules, COUNT(rules));
		if (compiled.policy.files.prefixes != 1 ||
		    strcmp(compiled.policy.files.text, rows[i].prefix))
			fail_msg("%s: %s", rows[i].pattern, compiled.policy.files.text);
		compiled_free(&compiled);
	}
}

static void prefixes_stand_once_and_sorted(void **state)
{
	static char *const patterns[] = {"/b/*", "/a/b/*", "/b/?", "/a/b", "/a", "/**", "/a-b"};
	static const char *const expected[] = {"/", "/a", "/a-b", "/a/b", "/b"};
	struct file_rule rules[COUNT(patterns) + 1];
	char longer[POLICY_PREFIX_MAX + 3];
	struct compiled compiled;
	const struct files *files;

	(void)state;
	for (size_t i = 0; i < COUNT(patterns); i++)
		rules[i] =
			(struct file_rule){.pattern = patterns[i], .permissions = R, .deny = true};
	memset(longer, 'a', sizeof(longer));
	longer[0] = '/';
	longer[sizeof(longer) - 1] = '\0';
	rules[COUNT(patterns)] = (struct file_rule){.pattern = longer, .deny = true};
	compiled = make(rules, COUNT(rules));
	files = &compiled.policy.files;
	assert_int_equal(files->prefixes, COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++)
		assert_string_equal(files->text + le32toh(files->prefix[i]), expected[i]);
	compiled_free(&compiled);
}

static unsigned int restricted_by(const struct file_rule *rules, size_t count)
{
	struct compiled compiled = make(rules, count);
	const unsigned int restricted = compiled.policy.files.restricted;

	compiled_free(&compiled);
	return restricted;
}

static void only_what_some_path_lacks_is_restricted(void **state)
{
	const struct file_rule all = {.pattern = "/{**,}", .permissions = ALL};
	const struct file_rule rules[] = {
		all,
		{.pattern = "/etc/*", .permissions = W, .deny = true},
		{.pattern = "/etc/*", .permissions = X, .deny = true, .owner = true},
	};
	const struct file_rule owner = {.pattern = "/{**,}", .permissions = ALL, .owner = true};
	const struct file_rule below = {.pattern = "/**", .permissions = ALL};

	(void)state;
	assert_int_equal(restricted_by(&all, 1), 0);
	assert_int_equal(restricted_by(rules, 2), W | A);
	assert_int_equal(restricted_by(rules, 3), W | A | X);
	assert_int_equal(restricted_by(&owner, 1), ALL);
	assert_int_equal(restricted_by(&below, 1), ALL); /* the root itself */
	assert_int_equal(restricted_by(NULL, 0), ALL);
}

static void without_rules_nothing_is_allowed(void **state)
{
	struct compiled compiled = make(NULL, 0);

	(void)state;
	assert_int_equal(compiled.policy.files.states, 1);
	assert_int_equal(files_allowed(compiled_ask(&compiled, "/a"), POLICY_OWNER), 0);
	compiled_free(&compiled);
}

static void complain_mode_is_a_flag(void **state)
{
	struct profile *profile = profile_new();
	struct compiled compiled;

	(void)state;
	profile->files.complain = true;
	compiled_add(profile, &(struct file_rule){.pattern = "/a", .permissions = R});
	compiled = compiled_make(profile);
	assert_int_equal(compiled.policy.files.flags, POLICY_FILES_COMPLAIN);
	compiled_free(&compiled);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Patterns as profiles have them, no two alike. */
static struct profile *many_rules(unsigned int count)
{
	static const char *const words[] = {"etc",   "usr",   "lib",   "share", "log",
					    "cache", "nginx", "redis", "data",	"www"};
	static const char *const forms[] = {
		"/%2$s/%3$s%1$u/%4$s/%2$s.conf",
		"/srv/*/%2$s%1$u/**.log",
		"/{usr/,}%2$s/{%3$s,%4$s%1$u}/*.so*",
		"/%2$s/%3$s/%4$s%1$u/**",
		"/var/%2$s/[a-f]%1$u/%3$s?.{log,txt,gz}",
		"/proc/*/%2$s%1$u{,/**}",
		"/home/*/.%3$s%1$u/{,**}",
		"/opt/%2$s-[0-9]*/%4$s%1$u",
		"/**/%2$s%1$u*", /* a few: such names can be in all other places */
	};
	struct profile *profile = profile_new();

	for (unsigned int i = 0; i < count; i++) {
		char pattern[YARDSTICK_MAX], source[32];

		snprintf(source, sizeof(source), "many:%u:1", i + 1);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(pattern, sizeof(pattern),
			 forms[i % 64 ? i % (COUNT(forms) - 1) : COUNT(forms) - 1], i,
			 words[i % 10], words[i / 3 % 10], words[i / 7 % 10]);
#pragma GCC diagnostic pop
		compiled_add(profile, &(struct file_rule){.pattern = pattern,
							  .permissions = 1 + i % 11 * 9,
							  .deny = i % 5 == 0,
							  .owner = i % 7 == 0,
							  .audit = i % 31 == 0,
							  .source = source});
	}
	return profile;
}

static void two_thousand_rules_are_quick_and_small(void **state)
{
	const double start = seconds();
	struct compiled compiled = compiled_make(many_rules(2000));
	const double taken = seconds() - start;

	(void)state;
	print_message("# 2,000 rules: %.2f s, %zu KiB, %u states\n", taken, compiled.size / 1024,
		      compiled.policy.files.states);
	/* Of the processor, on any machine: far from what a profile may take. */
	assert_true(taken < 2);
	assert_true(compiled.size < POLICY_SIZE_MAX / 2);
	assert_int_equal(
		files_allowed(compiled_ask(&compiled, "/srv/a/usr1/b/c.log"), POLICY_OWNER),
		W | A | X);
	compiled_free(&compiled);
}

static void the_same_rules_give_the_same_bytes(void **state)
{
	struct compiled first = compiled_make(many_rules(300));
	struct compiled second = compiled_make(many_rules(300));

	(void)state;
	assert_int_equal(first.size, second.size);
	assert_memory_equal(first.blob, second.blob, first.size);
	compiled_free(&first);
	compiled_free(&second);
}

/* Names anywhere, and anything below: without leaving out what adds nothing, 2^100 states. */
static void wildcards_before_and_after_names_do_not_multiply(void **state)
{
	struct profile *profile = profile_new();
	struct compiled compiled;
	char pattern[YARDSTICK_MAX];

	(void)state;
	for (unsigned int i = 0; i < 100; i++) {
		snprintf(pattern, sizeof(pattern), "/**/name%u/**", i);
		compiled_add(profile, &(struct file_rule){.pattern = pattern,
							  .permissions = R | W,
							  .deny = true});
		snprintf(pattern, sizeof(pattern), "/**/other%u/**.log", i);
		compiled_add(profile, &(struct file_rule){.pattern = pattern, .permissions = R});
	}
	compiled = compiled_make(profile);
	assert_true(compiled.policy.files.states < 2000);
	assert_int_equal(le16toh(compiled_ask(&compiled, "/a/name7/name8/other3/x.log")->denied[0]),
			 R | W | A);
	compiled_free(&compiled);
}

/* Each of these may have matched or not when a path ends in its last letter. */
static void the_rule_that_makes_the_automaton_too_large_is_named(void **state)
{
	struct profile *profile = profile_new();
	struct error err;
	void *blob;
	size_t size;

	(void)state;
	for (unsigned int i = 0; i < 40; i++) {
		char pattern[YARDSTICK_MAX], source[32];

		snprintf(pattern, sizeof(pattern), "/**/name%u/**.log", i);
		snprintf(source, sizeof(source), "many:%u:1", i + 1);
		compiled_add(profile, &(struct file_rule){.pattern = pattern,
							  .permissions = R,
							  .deny = true,
							  .text = "a rule",
							  .source = source});
	}
	assert_int_equal(profile_emit(profile, &blob, &size, &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	print_message("# %s\n", err.text);
	assert_memory_equal(err.text, "many:", 5);
	assert_non_null(strstr(err.text, "with this rule (a rule) the file rules need"));

	/* Without the one that is named, and those after it, it is not. */
	profile->files.count = atoi(err.text + 5) - 1;
	assert_in_range(profile->files.count, 8, 38);
	assert_int_equal(profile_emit(profile, &blob, &size, &err), 0);
	free(blob);
	profile->files.count++;
	assert_int_equal(profile_emit(profile, &blob, &size, &err), -1);
	profile->files.count = 40;
	profile_free(profile);
}

static void a_wrong_pattern_is_named(void **state)
{
	struct profile *profile = profile_new();
	struct error err;
	void *blob;
	size_t size;

	(void)state;
	compiled_add(profile, &(struct file_rule){.pattern = "/a{b,c", .permissions = R});
	assert_int_equal(profile_emit(profile, &blob, &size, &err), -1);
	assert_string_equal(err.text, "test:1:1: pattern /a{b,c, offset 2: this { has no }");
	profile_free(profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_add_up_and_deny_goes_before),
		cmocka_unit_test(a_rule_is_told_as_it_was_written),
		cmocka_unit_test(prefixes_are_those_of_deny_rules),
		cmocka_unit_test(prefixes_stand_once_and_sorted),
		cmocka_unit_test(only_what_some_path_lacks_is_restricted),
		cmocka_unit_test(without_rules_nothing_is_allowed),
		cmocka_unit_test(complain_mode_is_a_flag),
		cmocka_unit_test(two_thousand_rules_are_quick_and_small),
		cmocka_unit_test(the_same_rules_give_the_same_bytes),
		cmocka_unit_test(wildcards_before_and_after_names_do_not_multiply),
		cmocka_unit_test(the_rule_that_makes_the_automaton_too_large_is_named),
		cmocka_unit_test(a_wrong_pattern_is_named),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
