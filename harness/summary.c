// SPDX-License-Identifier: GPL-2.0
#include "harness/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/summary-parts.h"

const struct summary_base_row summary_bases[BASES] = {
	[BASE_NATIVE] = {"native", "ratio", "ratio_low", "ratio_high"},
	[BASE_CRUN] = {"crun", "ratio_crun", "ratio_crun_low", "ratio_crun_high"},
	[BASE_CRUN_SECURE] = {"crun-secure", "ratio_crun_secure", "ratio_crun_secure_low",
			      "ratio_crun_secure_high"},
	[BASE_RUNC] = {"runc", NULL, NULL, NULL},
	[BASE_RUNC_SECURE] = {"runc-secure", NULL, NULL, NULL},
	[BASE_GVISOR] = {"gvisor", NULL, NULL, NULL},
	[BASE_KATA] = {"kata", NULL, NULL, NULL},
};

/* A configuration's row as a base; NULL where there is none. */
const struct configuration *base_configuration(enum summary_base base)
{
	return configuration_find(summary_bases[base].configuration);
}

struct estimate estimate_ratio(struct parts *parts)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < parts->cells.boots; i++) {
		if (isnan(parts->own[i]) || isnan(parts->base[i]))
			continue;
		/* The boots in which a counter was not 0 are not like the others. */
		if (!(parts->base[i] > 0))
			return (struct estimate){0};
		parts->pairs[n++] = parts->own[i] / parts->base[i];
	}
	return n ? statistics_estimate(parts->pairs, n) : (struct estimate){0};
}

static int figure_value(struct parts *parts, struct figure *figure)
{
	unsigned int n = 0;

	figure->boots = calloc(parts->cells.boots, sizeof(*figure->boots));
	if (!figure->boots)
		return -1;
	for (unsigned int i = 0; i < parts->cells.boots; i++)
		if (!isnan(parts->own[i]))
			figure->boots[n++] = parts->own[i];
	figure->value = statistics_estimate(figure->boots, n);
	return 0;
}

static void figure_ratios(struct parts *parts, struct figure *figure)
{
	for (int i = 0; i < BASES; i++) {
		const struct cell base = {
			.workload = figure->workload,
			.configuration = base_configuration(i),
			.metric = figure->metric,
		};

		if (!base.configuration || base.configuration == figure->configuration)
			continue;
		cells_values(&parts->cells, &base, parts->base);
		figure->ratios[i] = estimate_ratio(parts);
		figure->verdicts[i] = statistics_judge(&figure->ratios[i], figure->metric->better,
						       parts->summary->minimum_effect);
	}
}

static int add_figure(struct parts *parts, const struct cell *cell)
{
	struct summary *summary = parts->summary;
	size_t samples = cells_values(&parts->cells, cell, parts->own);
	struct figure *larger;

	if (!samples)
		return 0;
	larger = realloc(summary->figures, (summary->count + 1) * sizeof(*larger));
	if (!larger)
		return -1;
	summary->figures = larger;
	larger = &larger[summary->count++];
	*larger = (struct figure){
		.workload = cell->workload,
		.configuration = cell->configuration,
		.metric = cell->metric,
		.samples = samples,
	};
	if (figure_value(parts, larger))
		return -1;
	figure_ratios(parts, larger);
	return 0;
}

static int add_metrics(struct parts *parts, const struct workload *workload,
		       const struct metric *metric)
{
	for (; metric->name; metric++) {
		if (!(metric->clocks & ON_CLOCK(parts->summary->clock)))
			continue;
		for (unsigned int c = 0; c < configurations_count; c++) {
			const struct cell cell = {
				.workload = workload,
				.configuration = &configurations[c],
				.metric = metric,
			};

			if (add_figure(parts, &cell))
				return -1;
		}
	}
	return 0;
}

static int make_figures(struct parts *parts)
{
	for (unsigned int w = 0; w < workloads_count; w++)
		if (add_metrics(parts, workloads[w], workloads[w]->metrics) ||
		    add_metrics(parts, workloads[w], workload_counters))
			return -1;
	return 0;
}

/* A shard has the whole run's numbers, and not all of them. */
static unsigned int boots_with_figures(const struct parts *parts)
{
	const struct samples *samples = parts->cells.samples;
	unsigned int count = 0;

	memset(parts->own, 0, parts->cells.boots * sizeof(*parts->own));
	for (size_t i = 0; i < samples->count; i++) {
		double *seen = &parts->own[samples->rows[i].boot - 1];

		count += !samples->rows[i].again && !*seen;
		*seen = *seen || !samples->rows[i].again;
	}
	return count;
}

static int parts_make(struct parts *parts, const struct samples *samples)
{
	size_t room;

	if (cells_make(samples, &parts->cells))
		return -1;
	room = parts->cells.boots + 1;
	parts->own = calloc(room, sizeof(*parts->own));
	parts->base = calloc(room, sizeof(*parts->base));
	parts->pairs = calloc(room, sizeof(*parts->pairs));
	return parts->own && parts->base && parts->pairs ? 0 : -1;
}

static void parts_free(struct parts *parts)
{
	free(parts->own);
	free(parts->base);
	free(parts->pairs);
	cells_free(&parts->cells);
}

int summary_make(const struct samples *samples, double minimum_effect, struct summary *summary,
		 struct error *err)
{
	struct parts parts = {.summary = summary};
	int failed;

	*summary = (struct summary){.clock = samples->clock, .minimum_effect = minimum_effect};
	failed = parts_make(&parts, samples);
	if (!failed)
		summary->boots = boots_with_figures(&parts);
	failed = failed || make_figures(&parts) || make_means(&parts) || make_checks(&parts) ||
		 make_repeats(&parts);
	parts_free(&parts);
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

void summary_free(struct summary *summary)
{
	for (size_t i = 0; i < summary->count; i++)
		free(summary->figures[i].boots);
	free(summary->figures);
	for (size_t i = 0; i < summary->means_count; i++)
		free(summary->means[i].workloads);
	free(summary->means);
	free(summary->checks);
	memset(summary, 0, sizeof(*summary));
}
