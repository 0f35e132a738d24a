// SPDX-License-Identifier: GPL-2.0
/* Of two sources at random, each must allow: calls by their arguments, and paths. */
#include <endian.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "tests/builder/agree.h"
#include "tests/builder/made.h"
#include "tests/builder/yardstick.h"

/* Lower is stricter. */
static unsigned int rank(__u32 verdict)
{
	static const unsigned int ranks[POLICY_ACTIONS] = {
		[POLICY_KILL_PROCESS] = 0, [POLICY_KILL_THREAD] = 1,  [POLICY_TRAP] = 2,
		[POLICY_ERRNO] = 3,	   [POLICY_ALLOW_LOGGED] = 5, [POLICY_ALLOW] = 6,
	};

	return ranks[POLICY_VERDICT_ACTION(verdict)];
}

static unsigned int below(unsigned int limit)
{
	return next_random() % limit;
}

static const char *random_action(void)
{
	static const char *const actions[] = {
		"\"SCMP_ACT_ALLOW\"",	    "\"SCMP_ACT_ALLOW\"",	 "\"SCMP_ACT_ERRNO\"",
		"\"SCMP_ACT_ERRNO\"",	    "\"SCMP_ACT_LOG\"",		 "\"SCMP_ACT_TRAP\"",
		"\"SCMP_ACT_KILL_THREAD\"", "\"SCMP_ACT_KILL_PROCESS\"",
	};

	return actions[below(sizeof(actions) / sizeof(actions[0]))];
}

static void random_condition(FILE *stream, unsigned int index)
{
	static const char *const operators[] = {"NE", "EQ", "MASKED_EQ", "LT", "LE", "GE", "GT"};

	fprintf(stream, "{\"index\": %u, \"value\": %u, \"valueTwo\": %u, \"op\": \"SCMP_CMP_%s\"}",
		index, below(4), below(4), operators[below(7)]);
}

/* A profile of a few calls, over a few values of two arguments. */
static char *random_profile(void)
{
	static const char *const names[] = {"read", "socket", "ipc", "semget"};
	char *text;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	fprintf(stream, "{\"defaultAction\": %s, \"architectures\": [\"SCMP_ARCH_X86_64\"%s], ",
		random_action(), below(4) ? ", \"SCMP_ARCH_X86\"" : "");
	fputs("\"syscalls\": [", stream);
	for (unsigned int i = 0, count = below(7); i < count; i++) {
		fprintf(stream, "%s{\"names\": [\"%s\"], \"action\": %s, \"args\": [", i ? "," : "",
			names[below(4)], random_action());
		if (below(6))
			random_condition(stream, 0);
		if (below(3) == 0) {
			fputs(",", stream);
			random_condition(stream, 1);
		}
		fputs("]}", stream);
	}
	fputs("]}", stream);
	assert_int_equal(fclose(stream), 0);
	return text;
}

/* What a rule's list cannot begin with. */
static void mend(char *text)
{
	for (char *at = text; (at = strstr(at, "[,")); at++)
		at[1] = ' ';
}

static bool joined(const struct policy *both, const struct policy *a, const struct policy *b,
		   enum policy_table_index table, unsigned int call, const __u64 arguments[6])
{
	const __u32 first = policy_decide(&a->tables[table], call, arguments);
	const __u32 second = policy_decide(&b->tables[table], call, arguments);
	const __u32 found = policy_decide(&both->tables[table], call, arguments);
	const __u32 wanted = rank(second) < rank(first) ? second : first;

	if (found != wanted)
		print_error("table %d call %u (%llu, %llu): 0x%x and 0x%x make 0x%x\n", table, call,
			    arguments[0], arguments[1], first, second, found);
	return found == wanted;
}

static bool all_joined(const struct policy *both, const struct policy *a, const struct policy *b)
{
	/* read, write, socket, semget; read, write, ipc, socketcall, socket, semget */
	static const unsigned int calls[POLICY_TABLES][7] = {{0, 1, 41, 64, 900},
							     {3, 4, 117, 102, 359, 393, 900}};

	for (size_t table = 0; table < POLICY_TABLES; table++)
		for (size_t call = 0; call < 7; call++)
			for (__u64 first = 0; first < 6; first++)
				for (__u64 second = 0; second < 6; second++) {
					const __u64 arguments[6] = {first, second};

					if (!joined(both, a, b, table, calls[table][call],
						    arguments))
						return false;
				}
	return true;
}

static void of_two_answers_to_a_call_the_stricter_counts(void **state)
{
	unsigned int conditional = 0;

	(void)state;
	for (unsigned int i = 0; i < 1500; i++) {
		autofree char *first = random_profile(), *second = random_profile();
		struct made a, b, both;

		mend(first);
		mend(second);
		MUST(&a, {"a.json", first});
		MUST(&b, {"b.json", second});
		MUST(&both, {"a.json", first}, {"b.json", second});
		if (!all_joined(&both.policy, &a.policy, &b.policy))
			fail_msg("%s\n%s", first, second);
		conditional += le32toh(both.policy.tables[0].header->filters) > 0;
		assert_true(both.said.calls);
		free(a.blob);
		free(b.blob);
		free(both.blob);
	}
	/* If hardly any had conditions, this would have tested little. */
	assert_true(conditional > 500);
}

static char *random_rules(const char *name, char patterns[4][YARDSTICK_MAX])
{
	char *text;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	fprintf(stream, "profile %s {\n", name);
	for (unsigned int i = 0; i < 4; i++) {
		random_pattern(patterns[i]);
		fprintf(stream, "  %s%s\"%s\" %s,\n", below(4) ? "" : "deny ",
			below(4) ? "" : "owner ", patterns[i], below(2) ? "rw" : "r");
	}
	fputs("}\n", stream);
	assert_int_equal(fclose(stream), 0);
	return text;
}

static void a_path_may_be_used_as_far_as_each_profile_allows(void **state)
{
	unsigned int both_allow = 0, one_allows = 0;

	(void)state;
	for (unsigned int i = 0; i < 300; i++) {
		char patterns[2][4][YARDSTICK_MAX], path[YARDSTICK_MAX];
		autofree char *first = random_rules("a", patterns[0]);
		autofree char *second = random_rules("b", patterns[1]);
		struct made a, b, both;

		MUST(&a, {"a", first});
		MUST(&b, {"b", second});
		MUST(&both, {"a", first}, {"b", second});
		for (unsigned int j = 0; j < 60; j++) {
			const enum policy_subject who = j % POLICY_SUBJECTS;

			random_path(patterns[below(2)][below(4)], path);
			if (made_may(&both.policy, path, who) !=
			    (made_may(&a.policy, path, who) & made_may(&b.policy, path, who)))
				fail_msg("%s\n%s\n%s", first, second, path);
			both_allow += !!made_may(&both.policy, path, who);
			one_allows +=
				!made_may(&a.policy, path, who) != !made_may(&b.policy, path, who);
		}
		free(a.blob);
		free(b.blob);
		free(both.blob);
	}
	assert_true(both_allow > 100 && one_allows > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_two_answers_to_a_call_the_stricter_counts),
		cmocka_unit_test(a_path_may_be_used_as_far_as_each_profile_allows),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
