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
	struct estimate estimate = summary_estimate(values, 4);

	(void)state;
	assert_int_equal(estimate.n, 4);
	assert_near(estimate.median, 2.5, NEAR);
}

static void one_and_two_boots_have_no_interval(void **state)
{
	const double values[] = {10, 20};

	(void)state;
	for (unsigned int n = 1; n <= 2; n++)
		assert_false(summary_estimate(values, n).spread);
}

/* Of 27 equally likely resamples of three, 7 have the least as their median: more than 2.5 %. */
static void three_boots_reach_from_least_to_most(void **state)
{
	const double values[] = {2, 1, 3};
	struct estimate estimate = summary_estimate(values, 3);

	(void)state;
	assert_true(estimate.spread);
	assert_near(estimate.median, 2, NEAR);
	assert_near(estimate.low, 1, NEAR);
	assert_near(estimate.high, 3, NEAR);
}

static void boots_that_agree_have_no_width(void **state)
{
	const double values[] = {7, 7, 7, 7, 7};
	struct estimate estimate = summary_estimate(values, 5);

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
	estimate = summary_estimate(values, 100);
	assert_near(estimate.median, 50.5, NEAR);
	assert_near(estimate.low, 40.5, 2);
	assert_near(estimate.high, 60.5, 2);
}

static void the_same_values_give_the_same_interval(void **state)
{
	const double values[] = {3, 9, 4, 1, 7};
	struct estimate one = summary_estimate(values, 5), other = summary_estimate(values, 5);

	(void)state;
	assert_true(one.low == other.low && one.high == other.high);
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
	assert_int_equal(summary_make(&samples, &summary, &err), 0);
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
	assert_int_equal(summary_make(&samples, &summary, &err), 0);
	assert_int_equal(figure(&summary, "crun")->value.n, 3);
	assert_int_equal(figure(&summary, "crun")->samples, 5);
	assert_near(figure(&summary, "crun")->value.median, 4, NEAR);
	summary_free(&summary);
}

static void a_boot_without_the_base_gives_no_ratio(void **state)
{
	struct sample rows[] = {
		sample(1, "crun", 3), sample(2, "crun", 3),   sample(2, "native", 2),
		sample(3, "crun", 3), sample(3, "native", 0),
	};
	const struct samples samples = {.clock = CLOCK_WALL, .rows = rows, .count = 5};
	struct summary summary;
	struct error err;

	(void)state;
	assert_int_equal(summary_make(&samples, &summary, &err), 0);
	assert_int_equal(figure(&summary, "crun")->value.n, 3);
	assert_int_equal(figure(&summary, "crun")->ratios[BASE_NATIVE].n, 1);
	assert_near(figure(&summary, "crun")->ratios[BASE_NATIVE].median, 1.5, NEAR);
	assert_false(figure(&summary, "crun")->ratios[BASE_NATIVE].spread);
	summary_free(&summary);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_even_number_of_boots_has_the_middle_of_two),
		cmocka_unit_test(one_and_two_boots_have_no_interval),
		cmocka_unit_test(three_boots_reach_from_least_to_most),
		cmocka_unit_test(boots_that_agree_have_no_width),
		cmocka_unit_test(many_boots_come_near_the_exact_interval),
		cmocka_unit_test(the_same_values_give_the_same_interval),
		cmocka_unit_test(what_a_boot_shares_does_not_widen_a_ratio),
		cmocka_unit_test(a_boot_is_one_value_however_many_samples_it_has),
		cmocka_unit_test(a_boot_without_the_base_gives_no_ratio),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
