// SPDX-License-Identifier: GPL-2.0
/* What reports say of attacks beside their verdicts, and of the runs before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/report/report.h"
#include "lib/scratch.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "tests/harness/fake_run.h"

#define FIXTURE "tests/harness/fixture"

static char *read_text(const char *folder, const char *name)
{
	char path[PATH_MAX + 64];
	struct error err;
	char *text;
	size_t size;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (file_read(path, 1 << 24, &text, &size, &err))
		fail_msg("%s", err.text);
	return text;
}

static void write_text(const char *folder, const char *name, const char *text)
{
	char path[PATH_MAX + 64];
	struct error err;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (file_write(path, text, strlen(text), &err))
		fail_msg("%s", err.text);
}

/* The fixture's raw files, in a folder where reports may be made. */
static int make_run(void **state)
{
	static const char *const files[] = {
		"run/samples.jsonl", "run/missing.jsonl",     "run/env.json",
		"previous/env.json", "previous/summary.json",
	};
	char *folder = malloc(PATH_MAX), path[PATH_MAX + 64];
	struct error err;

	if (!folder || scratch_make(folder, &err))
		return -1;
	snprintf(path, sizeof(path), "%s/run", folder);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/previous", folder);
	mkdir(path, 0755);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		autofree char *text = read_text(FIXTURE, files[i]);

		write_text(folder, files[i], text);
	}
	*state = folder;
	return 0;
}

static int remove_run(void **state)
{
	scratch_remove(*state);
	free(*state);
	return 0;
}

static void report(const char *folder)
{
	char path[PATH_MAX + 64];
	struct error err;

	snprintf(path, sizeof(path), "%s/run", folder);
	if (report_make(path, &err))
		fail_msg("%s", err.text);
}

/* The run ends with status 1 and points to the report, which has to say why. */
static void what_failed_beside_the_verdicts_is_told(void **state)
{
	autofree char *text = NULL, *page = NULL;

	write_text(
		*state, "run/isolation.json",
		"{\"schema\": 1, \"unexpected\": 1, \"failed\": [\"vkm did not unload: <busy>\"], "
		"\"verdicts\": [{\"scenario\": \"a\", \"configuration\": \"vkernel\", "
		"\"verdict\": \"BLOCKED\", \"expected\": \"BLOCKED\"}]}");
	report(*state);
	text = read_text(*state, "run/report.md");
	page = read_text(*state, "run/report.html");
	assert_non_null(strstr(text, "**The attacked guest:** vkm did not unload: \\<busy\\>"));
	assert_non_null(
		strstr(page, "<b>The attacked guest:</b> vkm did not unload: &lt;busy&gt;"));
}

static void attacks_that_failed_are_not_called_none(void **state)
{
	autofree char *text = NULL, *page = NULL, *environment = read_text(*state, "run/env.json");
	autofree char *more = NULL;

	if (asprintf(&more, "{\"isolation_failure\": \"the guest was lost\",%s", environment + 1) <
	    0)
		abort();
	write_text(*state, "run/env.json", more);
	report(*state);
	text = read_text(*state, "run/report.md");
	page = read_text(*state, "run/report.html");
	assert_non_null(strstr(text, "say nothing:** the guest was lost"));
	assert_non_null(strstr(text, "What held is not known: the attacks failed."));
	assert_null(strstr(text, "nothing was attacked"));
	assert_non_null(strstr(page, "What held is not known: the attacks failed."));
	assert_null(strstr(page, "attacked nothing"));
	assert_null(strstr(page, "Nothing was attacked"));
}

static unsigned int means_workloads(const char *folder)
{
	autofree char *text = read_text(folder, "summary.json");
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
	text = read_text(folder, "report.md");
	caption = strstr(text, "workloads that all of them have (");
	assert_non_null(caption);
	assert_int_equal(sscanf(strchr(caption, '('), "(%u of one operation", &count), 1);
	assert_int_equal(count, means_workloads(folder));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_run, remove_run)

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
