// SPDX-License-Identifier: GPL-2.0
/* How far the figures of one configuration lie apart over the boots. */
#include <gsl/gsl_statistics_double.h>
#include <stdlib.h>

#include "harness/summary-parts.h"

/* By kind: what the suite sets itself on the instruction clock. */
static const double targets[KINDS] = {
	[KIND_MICRO] = 0.005,
	[KIND_MACRO] = 0.03,
	[KIND_STARTUP] = 0.03,
};

static bool is_headline(const struct figure *figure, enum clock clock)
{
	return figure->metric == workload_headline(figure->workload, clock);
}

/* The standard deviation of the boots' values, as a share of their mean. */
static double scatter(const struct figure *figure)
{
	double mean = gsl_stats_mean(figure->boots, 1, figure->value.n);

	return mean > 0 ? gsl_stats_sd_m(figure->boots, 1, figure->value.n, mean) / mean : 0;
}

static void add(struct repeatability *repeat, const struct figure *figure, double *all)
{
	double own = scatter(figure);

	if (!repeat->n || own > repeat->most) {
		repeat->most = own;
		repeat->widest = figure;
	}
	repeat->beyond += own > repeat->target;
	all[repeat->n++] = own;
}

int make_repeats(struct parts *parts)
{
	struct summary *summary = parts->summary;
	double *all = calloc(summary->count + 1, sizeof(*all));

	if (!all)
		return -1;
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct repeatability *repeat = &summary->repeats[kind];

		repeat->target = targets[kind];
		for (size_t i = 0; i < summary->count; i++)
			if (summary->figures[i].value.n >= REPLICATES_MIN &&
			    workload_kind(summary->figures[i].workload) == kind &&
			    is_headline(&summary->figures[i], summary->clock))
				add(repeat, &summary->figures[i], all);
		if (repeat->n)
			repeat->median = statistics_median(all, repeat->n);
	}
	free(all);
	return 0;
}
