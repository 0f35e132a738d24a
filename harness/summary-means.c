// SPDX-License-Identifier: GPL-2.0
/* Geometric means of cost ratios over the workloads of a kind. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/summary-parts.h"
#include "workloads/table.h"

const char *kind_name(enum kind kind)
{
	static const char *const names[KINDS] = {
		[KIND_MICRO] = "micro",
		[KIND_MACRO] = "macro",
		[KIND_STARTUP] = "start-up",
	};

	return names[kind];
}

enum kind workload_kind(const struct workload *workload)
{
	if (workload->metrics == workload_startup_metrics || (workload->docker && !workload->parse))
		return KIND_STARTUP;
	return workload->micro ? KIND_MICRO : KIND_MACRO;
}

/* A log of one's own is other work than the host's; what the host pays is not a container's cost. */
bool workload_is_averaged(const struct workload *workload)
{
	return !workload->outside && workload->options.annotations != workload_log_annotations;
}

/* Fills own and base; false where the workload has no such pair. */
static bool fill_pair(struct parts *parts, const struct mean *mean, const struct workload *workload)
{
	const struct metric *metric = workload_headline(workload, parts->summary->clock);
	const struct cell own = {
		.workload = workload,
		.configuration = mean->configuration,
		.metric = metric,
	};
	const struct cell base = {
		.workload = workload,
		.configuration = base_configuration(mean->base),
		.metric = metric,
	};

	return metric && workload_is_averaged(workload) && workload_kind(workload) == mean->kind &&
	       cells_values(&parts->cells, &own, parts->own) &&
	       cells_values(&parts->cells, &base, parts->base);
}

/* The logarithm of the cost ratio in a boot; NAN where there is none. */
static double cost(const struct parts *parts, enum better better, unsigned int boot)
{
	double own = parts->own[boot], base = parts->base[boot];

	if (!(own > 0) || !(base > 0))
		return NAN;
	return better == BETTER_LOWER ? log(own / base) : log(base / own);
}

static unsigned int count_boots(const struct parts *parts)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < parts->cells.boots; i++)
		n += parts->own[i] > 0 && parts->base[i] > 0;
	return n;
}

/* Boots in which the workloads have ratios: as many as any one of them has. */
static unsigned int most_boots(struct parts *parts, const struct mean *mean)
{
	unsigned int most = 0;

	for (unsigned int w = 0; w < workloads_count; w++)
		if (fill_pair(parts, mean, workloads[w]) && count_boots(parts) > most)
			most = count_boots(parts);
	return most;
}

/* Adds to sums, by boot, the logarithms of all workloads that have as many boots as least. */
static void add_workloads(struct parts *parts, struct mean *mean, unsigned int least, double *sums)
{
	mean->workloads_count = 0;
	memset(sums, 0, parts->cells.boots * sizeof(*sums));
	for (unsigned int w = 0; w < workloads_count; w++) {
		if (!fill_pair(parts, mean, workloads[w]) || count_boots(parts) < least)
			continue;
		for (unsigned int i = 0; i < parts->cells.boots; i++)
			sums[i] += cost(
				parts,
				workload_headline(workloads[w], parts->summary->clock)->better, i);
		mean->workloads[mean->workloads_count++] = workloads[w];
	}
}

static unsigned int whole_boots(const struct parts *parts, const double *sums)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < parts->cells.boots; i++)
		n += !isnan(sums[i]);
	return n;
}

/*
 * Rows that a run measures more rarely bound the boots of all: few boots of all workloads say more
 * than many of some, as long as they are enough for an interval.
 */
static void choose_workloads(struct parts *parts, struct mean *mean, double *sums)
{
	unsigned int most = most_boots(parts, mean);
	unsigned int enough = most < REPLICATES_MIN ? most : REPLICATES_MIN;

	if (!most)
		return;
	add_workloads(parts, mean, enough, sums);
	if (whole_boots(parts, sums) < enough)
		add_workloads(parts, mean, most, sums);
}

static void reduce(struct parts *parts, struct mean *mean, const double *sums)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < parts->cells.boots; i++)
		if (!isnan(sums[i]))
			parts->pairs[n++] = exp(sums[i] / mean->workloads_count);
	if (n)
		mean->ratio = statistics_estimate(parts->pairs, n);
	mean->verdict =
		statistics_judge(&mean->ratio, BETTER_LOWER, parts->summary->minimum_effect);
}

static int keep(struct summary *summary, const struct mean *mean)
{
	struct mean *larger = realloc(summary->means, (summary->means_count + 1) * sizeof(*larger));

	if (!larger)
		return -1;
	summary->means = larger;
	larger[summary->means_count++] = *mean;
	return 0;
}

static int make_mean(struct parts *parts, struct mean *mean)
{
	double *sums = calloc(parts->cells.boots + 1, sizeof(*sums));
	int result = 0;

	mean->workloads = calloc(workloads_count, sizeof(*mean->workloads));
	if (!sums || !mean->workloads) {
		free(sums);
		free(mean->workloads);
		return -1;
	}
	choose_workloads(parts, mean, sums);
	if (mean->workloads_count)
		reduce(parts, mean, sums);
	free(sums);
	if (mean->ratio.n)
		result = keep(parts->summary, mean);
	if (result || !mean->ratio.n)
		free(mean->workloads);
	return result;
}

int make_means(struct parts *parts)
{
	for (unsigned int c = 0; c < configurations_count; c++)
		for (int base = 0; base < BASES; base++)
			for (int kind = 0; kind < KINDS; kind++) {
				struct mean mean = {
					.configuration = &configurations[c],
					.base = base,
					.kind = kind,
				};

				if (base_configuration(base) &&
				    base_configuration(base) != mean.configuration &&
				    make_mean(parts, &mean))
					return -1;
			}
	return 0;
}

const struct mean *summary_mean(const struct summary *summary,
				const struct configuration *configuration, enum summary_base base,
				enum kind kind)
{
	for (size_t i = 0; i < summary->means_count; i++) {
		const struct mean *mean = &summary->means[i];

		if (mean->configuration == configuration && mean->base == base &&
		    mean->kind == kind)
			return mean;
	}
	return NULL;
}
