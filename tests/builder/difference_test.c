// SPDX-License-Identifier: GPL-2.0
/* A difference is said wherever two policies answer differently, and nowhere else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder/difference.h"
#include "lib/cleanup.h"
#include "tests/builder/agree.h"
#include "tests/builder/made.h"
#include "tests/builder/yardstick.h"

#define RULES 4

/* What is said of the two, and whether they differ. */
static int compare(const struct made *before, const struct made *after, char **words)
{
	struct error err;
	size_t size;
	FILE *stream = open_memstream(words, &size);
	int ret;

	assert_non_null(stream);
	ret = words_difference(stream, &before->policy, &after->policy, &err);
	assert_int_equal(fclose(stream), 0);
	if (ret < 0)
		fail_msg("%s", err.text);
	return ret;
}

static void random_rule(char rule[2 * YARDSTICK_MAX], char pattern[YARDSTICK_MAX])
{
	random_pattern(pattern);
	snprintf(rule, 2 * YARDSTICK_MAX, "%s%s\"%s\" %s", next_random() % 4 ? "" : "deny ",
		 next_random() % 4 ? "" : "owner ", pattern, next_random() % 2 ? "rw" : "r");
}

/* A profile of the rules, from `first` on around. */
static char *profile_of(char rules[RULES][2 * YARDSTICK_MAX], size_t first)
{
	char *text;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	fputs("profile p {\n", stream);
	for (size_t i = 0; i < RULES; i++)
		fprintf(stream, "  %s,\n", rules[(first + i) % RULES]);
	fputs("}\n", stream);
	assert_int_equal(fclose(stream), 0);
	return text;
}

static bool judged_alike(const struct made *a, const struct made *b,
			 char patterns[RULES + 1][YARDSTICK_MAX])
{
	char path[YARDSTICK_MAX];

	for (unsigned int i = 0; i < 200; i++) {
		random_path(patterns[next_random() % (RULES + 1)], path);
		if (made_may(&a->policy, path, POLICY_OTHERS) !=
			    made_may(&b->policy, path, POLICY_OTHERS) ||
		    made_may(&a->policy, path, POLICY_OWNER) !=
			    made_may(&b->policy, path, POLICY_OWNER))
			return false;
	}
	return true;
}

/* One rule of several is another: often that changes nothing, and that is found, too. */
static void file_rules_differ_where_a_path_is_judged_differently(void **state)
{
	unsigned int differed = 0, alike = 0;

	(void)state;
	for (unsigned int i = 0; i < 400; i++) {
		char patterns[RULES + 1][YARDSTICK_MAX], rules[RULES][2 * YARDSTICK_MAX];
		autofree char *first = NULL, *second = NULL, *words = NULL;
		struct made a, b;
		int differ;

		for (size_t j = 0; j < RULES; j++)
			random_rule(rules[j], patterns[j]);
		first = profile_of(rules, 0);
		random_rule(rules[0], patterns[RULES]);
		second = profile_of(rules, 0);
		MUST(&a, {"a", first});
		MUST(&b, {"b", second});
		differ = compare(&a, &b, &words);
		if (!differ && !judged_alike(&a, &b, patterns))
			fail_msg("no difference is said between\n%s%s", first, second);
		assert_int_equal(differ, *words != '\0');
		differed += differ;
		alike += !differ;
		free(a.blob);
		free(b.blob);
	}
	assert_true(differed > 100 && alike > 5);
}

static void the_order_of_file_rules_is_no_difference(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 100; i++) {
		char patterns[RULES][YARDSTICK_MAX], rules[RULES][2 * YARDSTICK_MAX];
		autofree char *first = NULL, *second = NULL, *words = NULL;
		struct made a, b;

		for (size_t j = 0; j < RULES; j++)
			random_rule(rules[j], patterns[j]);
		first = profile_of(rules, 0);
		second = profile_of(rules, 1 + i % (RULES - 1));
		MUST(&a, {"a", first});
		MUST(&b, {"b", second});
		if (compare(&a, &b, &words))
			fail_msg("%s%s%s", first, second, words);
		free(a.blob);
		free(b.blob);
	}
}

#define BASE "schema: 1\ncapabilities: [kill]\nlog: {mode: deny}\n"

static void each_section_can_be_the_one_that_differs(void **state)
{
	static const struct {
		const char *text, *words;
	} rows[] = {
		{"schema: 1\ncapabilities: [kill, chown]\nlog: {mode: deny}\n",
		 "capabilities, allowed now:\n    CAP_CHOWN\n"},
		{"schema: 1\ncapabilities: []\nlog: {mode: deny}\n",
		 "capabilities, no longer allowed:\n    CAP_KILL\n"},
		{BASE "excess: kill\n", "a program that holds a removed capability: reported -> "
					"reported and killed\n"},
		{"schema: 1\ncapabilities: [kill]\nlog: {mode: private, size: 8K}\n",
		 "kernel log, before: denied\nkernel log, after: its own, 8 KiB\n"},
		{BASE "syscalls: [{names: [bpf], action: SCMP_ACT_TRAP}]\n",
		 "x86-64 system calls (1), before not restricted:\n  allowed -> not made, SIGSYS:\n"
		 "    bpf\n  a container's own seccomp profile stays in force beside these: no -> "
		 "yes\n"
		 "i386 system calls (1), before not restricted:\n  allowed -> not made, SIGSYS:\n"
		 "    bpf\n  a container's own seccomp profile stays in force beside these: no -> "
		 "yes\n"},
		{BASE "default-action: SCMP_ACT_ALLOW\n", "i386 system calls ("},
		{BASE "files: [deny /a/b r]\n",
		 "files:\n  not restricted -> by rules\n  + /** rwlkmix  (b.yaml)\n"
		 "  + deny /a/b r  (b.yaml:4:9)\n  for example /a/b: rwmixlk -> wmixlk\n"},
		{BASE, ""},
		{BASE "name: another\n", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		autofree char *words = NULL;
		struct made a, b;
		int differ;

		MUST(&a, {"a.yaml", BASE});
		MUST(&b, {"b.yaml", rows[i].text});
		differ = compare(&a, &b, &words);
		assert_int_equal(differ, *rows[i].words != '\0');
		/* How many calls there are is for the kernel headers of the build to say. */
		if (strncmp(words, rows[i].words, strlen(rows[i].words)))
			fail_msg("%s\nis not\n%s", words, rows[i].words);
		free(a.blob);
		free(b.blob);
	}
}

/* getpriority with these conditions, and what the call is refused with where they hold. */
#define CALL(action, args) \
	"{\"names\":[\"getpriority\"],\"action\":\"" action "\",\"args\":[" args "]}"
#define ARG(index, op, value) \
	"{\"index\":" #index ",\"value\":" #value ",\"op\":\"SCMP_CMP_" op "\"}"
#define MASKED(index, mask, value)                                       \
	"{\"index\":" #index ",\"value\":" #mask ",\"valueTwo\":" #value \
	",\"op\":\"SCMP_CMP_MASKED_EQ\"}"
#define ALL   "18446744073709551615"
#define ERRNO "SCMP_ACT_ERRNO"

static void made_of_calls(const char *calls, struct made *made)
{
	autofree char *text = NULL;

	assert_true(asprintf(&text,
			     "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":"
			     "[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"],\"syscalls\":[%s]}",
			     calls) > 0);
	MUST(made, {"x.json", text});
}

static void ways_to_say_the_same_are_no_difference(void **state)
{
	static const struct {
		const char *a, *b;
		bool differ;
	} rows[] = {
		{CALL(ERRNO, ARG(0, "EQ", 3) "," ARG(1, "EQ", 4)),
		 CALL(ERRNO, ARG(1, "EQ", 4) "," ARG(0, "EQ", 3)), false},
		{CALL(ERRNO, ARG(0, "LT", 4)), CALL(ERRNO, ARG(0, "LE", 3)), false},
		{CALL(ERRNO, ARG(0, "GT", 4)), CALL(ERRNO, ARG(0, "GE", 5)), false},
		{CALL(ERRNO, ARG(0, "LT", 1)), CALL(ERRNO, ARG(0, "EQ", 0)), false},
		{CALL(ERRNO, ARG(0, "NE", 0)), CALL(ERRNO, ARG(0, "GT", 0)), false},
		{CALL(ERRNO, ARG(0, "EQ", 3)) "," CALL(ERRNO, ARG(0, "EQ", 4)),
		 CALL(ERRNO, ARG(0, "EQ", 4)) "," CALL(ERRNO, ARG(0, "EQ", 3)), false},
		{CALL(ERRNO, ARG(0, "GE", 0)), CALL(ERRNO, ""), false},
		{CALL(ERRNO, ARG(0, "EQ", 3) "," ARG(1, "GE", 0)), CALL(ERRNO, ARG(0, "EQ", 3)),
		 false},
		{CALL(ERRNO, ARG(0, "EQ", 3)), CALL(ERRNO, ARG(0, "EQ", 4)), true},
		{CALL(ERRNO, ARG(0, "EQ", 3)), CALL(ERRNO, ARG(1, "EQ", 3)), true},
		{CALL(ERRNO, ARG(0, "EQ", 3)), CALL("SCMP_ACT_TRAP", ARG(0, "EQ", 3)), true},
		{CALL(ERRNO, MASKED(0, 3, 3)), CALL(ERRNO, ARG(0, "EQ", 3)), true},
		{CALL(ERRNO, ARG(0, "EQ", 3)), "", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		autofree char *words = NULL;
		struct made a, b;

		made_of_calls(rows[i].a, &a);
		made_of_calls(rows[i].b, &b);
		if (compare(&a, &b, &words) != rows[i].differ)
			fail_msg("%s\n%s\n%s", rows[i].a, rows[i].b, words);
		free(a.blob);
		free(b.blob);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(file_rules_differ_where_a_path_is_judged_differently),
		cmocka_unit_test(the_order_of_file_rules_is_no_difference),
		cmocka_unit_test(each_section_can_be_the_one_that_differs),
		cmocka_unit_test(ways_to_say_the_same_are_no_difference),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
