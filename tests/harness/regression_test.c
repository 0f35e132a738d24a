// SPDX-License-Identifier: GPL-2.0
/* Figures of made-up nights: which are regressions, since when, and how often wrongly so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "harness/nightly/baseline.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "tests/harness/outcome.h"

static void an_unchanged_night_is_good(void **state)
{
	struct outcome outcome;

	lay_out(*state);
	write_run(below(*state, "nightly/6.12"), 1, RELEASE, 1);
	write_run(below(*state, "nightly/6.12"), 2, RELEASE, 1);
	write_baseline(*state, "run-01");
	put_bench_step(*state, "run-02");
	judge(*state, &outcome);
	assert_int_equal(outcome.status, EXIT_GOOD);
	assert_row(&outcome, "nothing got worse");
	release(&outcome);
}

static void a_regression_is_named_with_commit_and_place(void **state)
{
	struct outcome outcome;

	lay_out(*state);
	for (unsigned int day = 1; day <= 4; day++)
		write_run(below(*state, "nightly/6.12"), day, RELEASE, day < 4 ? 1 : 1.07);
	nights_put(below(*state, "nightly/6.12/run-03"), "attribution.jsonl",
		   "{\"workload\":\"syscall-filtered\",\"configuration\":\"vkernel\","
		   "\"operations\":100,\"symbols\":["
		   "{\"image\":\"vkm\",\"symbol\":\"vkm_enter_syscall\",\"instructions\":2000},"
		   "{\"image\":\"kernel\",\"symbol\":\"do_syscall_64\",\"instructions\":9000}]}\n");
	nights_put(below(*state, "nightly/6.12/run-04"), "attribution.jsonl",
		   "{\"workload\":\"syscall-filtered\",\"configuration\":\"vkernel\","
		   "\"operations\":200,\"symbols\":["
		   "{\"image\":\"vkm\",\"symbol\":\"vkm_enter_syscall\",\"instructions\":8000},"
		   "{\"image\":\"kernel\",\"symbol\":\"do_syscall_64\",\"instructions\":18100}]}"
		   "\n");
	write_baseline(*state, "run-01");
	put_bench_step(*state, "run-04");
	judge(*state, &outcome);
	assert_int_equal(outcome.status, EXIT_FINDING);
	assert_int_equal(outcome.triage.findings.counts[FINDING_REGRESSION], 1);
	assert_row(&outcome, "| 6.12 | syscall-filtered | vkernel | instructions: 286 to 306.02");
	assert_row(&outcome, "| +7.00 % (+6.9");
	assert_row(&outcome, "| 0000003..0000004 |");
	assert_row(&outcome, "vkm_enter_syscall (vkm), +20.0 instructions an operation |");
	assert_no_row(&outcome, "| crun |");
	release(&outcome);
}

/* Nothing can be worse in a night in which nothing of it was measured: that is no good night. */
static void a_headline_that_is_gone_is_missing(void **state)
{
	static const struct made_figure figures[] = {
		{"syscall-filtered", "crun", "instructions", "instructions/call", "lower", 229,
		 0.05, NULL},
	};
	const struct made_night night = {
		.kernel = RELEASE,
		.clock = "instructions",
		.processor = "QEMU",
		.command_line = "quiet",
		.commit = "000000200000000",
		.number = 2,
		.figures = figures,
		.count = 1,
	};
	struct outcome outcome;

	lay_out(*state);
	write_run(below(*state, "nightly/6.12"), 1, RELEASE, 1);
	write_baseline(*state, "run-01");
	nights_write(below(*state, "nightly/6.12"), "run-02", &night);
	nights_put(below(*state, "nightly/6.12/run-02"), "missing.jsonl",
		   "{\"schema\":1,\"workload\":\"syscall-filtered\",\"configuration\":\"vkernel\","
		   "\"reason\":\"it needs /sys/module/vkm\"}\n");
	put_bench_step(*state, "run-02");
	judge(*state, &outcome);
	assert_int_equal(outcome.status, EXIT_ENVIRONMENT);
	assert_int_equal(outcome.triage.findings.counts[FINDING_MISSING], 1);
	assert_row(&outcome, "| 6.12 | syscall-filtered | vkernel | instructions: no figure any "
			     "more, against the baseline: it needs /sys/module/vkm |");
	assert_row(&outcome, "against the baseline: 1 headlines that this run did not visit");
	release(&outcome);
}

/* One cell, as a short run has. */
static void write_short_run(const char *folder, const char *name, unsigned int day)
{
	static const struct made_figure figures[] = {
		{"syscall-filtered", "crun", "instructions", "instructions/call", "lower", 229,
		 0.05, NULL},
	};
	const struct made_night night = {RELEASE, "instructions", "QEMU", "quiet", "c",
					 day,	  figures,	  1};

	nights_write(folder, name, &night);
}

static void what_was_measured_by_day_is_not_the_night_before(void **state)
{
	struct outcome outcome;

	lay_out(*state);
	write_run(below(*state, "nightly/6.12"), 1, RELEASE, 1);
	write_short_run(*state, "by-day", 2);
	write_run(below(*state, "nightly/6.12"), 3, RELEASE, 1.07);
	put_bench_step(*state, "run-03");
	judge(*state, &outcome);
	assert_int_equal(outcome.status, EXIT_FINDING);
	assert_row(&outcome, "286 to 306.02 instructions/call, against the night before");
	release(&outcome);
}

static void a_copy_of_the_run_is_not_the_night_before(void **state)
{
	struct outcome outcome;

	lay_out(*state);
	write_run(below(*state, "nightly/6.12"), 1, RELEASE, 1);
	write_run(below(*state, "nightly/6.12"), 3, RELEASE, 1.07);
	write_run(*state, 3, RELEASE, 1.07);
	put_bench_step(*state, "run-03");
	judge(*state, &outcome);
	assert_int_equal(outcome.status, EXIT_FINDING);
	assert_row(&outcome, "286 to 306.02 instructions/call, against the night before");
	release(&outcome);
}

static void headlines_that_the_baseline_lacks_are_told(void **state)
{
	struct outcome outcome;

	lay_out(*state);
	write_short_run(below(*state, "nightly/6.12"), "run-01", 1);
	write_run(below(*state, "nightly/6.12"), 2, RELEASE, 1);
	write_baseline(*state, "run-01");
	put_bench_step(*state, "run-02");
	judge(*state, &outcome);
	assert_int_equal(outcome.status, EXIT_GOOD);
	assert_row(&outcome,
		   "not compared against the baseline: 2 headlines that it does not have");
	release(&outcome);
}

/* It can be compared with nothing, and nothing in it is worse. */
static void a_run_that_cannot_be_read_is_no_good_night(void **state)
{
	static const char *const names[] = {"summary.json", "missing.jsonl"};

	lay_out(*state);
	write_run(below(*state, "nightly/6.12"), 1, RELEASE, 1);
	write_baseline(*state, "run-01");
	put_bench_step(*state, "run-02");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct outcome outcome;

		write_run(below(*state, "nightly/6.12"), 2, RELEASE, 1);
		nights_put(below(*state, "nightly/6.12/run-02"), names[i], "{\"schema\":1,");
		judge(*state, &outcome);
		assert_int_equal(outcome.status, EXIT_ENVIRONMENT);
		assert_row(&outcome, names[i]);
		release(&outcome);
	}
}

static void a_counter_is_a_suspect_at_most(void **state)
{
	const struct finding *row;
	struct outcome outcome;

	lay_out(*state);
	write_run(below(*state, "nightly/6.12"), 1, RELEASE, 1);
	write_run(below(*state, "nightly/6.12"), 2, RELEASE, 1.07);
	write_baseline(*state, "run-01");
	put_bench_step(*state, "run-02");
	judge(*state, &outcome);
	assert_int_equal(outcome.triage.findings.counts[FINDING_SUSPECT], 1);
	row = &outcome.triage.findings.rows[1];
	assert_int_equal(row->kind, FINDING_SUSPECT);
	assert_int_equal(strncmp(row->what, "task-clock:", 11), 0);
	release(&outcome);
}

static void a_regression_stays_one_until_the_baseline_is_renewed(void **state)
{
	struct outcome outcome;

	lay_out(*state);
	for (unsigned int day = 1; day <= 20; day++)
		write_run(below(*state, "nightly/6.12"), day, RELEASE, day < 8 ? 1 : 1.07);
	write_baseline(*state, "run-01");
	put_bench_step(*state, "run-20");
	judge(*state, &outcome);
	assert_int_equal(outcome.status, EXIT_FINDING);
	assert_int_equal(outcome.triage.findings.counts[FINDING_REGRESSION], 1);
	assert_row(&outcome, "| 0000007..0000008 |");
	release(&outcome);
	write_baseline(*state, "run-12");
	judge(*state, &outcome);
	assert_int_equal(outcome.status, EXIT_GOOD);
	release(&outcome);
}

static void without_a_baseline_the_nights_alone_tell(void **state)
{
	struct outcome outcome;

	lay_out(*state);
	for (unsigned int day = 1; day <= 20; day++)
		write_run(below(*state, "nightly/6.12"), day, RELEASE, day < 8 ? 1 : 1.07);
	put_bench_step(*state, "run-20");
	judge(*state, &outcome);
	assert_int_equal(outcome.status, EXIT_FINDING);
	assert_row(&outcome, "a step over 20 nights");
	assert_row(&outcome, "0000007..0000008");
	assert_row(&outcome, "there is no baseline of this kernel");
	release(&outcome);
}

static void a_baseline_of_another_kernel_is_not_compared_and_that_is_said(void **state)
{
	struct outcome outcome;

	lay_out(*state);
	write_run(below(*state, "nightly/6.12"), 1, "6.12.90+deb13-cloud-amd64", 1);
	write_run(below(*state, "nightly/6.12"), 2, RELEASE, 1.07);
	write_baseline(*state, "run-01");
	put_bench_step(*state, "run-02");
	judge(*state, &outcome);
	assert_int_equal(outcome.status, EXIT_GOOD);
	assert_row(&outcome, "not compared against the baseline");
	assert_row(&outcome, "6.12.90+deb13");
	release(&outcome);
}

static void a_tree_with_changes_makes_no_baseline(void **state)
{
	char path[PATH_MAX];
	struct error err;

	lay_out(*state);
	write_run(below(*state, "nightly/6.12"), 1, RELEASE, 1);
	nights_put(below(*state, "nightly/6.12/run-01"), "env.json",
		   "{\"kernel\":\"6.12.1\",\"clock\":\"wall\",\"dirty\":true}");
	assert_int_equal(baseline_write(below(*state, "nightly/6.12/run-01"),
					below(*state, "baselines"), false, path, &err),
			 -1);
	assert_int_equal(err.status, EXIT_USAGE);
	assert_int_equal(baseline_write(below(*state, "nightly/6.12/run-01"),
					below(*state, "baselines"), true, path, &err),
			 0);
	assert_non_null(strstr(path, "/6.12-wall.json"));
}

static void a_baseline_holds_no_path_and_is_compared_like_the_run(void **state)
{
	autofree char *text = NULL;
	struct outcome outcome;
	struct error err;
	size_t size;

	lay_out(*state);
	write_run(below(*state, "nightly/6.12"), 1, RELEASE, 1);
	nights_put(below(*state, "nightly/6.12/run-01"), "env.json",
		   "{\"schema\":1,\"run\":\"run-01\",\"started\":\"2026-03-01T02:00:00Z\","
		   "\"clock\":\"instructions\",\"kernel\":\"" RELEASE "\",\"dirty\":false,"
		   "\"processor\":\"QEMU\",\"commit\":\"0000001\",\"boots\":[{\"boot\":1,"
		   "\"qemu\":\"qemu -smp 1 -m 2048 -kernel /secret/vmlinuz -append 'a b'\"}]}");
	write_baseline(*state, "run-01");
	assert_int_equal(file_read(below(*state, "baselines/6.12-instructions.json"), 1 << 20,
				   &text, &size, &err),
			 0);
	assert_null(strstr(text, "secret"));
	assert_non_null(strstr(text, "-smp 1"));
	write_run(below(*state, "nightly/6.12"), 2, RELEASE, 1.02);
	put_bench_step(*state, "run-02");
	judge(*state, &outcome);
	assert_int_equal(outcome.triage.findings.counts[FINDING_REGRESSION], 1);
	release(&outcome);
}

static void quiet_nights_raise_false_regressions_at_the_rate(void **state)
{
	static const char *const names[] = {"syscall-allowed",
					    "syscall-filtered",
					    "syscall-denied",
					    "capability-check",
					    "open-close",
					    "stat",
					    "exec",
					    "fork"};
	static const char *const rows[] = {"native", "crun", "crun-secure", "vkernel", "runc"};
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	unsigned int alarmed = 0, suspicious = 0;

	gsl_rng_set(random, 5);
	lay_out(*state);
	for (unsigned int trial = 0; trial < 60; trial++) {
		double values[2][40][MADE_BOOTS];
		struct made_figure figures[40];
		struct outcome outcome;

		for (unsigned int side = 0; side < 2; side++) {
			struct made_night night = {RELEASE, "instructions", "QEMU",  "quiet",
						   "c",	    side + 1,	    figures, 40};

			for (unsigned int i = 0; i < 40; i++) {
				for (unsigned int boot = 0; boot < MADE_BOOTS; boot++)
					values[side][i][boot] =
						1000 * (1 + gsl_ran_gaussian(random, 0.005));
				figures[i] = (struct made_figure){names[i / 5],
								  rows[i % 5],
								  "instructions",
								  "i",
								  "lower",
								  values[side][i][0],
								  1,
								  values[side][i]};
			}
			nights_write(below(*state, "nightly/6.12"), side ? "run-02" : "run-01",
				     &night);
		}
		write_baseline(*state, "run-01");
		put_bench_step(*state, "run-02");
		outcome.triage = (struct triage){
			.folder = below(*state, "nightly/night.partial"),
			.figures = {below(*state, ""), below(*state, "baselines"), 0, 0.05},
		};
		assert_int_equal(triage_make(&outcome.triage, &(struct error){0}), 0);
		alarmed += outcome.triage.findings.counts[FINDING_REGRESSION] > 0;
		suspicious += outcome.triage.findings.counts[FINDING_SUSPECT] > 0;
		triage_free(&outcome.triage);
	}
	print_message("# %u of 60 quiet nights alarmed, %u had suspects\n", alarmed, suspicious);
	assert_true(alarmed <= 8);
	/* What is not corrected for the number of figures would be a suspect in most nights. */
	assert_true(suspicious >= 20);
	gsl_rng_free(random);
}

#define NIGHT_TEST(name) \
	cmocka_unit_test_setup_teardown(name, nights_folder_make, nights_folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		NIGHT_TEST(an_unchanged_night_is_good),
		NIGHT_TEST(a_regression_is_named_with_commit_and_place),
		NIGHT_TEST(a_headline_that_is_gone_is_missing),
		NIGHT_TEST(what_was_measured_by_day_is_not_the_night_before),
		NIGHT_TEST(a_copy_of_the_run_is_not_the_night_before),
		NIGHT_TEST(headlines_that_the_baseline_lacks_are_told),
		NIGHT_TEST(a_run_that_cannot_be_read_is_no_good_night),
		NIGHT_TEST(a_counter_is_a_suspect_at_most),
		NIGHT_TEST(a_regression_stays_one_until_the_baseline_is_renewed),
		NIGHT_TEST(without_a_baseline_the_nights_alone_tell),
		NIGHT_TEST(a_baseline_of_another_kernel_is_not_compared_and_that_is_said),
		NIGHT_TEST(a_tree_with_changes_makes_no_baseline),
		NIGHT_TEST(a_baseline_holds_no_path_and_is_compared_like_the_run),
		NIGHT_TEST(quiet_nights_raise_false_regressions_at_the_rate),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
