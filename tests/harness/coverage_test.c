// SPDX-License-Identifier: GPL-2.0
/*
 * How often an interval that says 95 % holds the truth: simulated, with few boots and with noise
 * that is none of a textbook's. The random numbers are fixed, so a result is one for good.
 */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "harness/statistics.h"

#define TRIALS	   10000
#define BOOTS_MOST 12

/* One boot's value; the true median is 1. */
typedef double (*noise)(const gsl_rng *random);

static double lognormal(const gsl_rng *random)
{
	return gsl_ran_lognormal(random, 0, 0.05);
}

static double wide_lognormal(const gsl_rng *random)
{
	return gsl_ran_lognormal(random, 0, 1);
}

/* Student's with two degrees of freedom: its variance is infinite. */
static double heavy_tailed(const gsl_rng *random)
{
	return exp(0.02 * gsl_ran_tdist(random, 2));
}

/* One boot in ten is disturbed, upwards, by up to a half. */
static double disturbed(const gsl_rng *random)
{
	double value = gsl_ran_lognormal(random, 0, 0.01);

	return gsl_rng_uniform(random) < 0.1 ? value * (1 + 0.5 * gsl_rng_uniform(random)) : value;
}

/* Nothing is ever faster than it can be: a floor, and delays above it. */
static double skewed(const gsl_rng *random)
{
	return 0.9 + gsl_ran_exponential(random, 0.1 / log(2));
}

/* The least share of intervals that hold the truth, by number of boots. */
static const struct {
	const char *name;
	noise draw;
	bool exact; /* the median of draw is exactly 1 */
} noises[] = {
	{"lognormal", lognormal, true},	      {"lognormal, sigma 1", wide_lognormal, true},
	{"heavy tails", heavy_tailed, true},  {"disturbed boots", disturbed, false},
	{"a floor and delays", skewed, true},
};

static const unsigned int boots[] = {3, 4, 5, 6, 9, 12};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void fill(const gsl_rng *random, noise draw, double *values, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		values[i] = draw(random);
}

/* The share of trials whose interval holds 1. */
static double hold_median(noise draw, unsigned int n)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	double values[BOOTS_MOST];
	unsigned int hits = 0;

	for (int trial = 0; trial < TRIALS; trial++) {
		struct estimate estimate;

		fill(random, draw, values, n);
		estimate = statistics_estimate(values, n);
		hits += estimate.low <= 1 && estimate.high >= 1;
	}
	gsl_rng_free(random);
	return (double)hits / TRIALS;
}

/* Ratios within a boot of two visits that are alike. */
static struct estimate ratio_of_equals(const gsl_rng *random, noise draw, unsigned int n)
{
	double one[BOOTS_MOST], other[BOOTS_MOST];

	fill(random, draw, one, n);
	fill(random, draw, other, n);
	for (unsigned int i = 0; i < n; i++)
		one[i] /= other[i];
	return statistics_estimate(one, n);
}

/* The same for such ratios: a check of one against itself. */
static double hold_ratio(noise draw, unsigned int n)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	unsigned int hits = 0;

	for (int trial = 0; trial < TRIALS; trial++) {
		struct estimate ratio = ratio_of_equals(random, draw, n);

		hits += statistics_judge(&ratio, BETTER_LOWER, 0) == CHANGE_NOISE;
	}
	gsl_rng_free(random);
	return (double)hits / TRIALS;
}

/* The same for the bootstrap's intervals of them. */
static double hold_bootstrap(noise draw, unsigned int n)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	unsigned int hits = 0;

	for (int trial = 0; trial < TRIALS; trial++) {
		struct estimate ratio = ratio_of_equals(random, draw, n);

		hits += ratio.bootstrap_low <= 1 && ratio.bootstrap_high >= 1;
	}
	gsl_rng_free(random);
	return (double)hits / TRIALS;
}

/* Two runs of the same. */
static double hold_runs(noise draw, unsigned int n)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	double one[BOOTS_MOST], other[BOOTS_MOST];
	unsigned int hits = 0;

	for (int trial = 0; trial < TRIALS; trial++) {
		struct estimate ratio;

		fill(random, draw, one, n);
		fill(random, draw, other, n);
		ratio = statistics_compare(one, n, other, n);
		hits += statistics_judge(&ratio, BETTER_LOWER, 0) == CHANGE_NOISE;
	}
	gsl_rng_free(random);
	return (double)hits / TRIALS;
}

/*
 * The same where one figure of many is meant: of a thousand that have not changed one may be told as a
 * change. A night's headlines are judged so.
 */
static double hold_thousand(noise draw, unsigned int n)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	double one[BOOTS_MOST], other[BOOTS_MOST];
	unsigned int alarms = 0;

	for (int trial = 0; trial < TRIALS; trial++) {
		fill(random, draw, one, n);
		fill(random, draw, other, n);
		alarms += statistics_chance(one, n, other, n) <= 0.001;
	}
	gsl_rng_free(random);
	return 1 - (double)alarms / TRIALS;
}

/* Prints the row of a table for the reader of the log, and holds each share to its floor. */
static void expect(double (*hold)(noise, unsigned int), bool exact_only, double floor)
{
	for (size_t i = 0; i < COUNT(noises); i++) {
		double least = 1;

		if (exact_only && !noises[i].exact)
			continue;
		printf("# %-20s", noises[i].name);
		for (size_t n = 0; n < COUNT(boots); n++) {
			double share = hold(noises[i].draw, boots[n]);

			printf("  %2u: %.1f %%", boots[n], 100 * share);
			least = share < least ? share : least;
		}
		printf("\n");
		if (least < floor)
			fail_msg("%s: only %.2f %% of intervals hold the truth", noises[i].name,
				 100 * least);
	}
}

static void a_ratio_of_equals_holds_1_in_95_of_100_runs(void **state)
{
	(void)state;
	expect(hold_ratio, false, 0.945);
}

static void two_runs_of_the_same_are_the_same_in_95_of_100(void **state)
{
	(void)state;
	expect(hold_runs, false, 0.945);
}

static void of_a_thousand_figures_that_stay_one_may_alarm(void **state)
{
	(void)state;
	expect(hold_thousand, false, 0.998);
}

static void a_figure_holds_the_true_median_in_95_of_100_runs(void **state)
{
	(void)state;
	expect(hold_median, true, 0.93);
}

/* Why no verdict rests on it. */
static void the_bootstrap_of_few_boots_is_too_narrow(void **state)
{
	(void)state;
	expect(hold_bootstrap, false, 0.7);
	assert_true(hold_bootstrap(lognormal, 3) < 0.8);
	assert_true(hold_bootstrap(lognormal, 12) > 0.925);
}

struct drawn {
	unsigned int below, at; /* an end of the interval; of DRAWN */
};

#define DRAWN 100000

static void count_draw(struct drawn *drawn, double median, double end)
{
	drawn->below += median < end;
	drawn->at += median == end;
}

/* The end is where so many of the drawn medians have been passed, but for the chance in drawing. */
static void assert_end(const struct drawn *drawn, double share)
{
	const double chance = 0.003;

	assert_true(drawn->below <= (share + chance) * DRAWN);
	assert_true(drawn->below + drawn->at >= (share - chance) * DRAWN);
}

static void the_bootstrap_is_what_drawing_comes_to(void **state)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	(void)state;
	for (unsigned int n = REPLICATES_MIN; n <= BOOTS_MOST; n++) {
		double values[BOOTS_MOST], draw[BOOTS_MOST];
		struct drawn low = {0}, high = {0};
		struct estimate estimate;

		fill(random, lognormal, values, n);
		estimate = statistics_estimate(values, n);
		for (unsigned int trial = 0; trial < DRAWN; trial++) {
			double median;

			gsl_ran_sample(random, draw, n, values, n, sizeof(values[0]));
			median = statistics_median(draw, n);
			count_draw(&low, median, estimate.bootstrap_low);
			count_draw(&high, median, estimate.bootstrap_high);
		}
		assert_end(&low, 0.025);
		assert_end(&high, 0.975);
	}
	gsl_rng_free(random);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ratio_of_equals_holds_1_in_95_of_100_runs),
		cmocka_unit_test(two_runs_of_the_same_are_the_same_in_95_of_100),
		cmocka_unit_test(of_a_thousand_figures_that_stay_one_may_alarm),
		cmocka_unit_test(a_figure_holds_the_true_median_in_95_of_100_runs),
		cmocka_unit_test(the_bootstrap_of_few_boots_is_too_narrow),
		cmocka_unit_test(the_bootstrap_is_what_drawing_comes_to),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
