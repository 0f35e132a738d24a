// SPDX-License-Identifier: GPL-2.0
/* Histories whose changes are known, because they were planted. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "harness/history/shift.h"

#define RATE   0.05
#define NIGHTS 20
#define FAMILY 100

/* Figures around 1,000, night by night. */
struct family {
	double values[FAMILY][NIGHTS];
	struct series rows[FAMILY];
};

static gsl_rng *random_source(unsigned long seed)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	assert_non_null(random);
	gsl_rng_set(random, seed);
	return random;
}

static double mild(gsl_rng *random, double noise)
{
	return 1000 * (1 + gsl_ran_gaussian(random, noise));
}

/* One night in ten is far out. */
static double wild(gsl_rng *random, double noise)
{
	double scale = gsl_rng_uniform(random) < 0.1 ? 20 : 1;

	return 1000 * exp(gsl_ran_gaussian(random, noise * scale));
}

static struct family *quiet_family(gsl_rng *random, double (*draw)(gsl_rng *random, double noise))
{
	struct family *family = calloc(1, sizeof(*family));

	assert_non_null(family);
	for (size_t i = 0; i < FAMILY; i++) {
		for (size_t night = 0; night < NIGHTS; night++)
			family->values[i][night] = draw(random, 0.005);
		family->rows[i] = (struct series){.values = family->values[i], .n = NIGHTS};
	}
	return family;
}

static void free_family(struct family *family)
{
	shifts_free(family->rows, FAMILY);
	free(family);
}

static size_t count_alarms(const struct family *family)
{
	size_t alarms = 0;

	for (size_t i = 0; i < FAMILY; i++)
		alarms += family->rows[i].count > 0;
	return alarms;
}

/* 1,000 figures, each by itself: 5 % is 50, and 71 are three standard deviations more. */
static void one_quiet_figure_raises_a_false_alarm_at_the_rate(void **state)
{
	double (*const draws[])(gsl_rng *, double) = {mild, wild};

	(void)state;
	for (size_t d = 0; d < 2; d++) {
		gsl_rng *random = random_source(11 + d);
		size_t alarms = 0;

		for (int history = 0; history < 10; history++) {
			struct family *family = quiet_family(random, draws[d]);

			for (size_t i = 0; i < FAMILY; i++) {
				assert_int_equal(shifts_find(&family->rows[i], 1, RATE), 0);
				alarms += family->rows[i].count > 0;
			}
			free_family(family);
		}
		print_message("# %zu of 1000 quiet figures alarmed\n", alarms);
		assert_true(alarms <= 71);
		/* A test that never speaks would pass above. */
		assert_true(alarms >= 20);
		gsl_rng_free(random);
	}
}

/* Where nothing changed, any alarm of a family is a false one: in 3 of 60 histories. */
static void a_hundred_quiet_figures_together_raise_one_at_the_rate(void **state)
{
	double (*const draws[])(gsl_rng *, double) = {mild, wild};

	(void)state;
	for (size_t d = 0; d < 2; d++) {
		gsl_rng *random = random_source(21 + d);
		size_t histories = 0;

		for (int history = 0; history < 60; history++) {
			struct family *family = quiet_family(random, draws[d]);

			assert_int_equal(shifts_find(family->rows, FAMILY, RATE), 0);
			histories += count_alarms(family) > 0;
			free_family(family);
		}
		print_message("# %zu of 60 quiet histories alarmed\n", histories);
		assert_true(histories <= 8);
		gsl_rng_free(random);
	}
}

/* 10 nights and 10, 2 % apart, at 0.5 % noise: in one of a hundred figures. */
static void a_step_of_four_times_the_noise_is_found_where_it_is(void **state)
{
	gsl_rng *random = random_source(31);
	int found = 0, placed = 0, covered = 0, false_ones = 0;

	(void)state;
	for (int history = 0; history < 60; history++) {
		struct family *family = quiet_family(random, mild);
		const struct shift *shift;

		for (size_t night = NIGHTS / 2; night < NIGHTS; night++)
			family->values[7][night] *= 1.02;
		assert_int_equal(shifts_find(family->rows, FAMILY, RATE), 0);
		shift = family->rows[7].shifts;
		if (family->rows[7].count == 1 && shift->kind == SHIFT_STEP) {
			found++;
			placed += labs((long)shift->at - NIGHTS / 2) <= 1;
			covered += shift->low <= 1.02 && 1.02 <= shift->high;
		}
		false_ones += (int)count_alarms(family) - (family->rows[7].count > 0);
		free_family(family);
	}
	print_message("# found %d, placed %d, covered %d of 60; %d false\n", found, placed, covered,
		      false_ones);
	assert_true(found >= 56);
	assert_true(placed >= 56);
	assert_true(covered >= 50);
	assert_true(false_ones <= 9);
	gsl_rng_free(random);
}

static void one_wild_night_is_no_change(void **state)
{
	gsl_rng *random = random_source(41);

	(void)state;
	for (size_t night = 0; night < NIGHTS; night++) {
		double values[NIGHTS];
		struct series row = {.values = values, .n = NIGHTS};

		for (size_t i = 0; i < NIGHTS; i++)
			values[i] = mild(random, 0.0001);
		values[night] *= 3;
		assert_int_equal(shifts_find(&row, 1, 0.01), 0);
		assert_int_equal(row.count, 0);
		shifts_free(&row, 1);
	}
	gsl_rng_free(random);
}

static void a_drift_is_called_a_drift_and_measured_end_to_end(void **state)
{
	gsl_rng *random = random_source(51);
	int drifts = 0, covered = 0;

	(void)state;
	for (int history = 0; history < 50; history++) {
		double values[NIGHTS];
		struct series row = {.values = values, .n = NIGHTS};

		for (size_t i = 0; i < NIGHTS; i++)
			values[i] = mild(random, 0.003) * (1 + 0.003 * (double)i);
		assert_int_equal(shifts_find(&row, 1, RATE), 0);
		if (row.count == 1 && row.shifts[0].kind == SHIFT_DRIFT) {
			drifts++;
			covered += row.shifts[0].low <= 1.057 && 1.057 <= row.shifts[0].high;
		}
		shifts_free(&row, 1);
	}
	print_message("# %d drifts of 50, %d intervals hold the truth\n", drifts, covered);
	assert_true(drifts >= 45);
	assert_true(covered >= 40);
	gsl_rng_free(random);
}

static void two_steps_are_both_told_in_order(void **state)
{
	gsl_rng *random = random_source(61);
	double values[36];
	struct series row = {.values = values, .n = 36};

	(void)state;
	for (size_t i = 0; i < 36; i++)
		values[i] = mild(random, 0.002) * (i < 12 ? 1 : i < 24 ? 1.05 : 1.01);
	assert_int_equal(shifts_find(&row, 1, RATE), 0);
	assert_int_equal(row.count, 2);
	assert_int_equal(row.shifts[0].at, 12);
	assert_int_equal(row.shifts[1].at, 24);
	assert_true(row.shifts[0].ratio > 1.04 && row.shifts[1].ratio < 0.97);
	shifts_free(&row, 1);
	gsl_rng_free(random);
}

/* The instruction clock may give the same number every night. */
static void equal_nights_are_no_change_and_an_exact_step_is_one(void **state)
{
	double values[NIGHTS];
	struct series row = {.values = values, .n = NIGHTS};

	(void)state;
	for (size_t i = 0; i < NIGHTS; i++)
		values[i] = 315.34;
	assert_int_equal(shifts_find(&row, 1, RATE), 0);
	assert_int_equal(row.count, 0);
	for (size_t i = 15; i < NIGHTS; i++)
		values[i] = 322;
	assert_int_equal(shifts_find(&row, 1, RATE), 0);
	assert_int_equal(row.count, 1);
	assert_int_equal(row.shifts[0].kind, SHIFT_STEP);
	assert_int_equal(row.shifts[0].at, 15);
	assert_true(row.shifts[0].low == row.shifts[0].high);
	shifts_free(&row, 1);
}

static void too_few_nights_say_nothing(void **state)
{
	const double values[] = {1, 1, 2, 2, 2};
	struct series row = {.values = values};

	(void)state;
	for (row.n = 0; row.n <= 5; row.n++) {
		assert_int_equal(shifts_find(&row, 1, RATE), 0);
		assert_int_equal(row.count, 0);
		assert_true(row.p == 1);
		shifts_free(&row, 1);
	}
}

/* A step without any noise, in one of a hundred figures: two nights fewer do not show it. */
static void a_family_needs_as_many_nights_as_it_says(void **state)
{
	gsl_rng *random = random_source(71);
	size_t needed = shifts_nights(FAMILY, RATE);

	(void)state;
	assert_int_equal(shifts_nights(1, RATE), 8);
	assert_int_equal(shifts_nights(235, RATE), 16);
	assert_int_equal(needed, 16);
	for (size_t nights = needed - 2; nights <= needed; nights += 2) {
		struct family *family = quiet_family(random, mild);

		for (size_t i = 0; i < FAMILY; i++)
			family->rows[i].n = nights;
		for (size_t night = 0; night < nights; night++)
			family->values[7][night] = night < nights / 2 ? 100 : 200;
		assert_int_equal(shifts_find(family->rows, FAMILY, RATE), 0);
		assert_int_equal(family->rows[7].count, nights == needed);
		free_family(family);
	}
	gsl_rng_free(random);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_quiet_figure_raises_a_false_alarm_at_the_rate),
		cmocka_unit_test(a_hundred_quiet_figures_together_raise_one_at_the_rate),
		cmocka_unit_test(a_step_of_four_times_the_noise_is_found_where_it_is),
		cmocka_unit_test(one_wild_night_is_no_change),
		cmocka_unit_test(a_drift_is_called_a_drift_and_measured_end_to_end),
		cmocka_unit_test(two_steps_are_both_told_in_order),
		cmocka_unit_test(equal_nights_are_no_change_and_an_exact_step_is_one),
		cmocka_unit_test(too_few_nights_say_nothing),
		cmocka_unit_test(a_family_needs_as_many_nights_as_it_says),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
