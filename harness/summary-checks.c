// SPDX-License-Identifier: GPL-2.0
/* How often a configuration is called different from itself. */
#include <stdlib.h>
#include <string.h>

#include "harness/summary-parts.h"

/* One workload's metric: the second visits against the first, judged as any two configurations. */
static void judge(struct parts *parts, struct self_check *check, const struct workload *workload,
		  const struct metric *metric)
{
	struct cell cell = {
		.workload = workload,
		.configuration = check->configuration,
		.metric = metric,
	};
	struct estimate ratio;
	enum change verdict;

	if (!cells_values(&parts->cells, &cell, parts->base))
		return;
	cell.again = true;
	if (!cells_values(&parts->cells, &cell, parts->own))
		return;
	ratio = estimate_ratio(parts);
	verdict = statistics_judge(&ratio, metric->better, parts->summary->minimum_effect);
	check->n += verdict != CHANGE_UNKNOWN;
	check->alarms += verdict == CHANGE_FASTER || verdict == CHANGE_SLOWER;
	check->outside += verdict != CHANGE_UNKNOWN && verdict != CHANGE_NOISE;
}

static void judge_metrics(struct parts *parts, struct self_check *check,
			  const struct workload *workload, const struct metric *metric)
{
	for (; metric->name; metric++)
		if (metric->clocks & ON_CLOCK(parts->summary->clock))
			judge(parts, check, workload, metric);
}

static bool visited_twice(const struct parts *parts, const struct configuration *configuration)
{
	const struct samples *samples = parts->cells.samples;

	for (size_t i = 0; i < samples->count; i++)
		if (samples->rows[i].again && samples->rows[i].configuration == configuration)
			return true;
	return false;
}

int make_checks(struct parts *parts)
{
	struct summary *summary = parts->summary;

	summary->checks = calloc(configurations_count, sizeof(*summary->checks));
	if (!summary->checks)
		return -1;
	for (unsigned int c = 0; c < configurations_count; c++) {
		struct self_check *check = &summary->checks[summary->checks_count];

		if (!visited_twice(parts, &configurations[c]))
			continue;
		summary->checks_count++;
		check->configuration = &configurations[c];
		for (unsigned int w = 0; w < workloads_count; w++) {
			judge_metrics(parts, check, workloads[w], workloads[w]->metrics);
			judge_metrics(parts, check, workloads[w], workload_counters);
		}
	}
	return 0;
}

double self_check_rate(const struct self_check *check)
{
	return check->n ? (double)check->alarms / check->n : 0;
}
