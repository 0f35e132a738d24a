// SPDX-License-Identifier: GPL-2.0
/* Two runs beside each other: what changed, what did not, and what must not be compared. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "harness/compare.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "lib/scratch.h"

#define ENVIRONMENT(clock, kernel, qemu, processor)                                        \
	"{\"schema\":1,\"clock\":\"" clock "\",\"kernel\":\"" kernel                       \
	"\",\"processor\":\"guest's\",\"commit\":\"c\",\"packages\":{\"crun\":\"1.21\"},"  \
	"\"host\":{\"qemu\":\"QEMU emulator version " qemu "\",\"processor\":\"" processor \
	"\",\"processors\":2}}"

#define FIGURE(configuration, metric, better, values)                                      \
	"{\"workload\":\"w\",\"configuration\":\"" configuration "\",\"metric\":\"" metric \
	"\",\"unit\":\"u\",\"better\":\"" better "\",\"values\":[" values "]}"

#define SUMMARY(figures) "{\"schema\":1,\"figures\":[" figures "]}"

#define PLAIN_ENVIRONMENT ENVIRONMENT("instructions", "6.12", "7.2.1 (x)", "p")
#define PLAIN_SUMMARY	  SUMMARY(FIGURE("crun", "m", "lower", "100,101,102"))

struct folders {
	char root[PATH_MAX], a[PATH_MAX + 8], b[PATH_MAX + 8];
};

static void put(const char *folder, const char *name, const char *text)
{
	char path[PATH_MAX + 64];
	struct error err;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(file_write(path, text, strlen(text), &err), 0);
}

static int make_folders(void **state)
{
	struct folders *folders = calloc(1, sizeof(*folders));
	struct error err;

	*state = folders;
	if (!folders || scratch_make(folders->root, &err))
		return -1;
	snprintf(folders->a, sizeof(folders->a), "%s/a", folders->root);
	snprintf(folders->b, sizeof(folders->b), "%s/b", folders->root);
	mkdir(folders->a, 0755);
	mkdir(folders->b, 0755);
	put(folders->a, "env.json", PLAIN_ENVIRONMENT);
	put(folders->b, "env.json", PLAIN_ENVIRONMENT);
	put(folders->a, "summary.json", PLAIN_SUMMARY);
	put(folders->b, "summary.json", PLAIN_SUMMARY);
	return 0;
}

static int remove_folders(void **state)
{
	struct folders *folders = *state;

	scratch_remove(folders->root);
	free(folders);
	return 0;
}

static struct comparison compare(const struct folders *folders)
{
	struct comparison comparison;
	struct error err;

	if (comparison_make(folders->a, folders->b, 0.01, &comparison, &err))
		fail_msg("%s", err.text);
	return comparison;
}

static void assert_refused(const struct folders *folders, const char *words)
{
	struct comparison comparison;
	struct error err;

	assert_int_equal(comparison_make(folders->a, folders->b, 0.01, &comparison, &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	if (!strstr(err.text, words))
		fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

static void a_change_beyond_interval_and_minimum_effect_is_one(void **state)
{
	static const struct {
		const char *is, *better, *verdict;
	} cases[] = {
		{"100,101,102", "lower", "same"},	{"120,121,122", "lower", "worse"},
		{"120,121,122", "higher", "better"},	{"80,81,82", "lower", "better"},
		{"101.5,101.5,101.5", "lower", "same"}, {"120,121", "lower", "unknown"},
		{"90,150,300", "lower", "same"},
	};
	const struct folders *folders = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct comparison comparison;
		char text[512];

		snprintf(text, sizeof(text), SUMMARY(FIGURE("crun", "m", "%s", "100,101,102")),
			 cases[i].better);
		put(folders->a, "summary.json", text);
		snprintf(text, sizeof(text), SUMMARY(FIGURE("crun", "m", "%s", "%s")),
			 cases[i].better, cases[i].is);
		put(folders->b, "summary.json", text);
		comparison = compare(folders);
		assert_int_equal(comparison.count, 1);
		assert_string_equal(comparison_verdict(comparison.rows[0].verdict),
				    cases[i].verdict);
		assert_int_equal(comparison.worse, !strcmp(cases[i].verdict, "worse"));
		comparison_free(&comparison);
	}
}

static void figures_of_one_run_only_are_counted_and_not_compared(void **state)
{
	const struct folders *folders = *state;
	struct comparison comparison;

	put(folders->b, "summary.json",
	    SUMMARY(FIGURE("crun", "m", "lower", "1,1,1") "," FIGURE(
		    "crun", "n", "lower", "1,1,1") "," FIGURE("runc", "m", "lower", "1,1,1")));
	comparison = compare(folders);
	assert_int_equal(comparison.count, 1);
	assert_int_equal(comparison.only_a, 0);
	assert_int_equal(comparison.only_b, 2);
	comparison_free(&comparison);
	put(folders->b, "summary.json", SUMMARY(FIGURE("runc", "m", "lower", "1,1,1")));
	assert_refused(folders, "no figure in common");
}

static char *printed(const struct comparison *comparison)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	comparison_print(comparison, false, out);
	fclose(out);
	return text;
}

static void what_is_gone_is_named_with_its_reason(void **state)
{
	const struct folders *folders = *state;
	autofree char *text = NULL;
	struct comparison comparison;

	put(folders->a, "summary.json",
	    SUMMARY(FIGURE("crun", "m", "lower", "1,1,1") "," FIGURE(
		    "vkernel", "m", "lower", "1,1,1") "," FIGURE("runc", "m", "lower", "1,1,1")));
	put(folders->b, "summary.json", SUMMARY(FIGURE("crun", "m", "lower", "1,1,1")));
	put(folders->b, "missing.jsonl",
	    "{\"schema\":1,\"workload\":\"w\",\"configuration\":\"vkernel\",\"reason\":\"it has no "
	    "\\u001b[31mvkm\"}\n");
	comparison = compare(folders);
	assert_int_equal(comparison.only_a, 2);
	assert_int_equal(comparison.failed, 1);
	text = printed(&comparison);
	assert_non_null(strstr(text, "gone: w in vkernel, not measured: it has no "));
	assert_null(strchr(text, '\033'));
	assert_null(strstr(text, "gone: w in runc"));
	comparison_free(&comparison);
}

/* A cell that was visited again, and has lost one of its figures. */
static void a_figure_that_its_cell_lost_is_no_unvisited_one(void **state)
{
	const struct folders *folders = *state;
	autofree char *text = NULL;
	struct comparison comparison;

	put(folders->a, "summary.json",
	    SUMMARY(FIGURE("crun", "m", "lower", "1,1,1") "," FIGURE(
		    "crun", "n", "lower", "1,1,1") "," FIGURE("crun", "o", "lower", "1,1,1")));
	put(folders->b, "summary.json", SUMMARY(FIGURE("crun", "m", "lower", "1,1,1")));
	put(folders->b, "missing.jsonl",
	    "{\"schema\":1,\"workload\":\"w\",\"configuration\":\"crun\",\"again\":true,"
	    "\"reason\":\"of the second visit\"}\n");
	comparison = compare(folders);
	assert_int_equal(comparison.failed, 2);
	text = printed(&comparison);
	assert_non_null(strstr(text,
			       "gone: w in crun, not measured: it has other figures, and no n\n"
			       "gone: w in crun, not measured: it has other figures, and no o\n"));
	comparison_free(&comparison);
}

static void what_would_be_read_wrongly_is_refused(void **state)
{
	static const struct {
		const char *summary, *words;
	} cases[] = {
		{"{\"schema\":2,\"figures\":[]}", "b/summary.json is of schema 2, and this"},
		{SUMMARY(FIGURE("crun", "m", "higher", "1,1,1")), "whether less of m is better"},
		{SUMMARY(FIGURE("crun", "m", "lower", "1,1,1e300")), "one that is none"},
		{SUMMARY(FIGURE("crun", "m", "lower", "1,1e-300,1")), "one that is none"},
		{SUMMARY(FIGURE("crun", "m", "lower", "1,1,-1")), "one that is none"},
		{SUMMARY("{\"workload\":\"w\",\"configuration\":\"crun\",\"metric\":\"m\","
			 "\"unit\":\"u\",\"better\":\"lower\",\"clock\":\"wall\",\"values\":[1]}"),
		 "m of w in crun is of another clock than env.json says"},
	};
	const struct folders *folders = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put(folders->b, "summary.json", cases[i].summary);
		assert_refused(folders, cases[i].words);
	}
	put(folders->b, "summary.json", PLAIN_SUMMARY);
	put(folders->b, "env.json",
	    "{\"schema\":7,\"clock\":\"instructions\",\"kernel\":\"6.12\"}");
	assert_refused(folders, "b/env.json is of schema 7");
}

static void a_figure_that_stands_twice_is_refused(void **state)
{
	const struct folders *folders = *state;

	put(folders->a, "summary.json",
	    SUMMARY(FIGURE("crun", "m", "lower", "1,1,1") "," FIGURE("crun", "m", "lower",
								     "2,2,2")));
	assert_refused(folders, "m of w in crun stands there twice");
	put(folders->a, "summary.json", SUMMARY("{\"workload\":\"w\"}"));
	assert_refused(folders, "figure 1 lacks its workload");
}

static void other_clocks_kernels_and_machines_are_refused(void **state)
{
	static const struct {
		const char *a, *b, *words;
	} cases[] = {
		{PLAIN_ENVIRONMENT, ENVIRONMENT("wall", "6.12", "7.2.1 (x)", "p"),
		 "of different clocks, \"instructions\" and \"wall\""},
		{PLAIN_ENVIRONMENT, ENVIRONMENT("instructions", "6.1", "7.2.1 (x)", "p"),
		 "of different kernels, \"6.12\" and \"6.1\""},
		{PLAIN_ENVIRONMENT, ENVIRONMENT("instructions", "6.12", "7.20.1 (x)", "p"),
		 "of different machines (QEMU)"},
		{ENVIRONMENT("wall", "6.12", "7.2.1", "p"),
		 ENVIRONMENT("wall", "6.12", "7.2.1", "q"),
		 "of different machines (the host's processor), \"p\" and \"q\""},
		{PLAIN_ENVIRONMENT, "{\"schema\":1,\"kernel\":\"6.12\"}",
		 "/b does not say which of the clocks it is of"},
		{"{\"schema\":1,\"clock\":\"wall\"}", ENVIRONMENT("wall", "6.12", "7.2.1", "p"),
		 "/a does not say which of the kernels it is of"},
	};
	const struct folders *folders = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put(folders->a, "env.json", cases[i].a);
		put(folders->b, "env.json", cases[i].b);
		assert_refused(folders, cases[i].words);
	}
}

/* Counted instructions are the same on any host, and with any revision of a QEMU. */
static void the_instruction_clock_compares_across_hosts_and_says_so(void **state)
{
	const struct folders *folders = *state;
	struct comparison comparison;

	put(folders->b, "env.json", ENVIRONMENT("instructions", "6.12", "7.2.19 (y)", "q"));
	comparison = compare(folders);
	assert_non_null(json_object_get(comparison.differences, "host.processor"));
	assert_non_null(json_object_get(comparison.differences, "host.qemu"));
	assert_null(json_object_get(comparison.differences, "packages.crun"));
	comparison_free(&comparison);
}

static void a_summary_without_the_boots_values_says_how_to_get_them(void **state)
{
	const struct folders *folders = *state;

	put(folders->a, "summary.json",
	    SUMMARY("{\"workload\":\"w\",\"configuration\":\"crun\",\"metric\":\"m\","
		    "\"unit\":\"u\",\"better\":\"lower\"}"));
	assert_refused(folders, "vkbench report");
	put(folders->a, "summary.json", "[1]");
	assert_refused(folders, "summary.json is not a JSON object");
	put(folders->a, "summary.json", "{\n\"figures\": }");
	assert_refused(folders, "summary.json:2:");
}

static void the_json_says_what_the_rows_say(void **state)
{
	const struct folders *folders = *state;
	struct comparison comparison;
	json_t *document, *row;

	put(folders->b, "summary.json", SUMMARY(FIGURE("crun", "m", "lower", "200,202,204")));
	comparison = compare(folders);
	document = comparison_json(&comparison);
	assert_int_equal(json_integer_value(json_object_get(document, "schema")), COMPARE_SCHEMA);
	row = json_array_get(json_object_get(document, "rows"), 0);
	assert_string_equal(json_string_value(json_object_get(row, "verdict")), "worse");
	assert_true(fabs(json_number_value(json_object_get(row, "ratio")) - 2) < 1e-9);
	assert_true(json_number_value(json_object_get(row, "low")) > 1.9);
	assert_true(fabs(json_number_value(json_object_get(json_object_get(row, "a"), "median")) -
			 101) < 1e-9);
	json_decref(document);
	comparison_free(&comparison);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folders, remove_folders)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_change_beyond_interval_and_minimum_effect_is_one),
		TEST(figures_of_one_run_only_are_counted_and_not_compared),
		TEST(what_is_gone_is_named_with_its_reason),
		TEST(a_figure_that_its_cell_lost_is_no_unvisited_one),
		TEST(what_would_be_read_wrongly_is_refused),
		TEST(a_figure_that_stands_twice_is_refused),
		TEST(other_clocks_kernels_and_machines_are_refused),
		TEST(the_instruction_clock_compares_across_hosts_and_says_so),
		TEST(a_summary_without_the_boots_values_says_how_to_get_them),
		TEST(the_json_says_what_the_rows_say),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
