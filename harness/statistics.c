// SPDX-License-Identifier: GPL-2.0
#include "harness/statistics.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OUTSIDE 0.025 /* on either side of an interval */

double statistics_median(double *values, size_t n)
{
	gsl_sort(values, 1, n);
	return gsl_stats_median_from_sorted_data(values, 1, n);
}

/*
 * The least value of n is above the median where all n are, which has probability 2^-n; the k-th
 * where at most k - 1 are below: the binomial distribution, whatever that of the values is.
 */
static unsigned int rank_below(unsigned int n)
{
	unsigned int rank = 0;

	while (rank < n / 2 && gsl_cdf_binomial_P(rank, 0.5, n) <= OUTSIDE)
		rank++;
	return rank;
}

static void exact_interval(struct estimate *estimate, const double *sorted)
{
	unsigned int rank = rank_below(estimate->n);

	estimate->low = sorted[rank - 1];
	estimate->high = sorted[estimate->n - rank];
}

static bool all_positive(const double *values, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (!(values[i] > 0))
			return false;
	return true;
}

/* With fewer than six values the median, which is the figure, is inside, but for rounding. */
static void student_interval(struct estimate *estimate, const double *sorted)
{
	bool logarithms = all_positive(sorted, estimate->n);
	double values[REPLICATES_EXACT], mean, half;

	for (unsigned int i = 0; i < estimate->n; i++)
		values[i] = logarithms ? log(sorted[i]) : sorted[i];
	mean = gsl_stats_mean(values, 1, estimate->n);
	half = gsl_cdf_tdist_Qinv(OUTSIDE, estimate->n - 1) *
	       gsl_stats_sd_m(values, 1, estimate->n, mean) / sqrt(estimate->n);
	estimate->low = fmin(logarithms ? exp(mean - half) : mean - half, estimate->median);
	estimate->high = fmax(logarithms ? exp(mean + half) : mean + half, estimate->median);
}

/* One value that the median of a drawn sample can have. */
struct outcome {
	double value, probability;
};

/* The probability that at least `least` of n values, drawn from n, are among the first `rank`. */
static double at_least(unsigned int least, unsigned int rank, unsigned int n)
{
	if (rank == n)
		return 1;
	return rank ? gsl_cdf_binomial_Q(least - 1, (double)rank / n, n) : 0;
}

/* The drawn median is the k-th value, k from 1 on, where n is odd. */
static size_t odd_outcomes(const double *sorted, unsigned int n, struct outcome *outcomes)
{
	unsigned int middle = n / 2 + 1;

	for (unsigned int k = 1; k <= n; k++)
		outcomes[k - 1] = (struct outcome){
			sorted[k - 1], at_least(middle, k, n) - at_least(middle, k - 1, n)};
	return n;
}

/* i^m less (i - 1)^m, in parts of n^m: of m draws the outermost is the i-th value. */
static double outermost(unsigned int i, unsigned int m, unsigned int n)
{
	return pow((double)i / n, m) - pow((double)(i - 1) / n, m);
}

/*
 * Where n is even the drawn median is the mean of the i-th value and the j-th, i <= j: half of the
 * draws are the i-th or less, the other half the j-th or more. What is left of the i-th's probability
 * is that of i = j.
 */
static size_t even_outcomes(const double *sorted, unsigned int n, struct outcome *outcomes)
{
	unsigned int m = n / 2;
	size_t count = 0;

	for (unsigned int i = 1; i <= n; i++) {
		double same = at_least(m, i, n) - at_least(m, i - 1, n);

		for (unsigned int j = i + 1; j <= n; j++) {
			double p = gsl_sf_choose(n, m) * outermost(i, m, n) *
				   outermost(n - j + 1, m, n);

			outcomes[count++] =
				(struct outcome){(sorted[i - 1] + sorted[j - 1]) / 2, p};
			same -= p;
		}
		outcomes[count++] = (struct outcome){sorted[i - 1], same};
	}
	return count;
}

static int by_value(const void *one, const void *other)
{
	double a = ((const struct outcome *)one)->value, b = ((const struct outcome *)other)->value;

	return a < b ? -1 : a > b;
}

static double quantile(const struct outcome *outcomes, size_t count, double share)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		sum += outcomes[i].probability;
		if (sum >= share)
			return outcomes[i].value;
	}
	return outcomes[count - 1].value;
}

static void bootstrap_interval(struct estimate *estimate, const double *sorted)
{
	unsigned int n = estimate->n;
	struct outcome *outcomes = malloc((size_t)n * (n + 1) / 2 * sizeof(*outcomes));
	size_t count;

	if (!outcomes)
		abort();
	count = n % 2 ? odd_outcomes(sorted, n, outcomes) : even_outcomes(sorted, n, outcomes);
	qsort(outcomes, count, sizeof(*outcomes), by_value);
	estimate->bootstrap_low = quantile(outcomes, count, OUTSIDE);
	estimate->bootstrap_high = quantile(outcomes, count, 1 - OUTSIDE);
	free(outcomes);
}

struct estimate statistics_estimate(const double *values, unsigned int n)
{
	struct estimate estimate = {.n = n};
	double *sorted = malloc(n * sizeof(*sorted));

	if (!sorted)
		abort();
	memcpy(sorted, values, n * sizeof(*sorted));
	estimate.median = statistics_median(sorted, n);
	estimate.spread = n >= REPLICATES_MIN;
	if (n >= REPLICATES_EXACT)
		exact_interval(&estimate, sorted);
	else if (sorted[0] == sorted[n - 1])
		estimate.low = estimate.high = estimate.median; /* and no rounding of a logarithm */
	else if (estimate.spread)
		student_interval(&estimate, sorted);
	if (estimate.spread)
		bootstrap_interval(&estimate, sorted);
	free(sorted);
	return estimate;
}

/* One side of an unpaired comparison, in logarithms. */
struct side {
	unsigned int n;
	double median, mean, error; /* error: the mean's variance */
};

static void side_make(struct side *side, const double *values, unsigned int n)
{
	double *logarithms = malloc(n * sizeof(*logarithms));

	if (!logarithms)
		abort();
	for (unsigned int i = 0; i < n; i++)
		logarithms[i] = log(values[i]);
	side->n = n;
	side->median = statistics_median(logarithms, n);
	side->mean = gsl_stats_mean(logarithms, 1, n);
	side->error = n > 1 ? gsl_stats_variance_m(logarithms, 1, n, side->mean) / n : 0;
	free(logarithms);
}

static double welch_freedom(const struct side *a, const struct side *b)
{
	double sum = a->error + b->error;

	return sum * sum / (a->error * a->error / (a->n - 1) + b->error * b->error / (b->n - 1));
}

static void welch_interval(struct estimate *ratio, const struct side *a, const struct side *b)
{
	double shift = b->mean - a->mean, half = 0;

	if (a->error + b->error > 0)
		half = gsl_cdf_tdist_Qinv(OUTSIDE, welch_freedom(a, b)) * sqrt(a->error + b->error);
	else
		shift = b->median - a->median; /* the means' rounding is not a difference */
	ratio->spread = true;
	ratio->low = fmin(exp(shift - half), ratio->median);
	ratio->high = fmax(exp(shift + half), ratio->median);
}

static bool all_equal(const double *values, unsigned int n, double value)
{
	for (unsigned int i = 0; i < n; i++)
		if (values[i] != value)
			return false;
	return true;
}

double statistics_chance(const double *a, unsigned int a_count, const double *b,
			 unsigned int b_count)
{
	struct side from, to;
	double error;

	if (a_count < REPLICATES_MIN || b_count < REPLICATES_MIN || !all_positive(a, a_count) ||
	    !all_positive(b, b_count))
		return 1;
	if (all_equal(a, a_count, a[0]) && all_equal(b, b_count, b[0]))
		return a[0] == b[0];
	side_make(&from, a, a_count);
	side_make(&to, b, b_count);
	error = sqrt(from.error + to.error);
	return 2 * gsl_cdf_tdist_Q(fabs(to.mean - from.mean) / error, welch_freedom(&from, &to));
}

struct estimate statistics_compare(const double *a, unsigned int a_count, const double *b,
				   unsigned int b_count)
{
	struct estimate ratio = {.n = a_count < b_count ? a_count : b_count, .median = 1};
	struct side from, to;

	if (!ratio.n)
		return (struct estimate){0};
	if (all_equal(a, a_count, a[0]) && all_equal(b, b_count, a[0])) {
		ratio.spread = ratio.n >= REPLICATES_MIN;
		ratio.low = ratio.high = 1;
		return ratio;
	}
	if (!all_positive(a, a_count) || !all_positive(b, b_count))
		return (struct estimate){0};
	side_make(&from, a, a_count);
	side_make(&to, b, b_count);
	ratio.median = exp(to.median - from.median);
	if (ratio.n >= REPLICATES_MIN)
		welch_interval(&ratio, &from, &to);
	return ratio;
}

const char *change_name(enum change verdict)
{
	static const char *const names[] = {
		[CHANGE_UNKNOWN] = "unknown",
		[CHANGE_NOISE] = "within noise",
		[CHANGE_SMALL] = "below minimum effect",
		[CHANGE_FASTER] = "faster",
		[CHANGE_SLOWER] = "slower",
	};

	return names[verdict];
}

enum change statistics_judge(const struct estimate *ratio, enum better better,
			     double minimum_effect)
{
	if (!ratio->n || !ratio->spread)
		return CHANGE_UNKNOWN;
	if (ratio->low <= 1 && ratio->high >= 1)
		return CHANGE_NOISE;
	if (fabs(ratio->median - 1) < minimum_effect)
		return CHANGE_SMALL;
	return (ratio->median < 1) == (better == BETTER_LOWER) ? CHANGE_FASTER : CHANGE_SLOWER;
}
