// SPDX-License-Identifier: GPL-2.0
#include "harness/summary.h"

#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <stdlib.h>
#include <string.h>

#define RESAMPLES 2000
#define SEED	  1

const struct summary_base_row summary_bases[BASES] = {
	[BASE_NATIVE] = {"native", "ratio", "ratio_low", "ratio_high"},
	[BASE_CRUN] = {"crun", "ratio_crun", "ratio_crun_low", "ratio_crun_high"},
	[BASE_CRUN_SECURE] = {"crun-secure", "ratio_crun_secure", "ratio_crun_secure_low",
			      "ratio_crun_secure_high"},
};

static double median_of(double *values, size_t n)
{
	gsl_sort(values, 1, n);
	return gsl_stats_median_from_sorted_data(values, 1, n);
}

struct estimate summary_estimate(const double *values, unsigned int n)
{
	struct estimate estimate = {.n = n};
	double *work = malloc(n * sizeof(*work));
	double *medians = malloc(RESAMPLES * sizeof(*medians));
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	if (!work || !medians || !random)
		abort();
	memcpy(work, values, n * sizeof(*work));
	estimate.median = median_of(work, n);
	if (n >= SUMMARY_BOOTS_MIN) {
		gsl_rng_set(random, SEED);
		for (int i = 0; i < RESAMPLES; i++) {
			for (unsigned int j = 0; j < n; j++)
				work[j] = values[gsl_rng_uniform_int(random, n)];
			medians[i] = median_of(work, n);
		}
		gsl_sort(medians, 1, RESAMPLES);
		estimate.spread = true;
		estimate.low = gsl_stats_quantile_from_sorted_data(medians, 1, RESAMPLES, 0.025);
		estimate.high = gsl_stats_quantile_from_sorted_data(medians, 1, RESAMPLES, 0.975);
	}
	gsl_rng_free(random);
	free(medians);
	free(work);
	return estimate;
}

/* One cell of the run: what it gave in each boot. */
struct cell {
	double *values; /* by boot - 1 */
	bool *there;
	unsigned int samples;
};

/* Scratch memory for one cell and one of its bases. */
struct bench {
	const struct samples *samples;
	unsigned int boots;
	struct cell own, base;
	double *pool, *pairs;
};

static void cell_fill(const struct bench *bench, struct cell *cell, const struct workload *workload,
		      const struct configuration *configuration, const struct metric *metric)
{
	cell->samples = 0;
	for (unsigned int boot = 1; boot <= bench->boots; boot++) {
		size_t n = 0;

		for (size_t i = 0; i < bench->samples->count; i++) {
			const struct sample *sample = &bench->samples->rows[i];

			if (sample->boot == boot && sample->workload == workload &&
			    sample->configuration == configuration && sample->metric == metric)
				bench->pool[n++] = sample->value;
		}
		cell->there[boot - 1] = n > 0;
		if (n)
			cell->values[boot - 1] = median_of(bench->pool, n);
		cell->samples += n;
	}
}

static struct estimate estimate_value(const struct bench *bench)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < bench->boots; i++)
		if (bench->own.there[i])
			bench->pairs[n++] = bench->own.values[i];
	return summary_estimate(bench->pairs, n);
}

static struct estimate estimate_ratio(const struct bench *bench)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < bench->boots; i++)
		if (bench->own.there[i] && bench->base.there[i] && bench->base.values[i] > 0)
			bench->pairs[n++] = bench->own.values[i] / bench->base.values[i];
	return n ? summary_estimate(bench->pairs, n) : (struct estimate){0};
}

static void figure_make(struct bench *bench, struct figure *figure)
{
	figure->samples = bench->own.samples;
	figure->value = estimate_value(bench);
	for (int i = 0; i < BASES; i++) {
		const struct configuration *base =
			configuration_find(summary_bases[i].configuration);

		if (!base || base == figure->configuration)
			continue;
		cell_fill(bench, &bench->base, figure->workload, base, figure->metric);
		figure->ratios[i] = estimate_ratio(bench);
	}
}

static int add_figure(struct summary *summary, struct bench *bench, const struct workload *workload,
		      const struct metric *metric, const struct configuration *configuration)
{
	struct figure *larger;

	cell_fill(bench, &bench->own, workload, configuration, metric);
	if (!bench->own.samples)
		return 0;
	larger = realloc(summary->figures, (summary->count + 1) * sizeof(*larger));
	if (!larger)
		return -1;
	summary->figures = larger;
	larger[summary->count] = (struct figure){
		.workload = workload,
		.configuration = configuration,
		.metric = metric,
	};
	figure_make(bench, &larger[summary->count++]);
	return 0;
}

static int add_metrics(struct summary *summary, struct bench *bench,
		       const struct workload *workload, const struct metric *metrics)
{
	for (; metrics->name; metrics++)
		for (unsigned int c = 0; c < configurations_count; c++)
			if (metrics->clocks & ON_CLOCK(summary->clock) &&
			    add_figure(summary, bench, workload, metrics, &configurations[c]))
				return -1;
	return 0;
}

static int cell_allocate(struct cell *cell, unsigned int boots)
{
	cell->values = calloc(boots, sizeof(*cell->values));
	cell->there = calloc(boots, sizeof(*cell->there));
	return cell->values && cell->there ? 0 : -1;
}

static void bench_free(struct bench *bench)
{
	free(bench->own.values);
	free(bench->own.there);
	free(bench->base.values);
	free(bench->base.there);
	free(bench->pool);
	free(bench->pairs);
}

static int bench_allocate(struct bench *bench)
{
	bench->pool = calloc(bench->samples->count + 1, sizeof(*bench->pool));
	bench->pairs = calloc(bench->boots + 1, sizeof(*bench->pairs));
	return bench->pool && bench->pairs && !cell_allocate(&bench->own, bench->boots + 1) &&
			       !cell_allocate(&bench->base, bench->boots + 1)
		       ? 0
		       : -1;
}

int summary_make(const struct samples *samples, struct summary *summary, struct error *err)
{
	struct bench bench = {.samples = samples};
	int failed;

	memset(summary, 0, sizeof(*summary));
	summary->clock = samples->clock;
	for (size_t i = 0; i < samples->count; i++)
		if (samples->rows[i].boot > bench.boots)
			bench.boots = samples->rows[i].boot;
	summary->boots = bench.boots;
	failed = bench_allocate(&bench);
	for (unsigned int w = 0; w < workloads_count && !failed; w++)
		failed = add_metrics(summary, &bench, workloads[w], workloads[w]->metrics) ||
			 add_metrics(summary, &bench, workloads[w], workload_counters);
	bench_free(&bench);
	if (!failed)
		return 0;
	summary_free(summary);
	return error_set(err, EXIT_ENVIRONMENT, "no memory for the summary");
}

const struct figure *summary_find(const struct summary *summary, const struct workload *workload,
				  const struct configuration *configuration,
				  const struct metric *metric)
{
	for (size_t i = 0; i < summary->count; i++) {
		const struct figure *figure = &summary->figures[i];

		if (figure->workload == workload && figure->configuration == configuration &&
		    figure->metric == metric)
			return figure;
	}
	return NULL;
}

static void set_estimate(json_t *object, const struct estimate *estimate, const char *median,
			 const char *low, const char *high)
{
	json_object_set_new(object, median,
			    estimate->n ? json_real(estimate->median) : json_null());
	json_object_set_new(object, low, estimate->spread ? json_real(estimate->low) : json_null());
	json_object_set_new(object, high,
			    estimate->spread ? json_real(estimate->high) : json_null());
}

static json_t *figure_json(const struct figure *figure, enum clock clock)
{
	json_t *object = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i}", "workload", figure->workload->name,
		"configuration", figure->configuration->name, "metric", figure->metric->name,
		"unit", workload_unit(figure->workload, figure->metric), "better",
		figure->metric->better == BETTER_LOWER ? "lower" : "higher", "clock",
		clock_name(clock), "n", figure->value.n, "samples", figure->samples);

	if (!object)
		return NULL;
	set_estimate(object, &figure->value, "median", "low", "high");
	for (int i = 0; i < BASES; i++)
		if (strcmp(summary_bases[i].configuration, figure->configuration->name))
			set_estimate(object, &figure->ratios[i], summary_bases[i].ratio,
				     summary_bases[i].low, summary_bases[i].high);
	return object;
}

json_t *summary_json(const struct summary *summary)
{
	json_t *figures = json_array();
	json_t *document;

	for (size_t i = 0; figures && i < summary->count; i++)
		if (json_array_append_new(figures,
					  figure_json(&summary->figures[i], summary->clock))) {
			json_decref(figures);
			figures = NULL;
		}
	if (!figures)
		return NULL;
	document = json_pack("{s:i, s:i, s:o}", "schema", SUMMARY_SCHEMA, "boots", summary->boots,
			     "figures", figures);
	return document;
}

void summary_free(struct summary *summary)
{
	free(summary->figures);
	memset(summary, 0, sizeof(*summary));
}
