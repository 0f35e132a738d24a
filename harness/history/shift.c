// SPDX-License-Identifier: GPL-2.0
#include "harness/history/shift.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "harness/history/rank.h"
#include "lib/cleanup.h"

#define SEED 1

/*
 * A quiet figure is given up after ENOUGH permutations that look as good as its own order. The
 * others get FINER times as many as the family's strictest threshold is the reciprocal of.
 */
#define PERMUTATIONS_MIN 999
#define PERMUTATIONS_MAX 199999
#define ENOUGH		 30
#define FINER		 20

#define RESAMPLES 999

/* Ranks, and what makes rank sums of different lengths comparable, before each split. */
struct splits {
	double *ranks, *scales;
	size_t n;
};

/* The largest standardised rank sum over all splits, and where it is. */
static double best_split(const struct splits *splits, size_t *at)
{
	double sum = 0, best = -1;

	for (size_t k = 1; k + SHIFT_SIDE_MIN <= splits->n; k++) {
		double score;

		sum += splits->ranks[k - 1];
		if (k < SHIFT_SIDE_MIN)
			continue;
		score = fabs(sum) * splits->scales[k];
		/* Rounding must not tell a permutation from its equal. */
		if (score > best * (1 + 1e-12)) {
			best = score;
			*at = k;
		}
	}
	return best;
}

static double permute(const struct splits *splits, unsigned int most, double seen)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	unsigned int as_good = 0, done = 0;
	size_t ignored;

	if (!random)
		return -1;
	gsl_rng_set(random, SEED);
	while (done < most && as_good < ENOUGH) {
		gsl_ran_shuffle(random, splits->ranks, splits->n, sizeof(*splits->ranks));
		as_good += best_split(splits, &ignored) >= seen * (1 - 1e-12);
		done++;
	}
	gsl_rng_free(random);
	/* Besag and Clifford's: stopped at the ENOUGH-th, the significance is their share. */
	return as_good == ENOUGH ? (double)as_good / done
				 : (double)(as_good + 1) / (double)(done + 1);
}

static double test(const double *values, size_t n, unsigned int permutations, size_t *at)
{
	autofree double *memory = calloc(2 * n + 1, sizeof(*memory));
	struct splits splits = {.ranks = memory, .scales = memory + n, .n = n};
	double seen;

	*at = 0;
	if (n < 2 * SHIFT_SIDE_MIN)
		return 1;
	if (!memory || rank_centred(values, n, splits.ranks))
		return -1;
	for (size_t k = 1; k < n; k++)
		splits.scales[k] = 1 / sqrt((double)k * (double)(n - k));
	seen = best_split(&splits, at);
	if (seen > 0)
		return permute(&splits, permutations, seen);
	*at = 0;
	return 1;
}

static unsigned int permutations_for(size_t count, double rate)
{
	double wanted = FINER * (double)count / rate;

	if (wanted < PERMUTATIONS_MIN)
		return PERMUTATIONS_MIN;
	return wanted < PERMUTATIONS_MAX ? (unsigned int)wanted : PERMUTATIONS_MAX;
}

/* A segment that is split where its significance is at most threshold; then its two sides. */
struct search {
	struct series *series;
	double threshold;
	unsigned int permutations;
};

static int split(struct search *search, size_t from, size_t to)
{
	struct series *series = search->series;
	struct shift *larger;
	size_t at;
	double p = test(series->values + from, to - from, search->permutations, &at);

	if (p < 0)
		return -1;
	/* A part of the nights gets the same part of what may go wrong. */
	if (p > search->threshold * (double)(to - from) / (double)series->n)
		return 0;
	if (split(search, from, from + at))
		return -1;
	larger = realloc(series->shifts, (series->count + 1) * sizeof(*larger));
	if (!larger)
		return -1;
	series->shifts = larger;
	larger[series->count++] = (struct shift){.kind = SHIFT_STEP, .at = from + at, .p = p};
	return split(search, from + at, to);
}

/* From the shift before to the one behind: the levels that a step is between. */
static size_t segment_start(const struct series *series, size_t shift)
{
	return shift ? series->shifts[shift - 1].at : 0;
}

static size_t segment_end(const struct series *series, size_t shift)
{
	return shift + 1 < series->count ? series->shifts[shift + 1].at : series->n;
}

static double misfit_of_steps(const struct series *series)
{
	double misfit = 0;

	for (size_t c = 0; c <= series->count; c++) {
		size_t from = segment_start(series, c);
		size_t to = c < series->count ? series->shifts[c].at : series->n;
		double level = rank_median(series->values + from, to - from);

		for (size_t i = from; i < to; i++)
			misfit += fabs(series->values[i] - level);
	}
	return misfit;
}

static double misfit_of_line(const struct series *series, const struct line *line)
{
	double misfit = 0;

	for (size_t i = 0; i < series->n; i++)
		misfit += fabs(series->values[i] - line->start - line->slope * (double)i);
	return misfit;
}

/* The price of a description: how badly it fits, and how much has to be said (Schwarz's). */
static double price(const struct series *series, double misfit, size_t parameters)
{
	double least = 1e-9 * series->values[0] * (double)series->n;

	return (double)series->n * log((misfit > least ? misfit : least) / (double)series->n) +
	       (double)parameters * log((double)series->n);
}

/* A step is what code does: where in time it is does not count against it. */
static bool is_drift(const struct series *series, const struct line *line)
{
	double steps = price(series, misfit_of_steps(series), series->count + 1);

	return line->start > 0 && line->start + line->slope * (double)(series->n - 1) > 0 &&
	       price(series, misfit_of_line(series, line), 2) < steps;
}

static void resample(gsl_rng *random, const double *values, size_t n, double *work)
{
	for (size_t i = 0; i < n; i++)
		work[i] = values[gsl_rng_uniform_int(random, n)];
}

static void set_interval(struct shift *shift, double *ratios)
{
	gsl_sort(ratios, 1, RESAMPLES);
	shift->low = gsl_stats_quantile_from_sorted_data(ratios, 1, RESAMPLES, 0.025);
	shift->high = gsl_stats_quantile_from_sorted_data(ratios, 1, RESAMPLES, 0.975);
	shift->ratio = shift->after / shift->before;
}

static void measure_step(gsl_rng *random, const struct series *series, size_t number, double *work)
{
	struct shift *shift = &series->shifts[number];
	size_t from = segment_start(series, number), to = segment_end(series, number);
	const double *before = series->values + from, *after = series->values + shift->at;
	double ratios[RESAMPLES];

	shift->before = rank_median(before, shift->at - from);
	shift->after = rank_median(after, to - shift->at);
	for (int i = 0; i < RESAMPLES; i++) {
		double denominator;

		resample(random, before, shift->at - from, work);
		denominator = rank_median(work, shift->at - from);
		resample(random, after, to - shift->at, work);
		ratios[i] = rank_median(work, to - shift->at) / denominator;
	}
	set_interval(shift, ratios);
}

/* The nights' distances from the line are what chance could have dealt otherwise. */
static int measure_drift(gsl_rng *random, struct series *series, const struct line *line,
			 double *work)
{
	autofree double *rest = calloc(series->n, sizeof(*rest));
	struct shift *shift = &series->shifts[0];
	double last = (double)(series->n - 1), ratios[RESAMPLES];
	struct line other;

	if (!rest)
		return -1;
	*shift = (struct shift){
		.kind = SHIFT_DRIFT,
		.p = series->p,
		.before = line->start,
		.after = line->start + line->slope * last,
	};
	series->count = 1;
	for (size_t i = 0; i < series->n; i++)
		rest[i] = series->values[i] - line->start - line->slope * (double)i;
	for (int r = 0; r < RESAMPLES; r++) {
		resample(random, rest, series->n, work);
		for (size_t i = 0; i < series->n; i++)
			work[i] += line->start + line->slope * (double)i;
		if (rank_line(work, series->n, &other))
			return -1;
		ratios[r] = (other.start + other.slope * last) / other.start;
	}
	set_interval(shift, ratios);
	return 0;
}

static int measure(gsl_rng *random, struct series *series, double *work)
{
	struct line line;

	if (rank_line(series->values, series->n, &line))
		return -1;
	if (is_drift(series, &line))
		return measure_drift(random, series, &line, work);
	for (size_t i = 0; i < series->count; i++)
		measure_step(random, series, i, work);
	return 0;
}

static int describe(struct series *series)
{
	autofree double *work = calloc(series->n, sizeof(*work));
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	int result = -1;

	if (work && random) {
		gsl_rng_set(random, SEED);
		result = measure(random, series, work);
	}
	if (random)
		gsl_rng_free(random);
	return result;
}

/*
 * Benjamini and Hochberg's: the rate times the share of the family that is taken; 0: none is. What
 * is found inside those is held to the same (Benjamini and Bogomolov's).
 */
static int family_threshold(const struct series *family, size_t count, double rate,
			    double *threshold)
{
	autofree double *sorted = calloc(count + 1, sizeof(*sorted));

	if (!sorted)
		return -1;
	for (size_t i = 0; i < count; i++)
		sorted[i] = family[i].p;
	gsl_sort(sorted, 1, count);
	*threshold = 0;
	for (size_t i = 0; i < count; i++)
		if (sorted[i] <= rate * (double)(i + 1) / (double)count)
			*threshold = rate * (double)(i + 1) / (double)count;
	return 0;
}

int shifts_find(struct series *family, size_t count, double rate)
{
	unsigned int permutations = permutations_for(count, rate);
	double threshold;

	for (size_t i = 0; i < count; i++) {
		size_t ignored;

		family[i].shifts = NULL;
		family[i].count = 0;
		family[i].p = test(family[i].values, family[i].n, permutations, &ignored);
		if (family[i].p < 0)
			return -1;
	}
	if (family_threshold(family, count, rate, &threshold))
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct search search = {
			.series = &family[i],
			.threshold = threshold,
			.permutations = permutations,
		};

		if (family[i].p > threshold)
			continue;
		if (split(&search, 0, family[i].n) || describe(&family[i]))
			return -1;
	}
	return 0;
}

/* Of all orders of an even number of nights only two part a lower half from an upper one. */
size_t shifts_nights(size_t count, double rate)
{
	size_t nights = 2 * SHIFT_SIDE_MIN;

	while (2 / gsl_sf_choose(nights, nights / 2) > rate / (double)(count ? count : 1))
		nights += 2;
	return nights;
}

void shifts_free(struct series *family, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(family[i].shifts);
		family[i].shifts = NULL;
		family[i].count = 0;
	}
}

const char *shift_kind_name(enum shift_kind kind)
{
	return kind == SHIFT_DRIFT ? "drift" : "step";
}
