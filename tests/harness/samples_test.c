// SPDX-License-Identifier: GPL-2.0
/* Raw files that cannot be reported: each refusal names the file and the line. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/report/report.h"
#include "harness/samples.h"
#include "lib/scratch.h"
#include "lib/file.h"

#define assert_near(value, expected, most) assert_true(fabs((value) - (expected)) <= (most))

#define LINE(run, boot, workload, configuration, metric, unit, clock, value)                       \
	"{\"schema\":1,\"run\":\"" run "\",\"boot\":" boot ",\"order\":1,\"workload\":\"" workload \
	"\",\"configuration\":\"" configuration "\",\"metric\":\"" metric "\",\"unit\":\"" unit    \
	"\",\"clock\":\"" clock "\",\"value\":" value "}"

#define GOOD LINE("r", "1", "pwgen", "crun", "elapsed", "ms", "wall", "1.5")

static const struct {
	const char *second; /* the line after a good one */
	const char *says;
} refused[] = {
	{"{\n", ":2: not JSON"},
	{"[]\n", ":2: not a sample"},
	{"{\"schema\":1}\n", ":2: not a sample"},
	{"\n", ":2: not JSON"},
	{LINE("r", "1", "pwgen", "lxc", "elapsed", "ms", "wall", "1") "\n",
	 ":2: unknown configuration \"lxc\""},
	{LINE("r", "1", "bonnie", "crun", "elapsed", "ms", "wall", "1") "\n",
	 ":2: unknown workload \"bonnie\""},
	{LINE("r", "1", "pwgen", "crun", "joy", "ms", "wall", "1") "\n",
	 ":2: unknown metric \"joy\" of pwgen"},
	{LINE("r", "1", "pwgen", "crun", "elapsed", "s", "wall", "1") "\n", ":2: unit \"s\""},
	{LINE("r", "1", "pwgen", "crun", "elapsed", "ms", "instructions", "1") "\n",
	 ":2: clock \"instructions\" in a run on the clock \"wall\""},
	{LINE("r", "1", "pwgen", "crun", "elapsed", "ms", "sundial", "1") "\n",
	 ":2: unknown clock \"sundial\""},
	{LINE("s", "1", "pwgen", "crun", "elapsed", "ms", "wall", "1") "\n",
	 ":2: run \"s\" in the file of run \"r\""},
	{LINE("r", "0", "pwgen", "crun", "elapsed", "ms", "wall", "1") "\n", ":2: boot 0"},
	{LINE("r", "4294967297", "pwgen", "crun", "elapsed", "ms", "wall", "1") "\n",
	 ":2: boot 4294967297"},
	{LINE("r", "2000000000", "pwgen", "crun", "elapsed", "ms", "wall", "1") "\n", ":2: boot"},
	{LINE("r", "1", "pwgen", "crun", "elapsed", "ms", "wall", "-1") "\n", ":2: value -1"},
	{LINE("r", "1", "pwgen", "crun", "elapsed", "ms", "wall", "0") "\n", ":2: value 0"},
	{LINE("r", "1", "pwgen", "crun", "elapsed", "ms", "wall", "1e300") "\n",
	 ":2: value 1e+300"},
	{LINE("r", "1", "pwgen", "crun", "page-faults", "faults", "wall", "1e-300") "\n",
	 ":2: value 1e-300"},
	{LINE("r", "1", "pwgen", "crun", "elapsed", "ms", "wall", "\"1\"") "\n",
	 ":2: not a sample"},
	{LINE("r", "1", "pwgen", "crun", "elapsed", "ms", "wall", "1"),
	 ":2: the last line is cut off"},
	{"{\"schema\":1,\"run\":\"r\",\"bo", ":2: the last line is cut off"},
};

struct folder {
	char path[PATH_MAX];
};

static int make_folder(void **state)
{
	struct folder *folder = calloc(1, sizeof(*folder));
	struct error err;

	*state = folder;
	return folder ? scratch_make(folder->path, &err) : -1;
}

static int remove_folder(void **state)
{
	struct folder *folder = *state;

	scratch_remove(folder->path);
	free(folder);
	return 0;
}

static void put(const struct folder *folder, const char *name, const char *text)
{
	char path[PATH_MAX + 64];
	struct error err;

	snprintf(path, sizeof(path), "%s/%s", folder->path, name);
	assert_int_equal(file_write(path, text, strlen(text), &err), 0);
}

static void assert_says(const struct error *err, const char *text)
{
	if (!strstr(err->text, text))
		fail_msg("\"%s\" does not say \"%s\"", err->text, text);
}

static void a_wrong_line_is_refused_with_file_and_line(void **state)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct samples samples;
		char text[2048];
		struct error err;

		snprintf(text, sizeof(text), "%s\n%s", GOOD, refused[i].second);
		put(*state, "samples.jsonl", text);
		assert_int_equal(samples_read(((struct folder *)*state)->path, &samples, &err), -1);
		assert_int_equal(err.status, EXIT_USAGE);
		assert_says(&err, "/samples.jsonl");
		assert_says(&err, refused[i].says);
	}
}

static void what_is_written_is_what_is_read(void **state)
{
	const struct folder *folder = *state;
	const struct workload *workload = workload_find("nginx-wrk");
	const struct sample sample = {
		.boot = 3,
		.order = 7,
		.workload = workload,
		.configuration = configuration_find("crun-secure"),
		.metric = workload_metric(workload, "page-faults", CLOCK_INSTRUCTIONS),
		.value = 0.1 + 0.2,
	};
	const struct absence absence = {
		.boot = 3,
		.order = 8,
		.workload = workload,
		.configuration = configuration_find("vkernel"),
		.status = EXIT_ENVIRONMENT,
		.reason = (char *)"no \"vkm\"\nhere",
	};
	char path[PATH_MAX + 64];
	struct samples samples;
	struct error err;
	FILE *file;

	snprintf(path, sizeof(path), "%s/samples.jsonl", folder->path);
	file = fopen(path, "w");
	assert_int_equal(samples_write(file, "r", CLOCK_INSTRUCTIONS, &sample, &err), 0);
	fclose(file);
	snprintf(path, sizeof(path), "%s/missing.jsonl", folder->path);
	file = fopen(path, "w");
	assert_int_equal(samples_write_absence(file, "r", CLOCK_INSTRUCTIONS, &absence, &err), 0);
	fclose(file);

	assert_int_equal(samples_read(folder->path, &samples, &err), 0);
	assert_string_equal(samples.run, "r");
	assert_int_equal(samples.clock, CLOCK_INSTRUCTIONS);
	assert_int_equal(samples.count, 1);
	assert_int_equal(samples.rows[0].boot, 3);
	assert_int_equal(samples.rows[0].order, 7);
	assert_ptr_equal(samples.rows[0].workload, workload);
	assert_ptr_equal(samples.rows[0].configuration, sample.configuration);
	assert_ptr_equal(samples.rows[0].metric, sample.metric);
	assert_near(samples.rows[0].value, 0.3, 1e-11);
	assert_int_equal(samples.absences_count, 1);
	assert_int_equal(samples.absences[0].status, EXIT_ENVIRONMENT);
	assert_string_equal(samples.absences[0].reason, absence.reason);
	samples_free(&samples);
}

static void a_run_without_samples_is_not_reported(void **state)
{
	const struct folder *folder = *state;
	struct error err;

	put(folder, "samples.jsonl", "");
	put(folder, "env.json", "{}");
	assert_int_equal(report_make(folder->path, &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	assert_says(&err, "is empty");
}

static void a_run_without_its_environment_is_not_reported(void **state)
{
	const struct folder *folder = *state;
	struct error err;

	put(folder, "samples.jsonl", GOOD "\n");
	assert_int_equal(report_make(folder->path, &err), -1);
	assert_says(&err, "/env.json");
}

static void a_folder_that_is_no_run_is_named(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(report_make("/nonexistent/run", &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	assert_says(&err, "/nonexistent/run");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_wrong_line_is_refused_with_file_and_line),
		TEST(what_is_written_is_what_is_read),
		TEST(a_run_without_samples_is_not_reported),
		TEST(a_run_without_its_environment_is_not_reported),
		TEST(a_folder_that_is_no_run_is_named),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
