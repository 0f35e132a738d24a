// SPDX-License-Identifier: GPL-2.0
/* Figures whose answer is known beforehand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/summary.h"

#define assert_near(value, expected, most) assert_true(fabs((value) - (expected)) <= (most))

#define NEAR 1e-9

static void an_even_number_of_boots_has_the_middle_of_two(void **state)
{
	const double values[] = {4, 1, 3, 2};
	struct estimate estimate = statistics_estimate(values, 4);

	(void)state;
	assert_int_equal(estimate.n, 4);
	assert_near(estimate.median, 2.5, NEAR);
}

static void one_and_two_boots_have_no_interval(void **state)
{
	const double values[] = {10, 20};

	(void)state;
	for (unsigned int n = 1; n <= 2; n++)
		assert_false(statistics_estimate(values, n).spread);
}

/* Student's with two degrees of freedom: 4.303 standard errors of the mean of the logarithms. */
static void three_boots_have_students_interval_of_the_logarithms(void **state)
{
	const double values[] = {M_E, 1, M_E * M_E};
	struct estimate estimate = statistics_estimate(values, 3);

	(void)state;
	assert_true(estimate.spread);
	assert_near(estimate.median, M_E, NEAR);
	assert_near(log(estimate.low), 1 - 4.302653 / sqrt(3), 1e-5);
	assert_near(log(estimate.high), 1 + 4.302653 / sqrt(3), 1e-5);
}

/* A count may be 0, which has no logarithm. */
static void a_zero_among_few_boots_has_an_interval_too(void **state)
{
	const double values[] = {0, 1, 2};
	struct estimate estimate = statistics_estimate(values, 3);

	(void)state;
	assert_near(estimate.low, 1 - 4.302653 / sqrt(3), 1e-5);
	assert_near(estimate.high, 1 + 4.302653 / sqrt(3), 1e-5);
}

/* Both tails of the binomial distribution, by hand: 2/64, 2/256, 2*10/512, 2*79/4096. */
static void from_six_boots_on_the_ends_are_order_statistics(void **state)
{
	static const struct {
		unsigned int n;
		double low, high;
	} cases[] = {{6, 1, 6}, {8, 1, 8}, {9, 2, 8}, {12, 3, 10}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double values[12];
		struct estimate estimate;

		for (unsigned int j = 0; j < cases[i].n; j++)
			values[j] = (j * 5) % cases[i].n + 1;
		if (cases[i].n == 12)
			for (unsigned int j = 0; j < 12; j++)
				values[j] = (j * 7) % 12 + 1;
		estimate = statistics_estimate(values, cases[i].n);
		assert_near(estimate.low, cases[i].low, NEAR);
		assert_near(estimate.high, cases[i].high, NEAR);
	}
}

/* One boot in nine that is a hundred times as slow is kept, and moves nothing. */
static void an_outlier_is_kept_and_does_not_carry_the_figure(void **state)
{
	const double values[] = {1, 2, 3, 4, 500, 6, 7, 8, 9};
	struct estimate estimate = statistics_estimate(values, 9);

	(void)state;
	assert_int_equal(estimate.n, 9);
	assert_near(estimate.median, 6, NEAR);
	assert_near(estimate.high, 9, NEAR);
}

static void boots_that_agree_have_no_width(void **state)
{
	const double values[] = {7, 7, 7, 7, 7};
	struct estimate estimate = statistics_estimate(values, 5);

	(void)state;
	assert_near(estimate.low, 7, NEAR);
	assert_near(estimate.high, 7, NEAR);
}

/* The exact 95 % interval of the median of 100 is from the 40th to the 61st value. */
static void many_boots_come_near_the_exact_interval(void **state)
{
	double values[100];
	struct estimate estimate;

	(void)state;
	for (int i = 0; i < 100; i++)
		values[i] = (i * 37) % 100 + 1;
	estimate = statistics_estimate(values, 100);
	assert_near(estimate.median, 50.5, NEAR);
	assert_near(estimate.low, 40.5, 2);
	assert_near(estimate.high, 60.5, 2);
}

static void the_same_values_give_the_same_interval(void **state)
{
	const double values[] = {3, 9, 4, 1, 7};
	struct estimate one = statistics_estimate(values, 5),
			other = statistics_estimate(values, 5);

	(void)state;
	assert_true(one.low == other.low && one.high == other.high);
}

static void a_change_is_told_by_interval_and_minimum_effect(void **state)
{
	static const struct {
		struct estimate ratio;
		enum better better;
		enum change change;
	} cases[] = {
		{{.n = 0}, BETTER_LOWER, CHANGE_UNKNOWN},
		{{.n = 2, .median = 2}, BETTER_LOWER, CHANGE_UNKNOWN},
		{{.n = 3, .median = 1.2, .spread = true, .low = 0.9, .high = 1.5},
		 BETTER_LOWER,
		 CHANGE_NOISE},
		{{.n = 3, .median = 1.0, .spread = true, .low = 1.0, .high = 1.0},
		 BETTER_LOWER,
		 CHANGE_NOISE},
		{{.n = 3, .median = 1.005, .spread = true, .low = 1.004, .high = 1.006},
		 BETTER_LOWER,
		 CHANGE_SMALL},
		{{.n = 3, .median = 0.995, .spread = true, .low = 0.994, .high = 0.996},
		 BETTER_HIGHER,
		 CHANGE_SMALL},
		{{.n = 3, .median = 1.02, .spread = true, .low = 1.004, .high = 1.03},
		 BETTER_LOWER,
		 CHANGE_SLOWER},
		{{.n = 3, .median = 1.02, .spread = true, .low = 1.004, .high = 1.03},
		 BETTER_HIGHER,
		 CHANGE_FASTER},
		{{.n = 3, .median = 0.5, .spread = true, .low = 0.4, .high = 0.6},
		 BETTER_LOWER,
		 CHANGE_FASTER},
		{{.n = 3, .median = 0.5, .spread = true, .low = 0.4, .high = 0.6},
		 BETTER_HIGHER,
		 CHANGE_SLOWER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(statistics_judge(&cases[i].ratio, cases[i].better, 0.01),
				 cases[i].change);
}

/* Welch: equal spreads and counts are Student's with 4 degrees of freedom, 2.776. */
static void two_runs_are_compared_by_medians_and_welchs_interval(void **state)
{
	const double a[] = {exp(1), exp(2), exp(3)}, b[] = {exp(4), exp(5), exp(6)};
	struct estimate ratio = statistics_compare(a, 3, b, 3);

	(void)state;
	assert_int_equal(ratio.n, 3);
	assert_near(log(ratio.median), 3, NEAR);
	assert_near(log(ratio.low), 3 - 2.776445 * sqrt(2.0 / 3), 1e-5);
	assert_near(log(ratio.high), 3 + 2.776445 * sqrt(2.0 / 3), 1e-5);
}

static void runs_that_cannot_be_compared_have_no_ratio(void **state)
{
	const double zeros[] = {0, 0, 0}, ones[] = {1, 1, 1}, mixed[] = {0, 1, 2};

	(void)state;
	assert_int_equal(statistics_compare(ones, 0, ones, 3).n, 0);
	assert_int_equal(statistics_compare(mixed, 3, ones, 3).n, 0);
	assert_int_equal(statistics_compare(zeros, 3, ones, 3).n, 0);
	assert_false(statistics_compare(ones, 2, ones, 3).spread);
	assert_near(statistics_compare(zeros, 3, zeros, 3).high, 1, NEAR);
	assert_near(statistics_compare(ones, 3, ones, 3).low, 1, NEAR);
}

static struct sample sample(unsigned int boot, const char *configuration, double value)
{
	const struct workload *workload = workload_find("pwgen");

	return (struct sample){
		.boot = boot,
		.order = 1,
		.workload = workload,
		.configuration = configuration_find(configuration),
		.metric = workload_metric(workload, "elapsed", CLOCK_WALL),
		.value = value,
	};
}

static const struct figure *figure(const struct summary *summary, const char *configuration)
{
	const struct workload *workload = workload_find("pwgen");

	return summary_find(summary, workload, configuration_find(configuration),
			    workload_metric(workload, "elapsed", CLOCK_WALL));
}

/* By hand: 3 / sqrt(2/3) = 3.674 with four degrees of freedom has 0.02131 beyond it. */
static void a_difference_has_the_chance_that_welchs_test_says(void **state)
{
	const double a[] = {1, M_E, M_E * M_E}, equal[] = {2, 2, 2}, other[] = {3, 3, 3};
	const double b[] = {exp(3), exp(4), exp(5)}, zero[] = {0, 1, 2};

	(void)state;
	assert_near(statistics_chance(a, 3, b, 3), 0.02131, 5e-6);
	assert_near(statistics_chance(b, 3, a, 3), 0.02131, 5e-6);
	assert_near(statistics_chance(a, 3, a, 3), 1, NEAR);
	assert_near(statistics_chance(equal, 3, equal, 3), 1, NEAR);
	assert_near(statistics_chance(equal, 3, other, 3), 0, NEAR);
	assert_near(statistics_chance(a, 2, b, 3), 1, NEAR);
	assert_near(statistics_chance(zero, 3, b, 3), 1, NEAR);
}

/* Boots that differ fourfold, a configuration that always costs a tenth more. */
static void what_a_boot_shares_does_not_widen_a_ratio(void **state)
{
	struct sample rows[] = {
		sample(1, "native", 100), sample(1, "crun", 110), sample(2, "native", 200),
		sample(2, "crun", 220),	  sample(3, "crun", 440), sample(3, "native", 400),
	};
	const struct samples samples = {.clock = CLOCK_WALL, .rows = rows, .count = 6};
	const struct estimate *ratio;
	struct summary summary;
	struct error err;

	(void)state;
	assert_int_equal(summary_make(&samples, MINIMUM_EFFECT, &summary, &err), 0);
	ratio = &figure(&summary, "crun")->ratios[BASE_NATIVE];
	assert_int_equal(ratio->n, 3);
	assert_near(ratio->median, 1.1, NEAR);
	assert_near(ratio->low, 1.1, NEAR);
	assert_near(ratio->high, 1.1, NEAR);
	assert_int_equal(figure(&summary, "native")->ratios[BASE_NATIVE].n, 0);
	summary_free(&summary);
}

/* 1, 2, 100 in boot 1 is one value (2), however many samples there are. */
static void a_boot_is_one_value_however_many_samples_it_has(void **state)
{
	struct sample rows[] = {
		sample(1, "crun", 100), sample(1, "crun", 1), sample(1, "crun", 2),
		sample(2, "crun", 4),	sample(3, "crun", 6),
	};
	const struct samples samples = {.clock = CLOCK_WALL, .rows = rows, .count = 5};
	struct summary summary;
	struct error err;

	(void)state;
	assert_int_equal(summary_make(&samples, MINIMUM_EFFECT, &summary, &err), 0);
	assert_int_equal(figure(&summary, "crun")->value.n, 3);
	assert_int_equal(figure(&summary, "crun")->samples, 5);
	assert_near(figure(&summary, "crun")->value.median, 4, NEAR);
	summary_free(&summary);
}

static void a_boot_without_the_base_gives_no_ratio(void **state)
{
	struct sample rows[] = {
		sample(1, "crun", 3),
		sample(2, "crun", 3),
		sample(2, "native", 2),
		sample(3, "crun", 3),
	};
	const struct samples samples = {.clock = CLOCK_WALL, .rows = rows, .count = 4};
	struct summary summary;
	struct error err;

	(void)state;
	assert_int_equal(summary_make(&samples, MINIMUM_EFFECT, &summary, &err), 0);
	assert_int_equal(figure(&summary, "crun")->value.n, 3);
	assert_int_equal(figure(&summary, "crun")->ratios[BASE_NATIVE].n, 1);
	assert_near(figure(&summary, "crun")->ratios[BASE_NATIVE].median, 1.5, NEAR);
	assert_false(figure(&summary, "crun")->ratios[BASE_NATIVE].spread);
	summary_free(&summary);
}

/* Of the boots in which a counter happens not to be 0 alone the ratio would be 10, and look sure. */
static void a_base_that_is_zero_in_a_boot_gives_no_ratio(void **state)
{
	struct sample rows[] = {
		sample(1, "native", 1), sample(1, "crun", 10),	sample(2, "native", 1),
		sample(2, "crun", 10),	sample(3, "native", 1), sample(3, "crun", 10),
		sample(4, "native", 0), sample(4, "crun", 10),
	};
	const struct samples samples = {.clock = CLOCK_WALL, .rows = rows, .count = 8};
	struct summary summary;
	struct error err;

	(void)state;
	assert_int_equal(summary_make(&samples, MINIMUM_EFFECT, &summary, &err), 0);
	assert_int_equal(figure(&summary, "crun")->ratios[BASE_NATIVE].n, 0);
	assert_int_equal(figure(&summary, "crun")->verdicts[BASE_NATIVE], CHANGE_UNKNOWN);
	assert_near(figure(&summary, "native")->value.median, 1, NEAR);
	summary_free(&summary);
}

/* A shard's, or what is left where others were lost: the last one's number is not how many. */
static void boots_are_counted_whatever_their_numbers(void **state)
{
	struct sample rows[] = {
		sample(2, "native", 1), sample(6, "native", 1),	 sample(6, "native", 1),
		sample(6, "crun", 1),	sample(10, "native", 1), sample(11, "native", 1),
	};
	const struct samples samples = {.clock = CLOCK_WALL, .rows = rows, .count = 6};
	struct summary summary;
	struct error err;

	(void)state;
	rows[5].again = true; /* stands in no figure */
	assert_int_equal(summary_make(&samples, MINIMUM_EFFECT, &summary, &err), 0);
	assert_int_equal(summary.boots, 3);
	assert_int_equal(figure(&summary, "native")->value.n, 3);
	summary_free(&summary);
}

/* native: 0 and, by hand, sqrt(2/2)/10; two boots of crun say nothing. */
static void how_far_figures_repeat_is_their_deviation_over_the_boots(void **state)
{
	struct sample rows[] = {
		sample(1, "native", 9),	 sample(2, "native", 10), sample(3, "native", 11),
		sample(1, "vkernel", 5), sample(2, "vkernel", 5), sample(3, "vkernel", 5),
		sample(1, "crun", 1),	 sample(2, "crun", 100),
	};
	const struct samples samples = {.clock = CLOCK_WALL, .rows = rows, .count = 8};
	const struct repeatability *repeat;
	struct summary summary;
	struct error err;

	(void)state;
	assert_int_equal(summary_make(&samples, MINIMUM_EFFECT, &summary, &err), 0);
	repeat = &summary.repeats[KIND_MACRO];
	assert_int_equal(repeat->n, 2);
	assert_int_equal(repeat->beyond, 1);
	assert_near(repeat->most, 0.1, NEAR);
	assert_near(repeat->median, 0.05, NEAR);
	assert_ptr_equal(repeat->widest, figure(&summary, "native"));
	assert_int_equal(summary.repeats[KIND_MICRO].n, 0);
	summary_free(&summary);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_even_number_of_boots_has_the_middle_of_two),
		cmocka_unit_test(one_and_two_boots_have_no_interval),
		cmocka_unit_test(three_boots_have_students_interval_of_the_logarithms),
		cmocka_unit_test(a_zero_among_few_boots_has_an_interval_too),
		cmocka_unit_test(from_six_boots_on_the_ends_are_order_statistics),
		cmocka_unit_test(an_outlier_is_kept_and_does_not_carry_the_figure),
		cmocka_unit_test(a_change_is_told_by_interval_and_minimum_effect),
		cmocka_unit_test(two_runs_are_compared_by_medians_and_welchs_interval),
		cmocka_unit_test(runs_that_cannot_be_compared_have_no_ratio),
		cmocka_unit_test(a_difference_has_the_chance_that_welchs_test_says),
		cmocka_unit_test(boots_that_agree_have_no_width),
		cmocka_unit_test(many_boots_come_near_the_exact_interval),
		cmocka_unit_test(the_same_values_give_the_same_interval),
		cmocka_unit_test(what_a_boot_shares_does_not_widen_a_ratio),
		cmocka_unit_test(a_boot_is_one_value_however_many_samples_it_has),
		cmocka_unit_test(a_boot_without_the_base_gives_no_ratio),
		cmocka_unit_test(a_base_that_is_zero_in_a_boot_gives_no_ratio),
		cmocka_unit_test(boots_are_counted_whatever_their_numbers),
		cmocka_unit_test(how_far_figures_repeat_is_their_deviation_over_the_boots),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
