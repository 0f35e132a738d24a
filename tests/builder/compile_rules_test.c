// SPDX-License-Identifier: GPL-2.0
/* The rules that an instance makes of a policy answer what the policy says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "lib/cleanup.h"
#include "tests/builder/agree.h"
#include "tests/builder/compile.h"
#include "tests/builder/random_policy.h"

#define POLICIES 200

static void profiles_mean_the_same(void **state)
{
	static const struct {
		const char *file;
		const char *capabilities;
	} rows[] = {
		{"docker.json", "default"},    {"docker.json", "all"}, {"docker.json", "none"},
		{"blacklist.json", "default"}, {"native.json", "all"}, {"actions.json", "none"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct agreement agreement = {0};
		autofree void *blob = NULL;
		struct policy policy;

		compile_case(rows[i].file, capabilities(rows[i].capabilities), &blob, &policy);
		if (!rules_agree(&policy, blob, le32toh(((struct policy_header *)blob)->size), 500,
				 &agreement))
			fail_msg("%s with %s", rows[i].file, rows[i].capabilities);
		assert_true(agreement.by_rule > 100);
		assert_true(agreement.by_set + agreement.by_list - agreement.by_rule > 100);
	}
}

static void random_policies_mean_the_same(void **state)
{
	struct agreement agreement = {0};

	(void)state;
	for (int i = 0; i < POLICIES; i++) {
		struct policy_fault fault;
		struct policy policy;
		size_t size;
		autofree void *blob = random_policy(3000, &size);

		if (policy_parse(blob, size, &policy, &fault))
			fail_msg("policy %d: offset %zu: %s", i, fault.offset, fault.reason);
		if (!rules_agree(&policy, blob, size, 100, &agreement))
			fail_msg("policy %d", i);
	}
	assert_int_equal(agreement.calls, POLICIES * 2 * POLICY_SYSCALL_MAX);
	/* Each way of deciding was met often. */
	assert_true(agreement.by_set > 100000 && agreement.by_list > 100000);
	assert_true(agreement.by_rule > 100000);
	assert_true(agreement.by_set + agreement.by_list - agreement.by_rule > 100000);
}

static void a_policy_that_restricts_nothing_has_no_rules(void **state)
{
	struct profile *profile = profile_new();
	struct agreement agreement = {0};
	autofree void *blob = NULL;
	struct policy policy;
	struct error err;
	size_t size;

	(void)state;
	assert_int_equal(profile_emit(profile, &blob, &size, &err), 0);
	profile_free(profile);
	assert_int_equal(blob_parse("blob", blob, size, &policy, &err), 0);
	assert_true(rules_agree(&policy, blob, size, 1, &agreement));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(profiles_mean_the_same),
		cmocka_unit_test(random_policies_mean_the_same),
		cmocka_unit_test(a_policy_that_restricts_nothing_has_no_rules),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
