// SPDX-License-Identifier: GPL-2.0
/* What reports say of attacks beside their verdicts, and of the runs before. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "harness/report/report.h"
#include "lib/cleanup.h"
#include "tests/harness/fake_run.h"
#include "tests/harness/small_run.h"

/* The run ends with status 1 and points to the report, which has to say why. */
static void what_failed_beside_the_verdicts_is_told(void **state)
{
	autofree char *text = NULL, *page = NULL;

	small_run_write(
		*state, "run/isolation.json",
		"{\"schema\": 1, \"unexpected\": 1, \"failed\": [\"vkm did not unload: <busy>\"], "
		"\"verdicts\": [{\"scenario\": \"a\", \"configuration\": \"vkernel\", "
		"\"verdict\": \"BLOCKED\", \"expected\": \"BLOCKED\"}]}");
	small_run_report(*state);
	text = small_run_read(*state, "run/report.md");
	page = small_run_read(*state, "run/report.html");
	assert_non_null(strstr(text, "**The attacked guest:** vkm did not unload: \\<busy\\>"));
	assert_non_null(
		strstr(page, "<b>The attacked guest:</b> vkm did not unload: &lt;busy&gt;"));
}

static void attacks_that_failed_are_not_called_none(void **state)
{
	autofree char *text = NULL, *page = NULL,
		      *environment = small_run_read(*state, "run/env.json");
	autofree char *more = NULL;

	if (asprintf(&more, "{\"isolation_failure\": \"the guest was lost\",%s", environment + 1) <
	    0)
		abort();
	small_run_write(*state, "run/env.json", more);
	small_run_report(*state);
	text = small_run_read(*state, "run/report.md");
	page = small_run_read(*state, "run/report.html");
	assert_non_null(strstr(text, "say nothing:** the guest was lost"));
	assert_non_null(strstr(text, "What held is not known: the attacks failed."));
	assert_null(strstr(text, "nothing was attacked"));
	assert_non_null(strstr(page, "What held is not known: the attacks failed."));
	assert_null(strstr(page, "attacked nothing"));
	assert_null(strstr(page, "Nothing was attacked"));
}

static unsigned int means_workloads(const char *folder)
{
	autofree char *text = small_run_read(folder, "summary.json");
	json_t *summary = json_loads(text, 0, NULL), *mean;
	size_t i, count = 0;

	json_array_foreach(json_object_get(summary, "geometric_means"), i, mean)
		if (!strcmp(json_string_value(json_object_get(mean, "configuration")), "vkernel") &&
		    !strcmp(json_string_value(json_object_get(mean, "base")), "crun") &&
		    !strcmp(json_string_value(json_object_get(mean, "kind")), "micro"))
			count = json_array_size(json_object_get(mean, "workloads"));
	json_decref(summary);
	return count;
}

/* A curve below 1 beside a table that says dearer: reading one's own log is no cheaper call. */
static void the_history_is_of_the_workloads_that_the_means_are_of(void **state)
{
	static const char *const names[] = {"2026-01-02T03-04-05Z", "2026-01-03T03-04-05Z"};
	autofree char *text = NULL;
	char folder[PATH_MAX + 32];
	unsigned int count = 0;
	const char *caption;
	struct error err;

	for (size_t i = 0; i < 2; i++) {
		snprintf(folder, sizeof(folder), "%s/%s", (char *)*state, names[i]);
		mkdir(folder, 0755);
		fake_run(folder, names[i], 1);
		if (report_make(folder, &err))
			fail_msg("%s", err.text);
	}
	text = small_run_read(folder, "report.md");
	caption = strstr(text, "workloads that all of them have (");
	assert_non_null(caption);
	assert_int_equal(sscanf(strchr(caption, '('), "(%u of one operation", &count), 1);
	assert_int_equal(count, means_workloads(folder));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, small_run_make, small_run_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_failed_beside_the_verdicts_is_told),
		TEST(attacks_that_failed_are_not_called_none),
		TEST(the_history_is_of_the_workloads_that_the_means_are_of),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
