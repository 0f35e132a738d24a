// SPDX-License-Identifier: GPL-2.0
/*
 * The reports of a small run, byte for byte. After a change that is meant, UPDATE=1 of this
 * program writes them anew; the diff is for you to read.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/report/report.h"
#include "lib/cleanup.h"
#include "tests/harness/small_run.h"

static void assert_golden(const char *folder, const char *name)
{
	autofree char *made = small_run_read(folder, name);
	autofree char *golden = NULL;

	if (getenv("UPDATE"))
		small_run_write(FIXTURE, name, made);
	golden = small_run_read(FIXTURE, name);
	assert_string_equal(made, golden);
}

static void a_small_run_has_exactly_this_summary_and_report(void **state)
{
	small_run_report(*state);
	assert_golden(*state, "run/summary.json");
	assert_golden(*state, "run/report.md");
}

static void reports_made_again_are_the_same(void **state)
{
	autofree char *first = NULL, *second = NULL;

	small_run_report(*state);
	first = small_run_read(*state, "run/report.html");
	small_run_report(*state);
	second = small_run_read(*state, "run/report.html");
	assert_string_equal(first, second);
}

static void the_page_carries_tables_and_drawings_itself(void **state)
{
	autofree char *page = NULL;

	small_run_report(*state);
	page = small_run_read(*state, "run/report.html");
	assert_non_null(strstr(page, "<table"));
	assert_non_null(strstr(page, "<figure"));
	assert_null(strstr(page, "<img"));
	assert_null(strstr(page, "rgb("));
	assert_null(strstr(page, "<vkm>"));
	assert_non_null(strstr(page, "&lt;vkm&gt; | see README"));
}

static void figures_of_another_clock_are_not_set_beside(void **state)
{
	autofree char *text = NULL;

	small_run_write(*state, "previous/env.json",
			"{\"clock\": \"wall\", \"kernel\": \"6.12.0-test\"}");
	small_run_report(*state);
	text = small_run_read(*state, "run/report.md");
	assert_non_null(strstr(text, "not shown: it was read from another clock"));
	assert_null(strstr(text, "| previous run |"));
}

static void figures_of_another_kernel_are_not_set_beside(void **state)
{
	autofree char *text = NULL;

	small_run_write(*state, "previous/env.json",
			"{\"clock\": \"instructions\", \"kernel\": \"7.2\"}");
	small_run_report(*state);
	text = small_run_read(*state, "run/report.md");
	assert_non_null(strstr(text, "not shown: it ran on another kernel"));
	assert_null(strstr(text, "| previous run |"));
}

/* What a raw file says is text, wherever it goes. */
static void names_cannot_write_the_report(void **state)
{
	autofree char *samples = small_run_read(*state, "run/samples.jsonl"), *text = NULL;
	autofree char *page = NULL;
	static const char name[] = "2026-01-02T03-04-05Z", evil[] = "<b>|*x* [a](b) `c`  ";
	char *at = samples;

	_Static_assert(sizeof(name) == sizeof(evil), "one is written over the other");
	while ((at = strstr(at, name)))
		memcpy(at, evil, sizeof(evil) - 1);
	small_run_write(*state, "run/samples.jsonl", samples);
	small_run_write(*state, "run/missing.jsonl", "");
	small_run_write(*state, "run/env.json", "{\"previous\": \"<i>*gone*\"}");
	small_run_report(*state);
	text = small_run_read(*state, "run/report.md");
	page = small_run_read(*state, "run/report.html");
	assert_non_null(strstr(text, ": run \\<b\\>\\|\\*x\\* \\[a\\](b) \\`c\\`"));
	assert_non_null(strstr(text, "- previous run: \\<i\\>\\*gone\\*, not shown"));
	assert_non_null(strstr(page, "Run <b>&lt;b&gt;|*x* [a](b) `c`  </b>"));
	assert_non_null(strstr(page, "<dd>&lt;i&gt;*gone*, not shown"));
}

#define VISIT(boot, configuration, again)                                               \
	"{\"schema\":1,\"run\":\"2026-01-02T03-04-05Z\",\"boot\":" boot ",\"order\":9," \
	"\"workload\":\"nginx-wrk\",\"configuration\":\"" configuration                 \
	"\",\"clock\":\"instructions\",\"status\":1,\"reason\":\"it <died>\"" again "}\n"

/* A figure of the boots that are left says nothing of those in which there was none. */
static void every_boot_without_a_figure_is_named(void **state)
{
	autofree char *text = NULL, *page = NULL;

	small_run_write(*state, "run/missing.jsonl",
			VISIT("1", "crun-secure", "") VISIT("2", "crun", ",\"again\":true")
				VISIT("3", "crun-secure", ""));
	small_run_report(*state);
	text = small_run_read(*state, "run/report.md");
	page = small_run_read(*state, "run/report.html");
	assert_non_null(strstr(text, "crun-secure gave no figure in boots 1, 3: it \\<died\\>"));
	assert_non_null(strstr(text, "crun, visited again, gave no figure in boot 2: it"));
	assert_null(strstr(text, "crun gave no figure"));
	assert_non_null(strstr(page, "<b>crun-secure</b> gave no figure in boots 1, 3: it &lt;"));
}

/* Without the dear ones a mean is cheap. */
static void what_a_mean_lacks_stands_beside_it(void **state)
{
	autofree char *text = NULL, *page = NULL;

	small_run_write(*state, "run/missing.jsonl",
			VISIT("1", "vkernel", "") VISIT("2", "vkernel", "")
				VISIT("3", "vkernel", ""));
	small_run_report(*state);
	text = small_run_read(*state, "run/report.md");
	page = small_run_read(*state, "run/report.html");
	assert_non_null(strstr(text, "| –; 0 of 1 workload | – | 0 slower, 0 faster, 1 the same, 1 "
				     "without a figure |"));
	assert_non_null(strstr(text, "**vkernel was not measured** in nginx-wrk: it"));
	assert_non_null(strstr(page, "<b>0 of 1 workload</b>"));
	assert_non_null(strstr(page, "<b>vkernel was not measured</b> in nginx-wrk: it"));
	assert_non_null(strstr(page, ">nginx-wrk</a></th><td colspan=\"5\">not measured: it "
				     "&lt;died&gt;</td>"));
}

static void what_moves_figures_is_in_both_reports(void **state)
{
	static const char *const facts[] = {"tsc-early",	 "always-or-madvise",
					    "thread-vulnerable", "0x1000065",
					    "fedcba98",		 "(spectre\\_v2 Retpolines)"};
	autofree char *text = NULL, *page = NULL;

	small_run_write(
		*state, "run/env.json",
		"{\"clocksource\":\"tsc-early\",\"transparent_hugepage\":\"always-or-madvise\","
		"\"speculative_store_bypass\":\"thread-vulnerable\",\"microcode\":\"0x1000065\","
		"\"programs\":{\"measure\":\"fedcba98\"},"
		"\"host\":{\"mitigations\":{\"spectre_v2\":\"Retpolines\"}}}");
	small_run_report(*state);
	text = small_run_read(*state, "run/report.md");
	page = small_run_read(*state, "run/report.html");
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		assert_non_null(strstr(text, facts[i]));
		assert_true(facts[i][0] == '(' || strstr(page, facts[i]));
	}
}

static void the_environment_of_another_run_is_refused(void **state)
{
	char path[PATH_MAX + 64];
	struct error err;

	snprintf(path, sizeof(path), "%s/run", (char *)*state);
	small_run_write(*state, "run/env.json", "{\"run\": \"2025-01-01T00-00-00Z\"}");
	assert_int_equal(report_make(path, &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	assert_non_null(strstr(err.text, "env.json is of the run \"2025-01-01T00-00-00Z\""));
	small_run_write(*state, "run/env.json", "{\"clock\": \"wall\"}");
	assert_int_equal(report_make(path, &err), -1);
	assert_non_null(strstr(err.text, "env.json says clock \"wall\""));
}

/* Second visits of crun: the same lines, some figures a half larger. */
static void false_alarms_are_told_first(void **state)
{
	autofree char *samples = small_run_read(*state, "run/samples.jsonl"), *more = NULL;
	autofree char *text = NULL, *page = NULL;
	char *rest = samples, *line;
	size_t size;
	FILE *out = open_memstream(&more, &size);

	while ((line = strsep(&rest, "\n")) && *line) {
		const char *value = strstr(line, "\"value\":") + strlen("\"value\":");

		fprintf(out, "%s\n", line);
		if (strstr(line, "\"configuration\":\"crun\""))
			fprintf(out, "%.*s%g,\"again\":true}\n", (int)(value - line), line,
				1.5 * strtod(value, NULL));
	}
	fclose(out);
	small_run_write(*state, "run/samples.jsonl", more);
	small_run_report(*state);
	text = small_run_read(*state, "run/report.md");
	page = small_run_read(*state, "run/report.html");
	assert_non_null(strstr(text, "to be doubted:** crun was called different from itself"));
	assert_true(strstr(text, "to be doubted") < strstr(text, "| against |"));
	assert_non_null(strstr(page, "to be doubted:</b> crun was called different from itself"));
}

static void write_verdicts(const char *folder, const char *verdict)
{
	autofree char *text = NULL;

	if (asprintf(&text,
		     "{\"schema\": 1, \"verdicts\": ["
		     "{\"scenario\": \"io-uring\", \"group\": \"calls\", \"configuration\": "
		     "\"crun\", "
		     "\"verdict\": \"LEAKED\", \"expected\": \"LEAKED\", \"evidence\": {}},"
		     "{\"scenario\": \"io-uring\", \"group\": \"calls\", \"configuration\": "
		     "\"vkernel\", \"verdict\": \"%s\", \"expected\": \"BLOCKED\", \"evidence\": "
		     "{\"reached\": [\"<script>\"]}}]}",
		     verdict) < 0)
		abort();
	small_run_write(folder, "run/isolation.json", text);
}

static void what_did_not_hold_is_said_first_and_marked(void **state)
{
	autofree char *text = NULL, *page = NULL;

	write_verdicts(*state, "LEAKED");
	small_run_report(*state);
	text = small_run_read(*state, "run/report.md");
	page = small_run_read(*state, "run/report.html");
	assert_non_null(strstr(text, "**1 of the verdicts are not the expected ones.**"));
	assert_non_null(strstr(text, "| io-uring | LEAKED | LEAKED ! |"));
	assert_true(strstr(text, "not the expected ones") < strstr(text, "## "));
	assert_non_null(strstr(text, "- **vkernel**: 0 of 1, 1 LEAKED (LEAKED: io-uring)\n"));
	assert_non_null(strstr(page, "<span class=\"leaks\">LEAKED: io-uring</span>"));
	assert_non_null(strstr(page, "LEAKED !</span><span class=\"low\">expected BLOCKED"));
	assert_non_null(strstr(page, "<li>&lt;script&gt;</li>"));
	assert_true(strstr(page, "1 of the verdicts are not") < strstr(page, "id=\"workloads\""));
}

static void what_held_is_counted(void **state)
{
	autofree char *text = NULL;

	write_verdicts(*state, "BLOCKED");
	small_run_report(*state);
	text = small_run_read(*state, "run/report.md");
	assert_null(strstr(text, "not the expected ones"));
	assert_non_null(
		strstr(text, "- **crun**: 0 of 1, 1 LEAKED\n- **vkernel**: 1 of 1: 1 BLOCKED\n"));
}

static void what_was_not_attacked_is_no_good_verdict(void **state)
{
	static const char one[] =
		"{\"schema\": 1, \"verdicts\": [{\"scenario\": \"a\", \"configuration\": \"crun\","
		"\"verdict\": \"LEAKED\", \"expected\": \"LEAKED\"}%s]}";
	autofree char *text = NULL, *page = NULL, *verdicts = NULL, *again = NULL;
	char path[PATH_MAX + 64];
	struct error err;

	if (asprintf(&verdicts, one,
		     ",{\"scenario\": \"b\", \"configuration\": \"native\", \"verdict\": "
		     "\"LEAKED\", \"expected\": \"LEAKED\"}") < 0 ||
	    asprintf(&again, one,
		     ",{\"scenario\": \"a\", \"configuration\": \"crun\", \"verdict\": "
		     "\"BLOCKED\", \"expected\": \"BLOCKED\"}") < 0)
		abort();
	small_run_write(*state, "run/isolation.json", verdicts);
	small_run_report(*state);
	text = small_run_read(*state, "run/report.md");
	page = small_run_read(*state, "run/report.html");
	assert_non_null(
		strstr(text, "**2 attempts have no verdict.** **vkernel was not attacked.**"));
	assert_non_null(strstr(page, "2 attempts have no verdict</b>"));
	assert_non_null(strstr(page, "vkernel was not attacked</b>"));
	small_run_write(*state, "run/isolation.json", again);
	snprintf(path, sizeof(path), "%s/run", (char *)*state);
	assert_int_equal(report_make(path, &err), -1);
	assert_non_null(strstr(err.text, "two verdicts of a in crun"));
}

/* A report that said nothing of them would look as if nothing had been found. */
static void verdicts_that_cannot_be_read_are_refused(void **state)
{
	char path[PATH_MAX + 64];
	struct error err;

	snprintf(path, sizeof(path), "%s/run", (char *)*state);
	write_verdicts(*state, "PERHAPS");
	assert_int_equal(report_make(path, &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	assert_non_null(strstr(err.text, "there is no verdict \"PERHAPS\""));
	small_run_write(*state, "run/isolation.json", "{\"schema\": 2, \"verdicts\": []}");
	assert_int_equal(report_make(path, &err), -1);
	assert_non_null(strstr(err.text, "its schema is not 1"));
}

static void distributions_of_all_boots_are_added(void **state)
{
	struct histograms histograms;
	char path[PATH_MAX + 64];
	struct error err;

	snprintf(path, sizeof(path), "%s/run", (char *)*state);
	small_run_write(
		*state, "run/histograms.jsonl",
		"{\"schema\":1,\"workload\":\"fork\",\"configuration\":\"crun\",\"histogram\":"
		"\"off-cpu\",\"unit\":\"ns\",\"buckets\":[[0,1],[1024,5]]}\n"
		"{\"schema\":1,\"workload\":\"fork\",\"configuration\":\"crun\",\"histogram\":"
		"\"off-cpu\",\"unit\":\"ns\",\"buckets\":[[1024,2]]}\n");
	assert_int_equal(histograms_load(path, &histograms, &err), 0);
	assert_int_equal(histograms.count, 1);
	assert_int_equal(histograms.rows[0].total, 8);
	assert_int_equal(histograms.rows[0].counts[10], 7);
	histograms_release(&histograms);
	small_run_write(*state, "run/histograms.jsonl", "{\"schema\":1,\"workload\":\"fork\"}\n");
	assert_int_equal(histograms_load(path, &histograms, &err), -1);
	assert_non_null(strstr(err.text, "histograms.jsonl:1: it lacks"));
}

/* The drawings are made by a program that would run what a name asks for. */
static void names_run_no_commands(void **state)
{
	autofree char *text = NULL;
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/ran", (char *)*state);
	if (asprintf(&text,
		     "{\"schema\":1,\"workload\":\"fork\",\"configuration\":\"`touch %s`\","
		     "\"histogram\":\"off-cpu\",\"unit\":\"ns\",\"buckets\":[[1024,5],[2048,1]]}\n",
		     path) < 0)
		abort();
	small_run_write(*state, "run/histograms.jsonl", text);
	small_run_report(*state);
	assert_int_not_equal(access(path, F_OK), 0);
	free(small_run_read(*state, "run/plots/asleep-fork.svg"));
}

static void calls_are_added_and_named_by_how_often(void **state)
{
	autofree const char **names = NULL;
	char path[PATH_MAX + 64];
	struct calls calls;
	struct error err;

	snprintf(path, sizeof(path), "%s/run", (char *)*state);
	small_run_write(*state, "run/syscalls.jsonl",
			"{\"schema\":1,\"workload\":\"fork\",\"configuration\":\"crun\",\"calls\":"
			"{\"read\":3,\"clone\":5}}\n"
			"{\"schema\":1,\"workload\":\"fork\",\"configuration\":\"crun\",\"calls\":"
			"{\"read\":4}}\n"
			"{\"schema\":1,\"workload\":\"stat\",\"configuration\":\"crun\",\"calls\":"
			"{\"stat\":9}}\n");
	assert_int_equal(calls_load(path, &calls, &err), 0);
	assert_int_equal(calls_names(&calls, "fork", &names), 2);
	assert_string_equal(names[0], "read");
	assert_string_equal(names[1], "clone");
	assert_true(calls_of(&calls, "fork", "crun", "read") == 7);
	assert_true(calls_of(&calls, "fork", "vkernel", "read") == 0);
	calls_release(&calls);
	small_run_write(*state, "run/syscalls.jsonl",
			"{\"schema\":1,\"workload\":\"fork\",\"configuration\":\"crun\",\"calls\":"
			"{\"read\":\"many\"}}\n");
	assert_int_equal(calls_load(path, &calls, &err), -1);
	assert_non_null(strstr(err.text, "syscalls.jsonl:1: read is not counted by a number"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, small_run_make, small_run_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_small_run_has_exactly_this_summary_and_report),
		TEST(reports_made_again_are_the_same),
		TEST(the_page_carries_tables_and_drawings_itself),
		TEST(figures_of_another_clock_are_not_set_beside),
		TEST(figures_of_another_kernel_are_not_set_beside),
		TEST(names_cannot_write_the_report),
		TEST(what_did_not_hold_is_said_first_and_marked),
		TEST(what_held_is_counted),
		TEST(verdicts_that_cannot_be_read_are_refused),
		TEST(names_run_no_commands),
		TEST(every_boot_without_a_figure_is_named),
		TEST(what_a_mean_lacks_stands_beside_it),
		TEST(what_moves_figures_is_in_both_reports),
		TEST(the_environment_of_another_run_is_refused),
		TEST(false_alarms_are_told_first),
		TEST(what_was_not_attacked_is_no_good_verdict),
		TEST(calls_are_added_and_named_by_how_often),
		TEST(distributions_of_all_boots_are_added),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
