// SPDX-License-Identifier: GPL-2.0
/* From what was observed unconfined and in a configuration to the verdict and its evidence. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "scenarios/verdict.h"

/* A letter for each try, in order: what the control and the configuration observed. */
static const struct row {
	const char *sentence;
	const char *control, *own;
	enum verdict verdict;
} rows[] = {
	{"all refused", "RR", "..", VERDICT_BLOCKED},
	{"ENOSYS is a refusal too", "RR", "-.", VERDICT_BLOCKED},
	{"one of two reached", "RR", ".R", VERDICT_LEAKED},
	{"reached counts even where the control did not reach it", "R.", ".R", VERDICT_LEAKED},
	{"private state", "RR", ".P", VERDICT_VIRTUAL},
	{"reached outweighs private", "RR", "RP", VERDICT_LEAKED},
	{"a control that is refused everything proves nothing", "..", "..", VERDICT_BROKEN},
	{"a control that is refused is BROKEN even beside absent things", ".-", "..",
	 VERDICT_BROKEN},
	{"nothing there to attack", "--", "--", VERDICT_UNREACHED},
	{"what works has to work", "RW", ".W", VERDICT_BLOCKED},
	{"something allowed is refused", "RW", "..", VERDICT_BROKEN},
	{"something allowed is answered with ENOSYS", "RW", ".-", VERDICT_BROKEN},
	{"something allowed fails", "RW", ".F", VERDICT_BROKEN},
	{"over-blocking is told before a leak", "RW", "RF", VERDICT_BROKEN},
	{"allowed, but the kernel does not have it", "R-", ".-", VERDICT_BLOCKED},
	{"the control's own check fails", "RF", ".W", VERDICT_BROKEN},
	{"the control could not be made", "RB", "..", VERDICT_BROKEN},
	{"a try could not be made", "RR", ".B", VERDICT_BROKEN},
	{"a try is missing from the report", "RR", ".", VERDICT_BROKEN},
	{"an empty report", "RR", "", VERDICT_BROKEN},
	{"an empty control", "", "", VERDICT_BROKEN},
};

static enum outcome outcome_of(char letter)
{
	switch (letter) {
	case 'R':
		return OUTCOME_REACHED;
	case '.':
		return OUTCOME_REFUSED;
	case '-':
		return OUTCOME_MISSING;
	case 'P':
		return OUTCOME_PRIVATE;
	case 'W':
		return OUTCOME_WORKS;
	case 'F':
		return OUTCOME_FAILS;
	default:
		return OUTCOME_BROKEN;
	}
}

static struct tries tries_of(const char *letters)
{
	struct tries tries = {0};

	for (int i = 0; letters[i]; i++) {
		const char name[] = {'a' + i, '\0'};

		tries_add(&tries, name, outcome_of(letters[i]), "seen");
	}
	return tries;
}

static void judges(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct tries control = tries_of(rows[i].control), own = tries_of(rows[i].own);
		enum verdict verdict = verdict_judge(&control, &own);

		if (verdict != rows[i].verdict)
			fail_msg("%s: %s, not %s", rows[i].sentence, verdict_name(verdict),
				 verdict_name(rows[i].verdict));
		tries_free(&control);
		tries_free(&own);
	}
}

static void gives_evidence(void **state)
{
	struct tries control = tries_of("RR.-WWR"), own = tries_of("R..-WFP");
	json_t *evidence = verdict_evidence(&control, &own);
	json_t *wanted =
		json_pack("{s:[s], s:[s], s:[s], s:[s], s:i, s:{s:i}, s:i, s:i}", "reached",
			  "a: seen", "private", "g: seen", "failed", "f: seen", "untold", "c: seen",
			  "refused", 1, "refusals", "seen", 1, "works", 1, "absent", 1);

	(void)state;
	assert_true(json_equal(evidence, wanted));
	json_decref(evidence);
	json_decref(wanted);
	tries_free(&control);
	tries_free(&own);
}

static void tells_what_was_not_tried(void **state)
{
	struct tries control = tries_of("RR"), own = tries_of(".");
	json_t *evidence = verdict_evidence(&control, &own);
	json_t *failed = json_object_get(evidence, "failed");

	(void)state;
	assert_int_equal(json_array_size(failed), 1);
	assert_string_equal(json_string_value(json_array_get(failed, 0)), "b: was not tried");
	json_decref(evidence);
	tries_free(&control);
	tries_free(&own);
}

static void report_survives_its_way(void **state)
{
	struct tries tries = tries_of("R.-PWFB"), back;
	autofree char *text = NULL;
	autofree char *again = NULL;
	struct error err;

	(void)state;
	tries_set_text(&tries, "a \"line\"\nof a log");
	text = tries_dump(&tries);
	assert_int_equal(tries_parse(text, &back, &err), 0);
	again = tries_dump(&back);
	assert_string_equal(text, again);
	tries_free(&tries);
	tries_free(&back);
}

static void refuses_what_is_no_report(void **state)
{
	static const char *const texts[] = {
		"",
		"null",
		"{}",
		"[1]",
		"[{\"try\":\"a\"}]",
		"[{\"try\":\"a\",\"outcome\":\"eaten\",\"detail\":\"\"}]",
		"[{\"try\":\"a\",\"outcome\":\"reached\",\"detail\":\"\"}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct tries tries;
		struct error err;

		assert_int_equal(tries_parse(texts[i], &tries, &err), -1);
		assert_int_equal(err.status, EXIT_ENVIRONMENT);
		assert_int_equal(tries.count, 0);
	}
}

static void means_errnos(void **state)
{
	static const struct {
		int number, also;
		enum outcome outcome;
	} cases[] = {
		{EPERM, 0, OUTCOME_REFUSED},	   {ENOSYS, 0, OUTCOME_MISSING},
		{EACCES, EACCES, OUTCOME_REFUSED}, {EACCES, 0, OUTCOME_REACHED},
		{EFAULT, 0, OUTCOME_REACHED},	   {EINVAL, 0, OUTCOME_REACHED},
		{0, 0, OUTCOME_REACHED},
	};
	struct tries tries = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		tries_add_errno(&tries, "call", cases[i].number, cases[i].also);
		assert_int_equal(tries.list[i].outcome, cases[i].outcome);
	}
	tries_free(&tries);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges),
		cmocka_unit_test(gives_evidence),
		cmocka_unit_test(tells_what_was_not_tried),
		cmocka_unit_test(report_survives_its_way),
		cmocka_unit_test(refuses_what_is_no_report),
		cmocka_unit_test(means_errnos),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
