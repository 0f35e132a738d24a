// SPDX-License-Identifier: GPL-2.0
/* Nights whose results are known, because they were made up, and what the triage makes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "tests/harness/outcome.h"

/* Three good nights, then one at 7 %: the row says what, how much, since which commit and where. */
/* A counter beside the headline got worse with it: told, but no regression of its own. */
static void a_kernel_that_is_missing_stands_first(void **state)
{
	char text[PATH_MAX + 1024];
	struct outcome outcome;

	lay_out(*state);
	write_run(below(*state, "nightly/6.12"), 1, RELEASE, 1);
	write_run(below(*state, "nightly/6.12"), 2, RELEASE, 1.07);
	write_baseline(*state, "run-01");
	snprintf(text, sizeof(text),
		 STEP("6.12", "bench", "0", "l", "%s/nightly/6.12/run-02", "")
			 STEP("7.2", "ready", "2", "l", "", "no | such <package>")
				 STEP("7.2", "bench", "null", "", "", "there is no guest"),
		 (char *)*state);
	put_steps(*state, text);
	judge(*state, &outcome);
	assert_int_equal(outcome.status, EXIT_FINDING);
	assert_row(&outcome, "|\n| 7.2 | bench | – | not run: there is no guest");
	assert_row(&outcome, "| 7.2 | ready | – | status 2: no \\| such &lt;package>");
	release(&outcome);
	put_steps(*state, STEP("7.2", "bench", "null", "", "", "there is no guest"));
	judge(*state, &outcome);
	assert_int_equal(outcome.status, EXIT_ENVIRONMENT);
	release(&outcome);
}

static void five_rows_come_first_and_the_others_are_below(void **state)
{
	char text[4096] = "";
	autofree char *markdown = NULL;
	struct outcome outcome;
	struct error err;
	size_t size;

	lay_out(*state);
	for (int i = 0; i < 7; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 STEP("7.%d", "bench", "null", "", "", "there is no guest"), i);
	put_steps(*state, text);
	judge(*state, &outcome);
	assert_row(&outcome, "| 7.4 |");
	assert_no_row(&outcome, "| 7.5 |");
	assert_row(&outcome, "And 2 more below.");
	assert_int_equal(file_read(below(*state, "nightly/night.partial/nightly.md"), 1 << 20,
				   &markdown, &size, &err),
			 0);
	assert_int_equal(strncmp(markdown, outcome.table, strlen(outcome.table)), 0);
	assert_non_null(strstr(markdown, "# The night night,"));
	assert_non_null(strstr(markdown, "| 7.6 | bench | not run |"));
	release(&outcome);
}

static void put_isolation(const char *folder)
{
	make_folder(below(folder, "nightly/attack"));
	nights_put(below(folder, "nightly/attack"), "isolation.json",
		   "{\"schema\":1,\"verdicts\":["
		   "{\"scenario\":\"file-rule\",\"configuration\":\"vkernel\","
		   "\"verdict\":\"LEAKED\",\"expected\":\"BLOCKED\"},"
		   "{\"scenario\":\"file-rule\",\"configuration\":\"native\","
		   "\"verdict\":\"LEAKED\",\"expected\":\"LEAKED\"}]}");
}

/* A leak must not hide that the guest came to harm, too. */
static void what_failed_beside_the_verdicts_is_told(void **state)
{
	char text[PATH_MAX + 256];
	struct outcome outcome;

	lay_out(*state);
	put_isolation(*state);
	nights_put(below(*state, "nightly/attack"), "isolation.json",
		   "{\"schema\":1,\"failed\":[\"vkm did not unload: busy\"],\"verdicts\":["
		   "{\"scenario\":\"file-rule\",\"configuration\":\"vkernel\","
		   "\"verdict\":\"LEAKED\",\"expected\":\"BLOCKED\"}]}");
	snprintf(text, sizeof(text), STEP("6.1", "isolation", "1", "l", "%s/nightly/attack", ""),
		 (char *)*state);
	put_steps(*state, text);
	judge(*state, &outcome);
	assert_int_equal(outcome.triage.findings.counts[FINDING_ATTACK], 2);
	assert_row(&outcome, "| 6.1 | isolation | vkernel | file-rule: LEAKED, expected BLOCKED");
	assert_row(&outcome, "| 6.1 | isolation | – | vkm did not unload: busy; see l |");
	release(&outcome);
}

static void an_attack_that_works_is_told_since_when(void **state)
{
	char text[PATH_MAX + 256];
	struct outcome outcome;

	lay_out(*state);
	put_isolation(*state);
	snprintf(text, sizeof(text), STEP("6.1", "isolation", "1", "l", "%s/nightly/attack", ""),
		 (char *)*state);
	put_steps(*state, text);
	make_folder(below(*state, "nightly/latest"));
	nights_put(below(*state, "nightly/latest"), "nightly.json",
		   "{\"commit\":\"abcdef123456\",\"findings\":[{\"kernel\":\"6.1\","
		   "\"workload\":\"isolation\",\"configuration\":\"vkernel\",\"what\":"
		   "\"file-rule: LEAKED, expected BLOCKED\",\"since\":\"1234567..89abcde\"}]}");
	judge(*state, &outcome);
	assert_int_equal(outcome.status, EXIT_FINDING);
	assert_int_equal(outcome.triage.findings.counts[FINDING_ATTACK], 1);
	assert_row(&outcome, "| 6.1 | isolation | vkernel | file-rule: LEAKED, expected BLOCKED");
	assert_row(&outcome, "1234567..89abcde");
	release(&outcome);
}

static void failed_tests_are_named(void **state)
{
	struct outcome outcome;

	lay_out(*state);
	nights_put(below(*state, "nightly/night.partial"), "t.log",
		   "  TEST     tests/style: 8 passed, 0 failed (1 s)\n"
		   "  TEST     tests/guest/files: 5 passed, 2 failed, 1 skipped (9 s)\n"
		   "13 passed, 2 failed, 1 skipped\nmake: *** [Makefile:1: check] Error 1\n");
	put_steps(*state, STEP("6.12", "tests", "2", "t.log", "", "13 passed, 2 failed"));
	judge(*state, &outcome);
	assert_int_equal(outcome.status, EXIT_FINDING);
	assert_row(&outcome, "| 6.12 | tests | – | tests/guest/files: 2 failed");
	assert_no_row(&outcome, "tests/style");
	release(&outcome);
}

static void tests_that_could_not_be_run_are_missing_not_failed(void **state)
{
	struct outcome outcome;

	lay_out(*state);
	nights_put(below(*state, "nightly/night.partial"), "t.log",
		   "deps: packages are missing\nmake: *** Error 3\n");
	put_steps(*state, STEP("6.12", "tests", "2", "t.log", "", "deps: packages are missing"));
	judge(*state, &outcome);
	assert_int_equal(outcome.status, EXIT_ENVIRONMENT);
	assert_row(&outcome, "deps: packages are missing");
	release(&outcome);
}

static void attacks_without_a_verdict_are_missing(void **state)
{
	char text[PATH_MAX + 256];
	struct outcome outcome;

	lay_out(*state);
	make_folder(below(*state, "nightly/attack"));
	nights_put(below(*state, "nightly/attack"), "isolation.json",
		   "{\"schema\":1,\"verdicts\":[]}");
	snprintf(text, sizeof(text), STEP("6.1", "isolation", "0", "l", "%s/nightly/attack", ""),
		 (char *)*state);
	put_steps(*state, text);
	judge(*state, &outcome);
	assert_int_equal(outcome.status, EXIT_ENVIRONMENT);
	assert_row(&outcome, "nothing was attacked");
	release(&outcome);
}

static void a_damaged_result_does_not_silence_the_others(void **state)
{
	char text[2 * PATH_MAX + 512];
	struct outcome outcome;

	lay_out(*state);
	put_isolation(*state);
	snprintf(text, sizeof(text),
		 STEP("6.12", "bench", "0", "l", "%s/nightly/6.12/none", "")
			 STEP("6.1", "isolation", "1", "l", "%s/nightly/attack", ""),
		 (char *)*state, (char *)*state);
	put_steps(*state, text);
	judge(*state, &outcome);
	assert_int_equal(outcome.triage.findings.counts[FINDING_MISSING], 1);
	assert_int_equal(outcome.triage.findings.counts[FINDING_ATTACK], 1);
	release(&outcome);
}

/*
 * 60 nights in which nothing changed, 40 headlines each, at half a percent of noise and without a
 * minimum effect: a false regression in one night of twenty, 3; 8 are three deviations more.
 */
#define NIGHT_TEST(name) \
	cmocka_unit_test_setup_teardown(name, nights_folder_make, nights_folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		NIGHT_TEST(a_kernel_that_is_missing_stands_first),
		NIGHT_TEST(five_rows_come_first_and_the_others_are_below),
		NIGHT_TEST(what_failed_beside_the_verdicts_is_told),
		NIGHT_TEST(an_attack_that_works_is_told_since_when),
		NIGHT_TEST(failed_tests_are_named),
		NIGHT_TEST(tests_that_could_not_be_run_are_missing_not_failed),
		NIGHT_TEST(attacks_without_a_verdict_are_missing),
		NIGHT_TEST(a_damaged_result_does_not_silence_the_others),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
