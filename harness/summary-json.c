// SPDX-License-Identifier: GPL-2.0
/* summary.json. */
#include <string.h>

#include "harness/summary.h"

static json_t *number_or_null(bool known, double value)
{
	return known ? json_real(value) : json_null();
}

static void set_estimate(json_t *object, const struct estimate *estimate, const char *median,
			 const char *low, const char *high)
{
	json_object_set_new(object, median, number_or_null(estimate->n, estimate->median));
	json_object_set_new(object, low, number_or_null(estimate->spread, estimate->low));
	json_object_set_new(object, high, number_or_null(estimate->spread, estimate->high));
}

static void set_bootstrap(json_t *object, const struct estimate *estimate)
{
	json_object_set_new(object, "bootstrap_low",
			    number_or_null(estimate->spread, estimate->bootstrap_low));
	json_object_set_new(object, "bootstrap_high",
			    number_or_null(estimate->spread, estimate->bootstrap_high));
}

static json_t *ratio_json(const struct estimate *ratio, enum change verdict)
{
	json_t *object = json_pack("{s:i}", "n", ratio->n);

	set_estimate(object, ratio, "ratio", "low", "high");
	set_bootstrap(object, ratio);
	json_object_set_new(object, "verdict", json_string(change_name(verdict)));
	return object;
}

static json_t *ratios_json(const struct figure *figure)
{
	json_t *ratios = json_object();

	for (int i = 0; i < BASES; i++)
		if (figure->ratios[i].n)
			json_object_set_new(ratios, summary_bases[i].configuration,
					    ratio_json(&figure->ratios[i], figure->verdicts[i]));
	return ratios;
}

static json_t *boots_json(const struct figure *figure)
{
	json_t *values = json_array();

	for (unsigned int i = 0; i < figure->value.n; i++)
		json_array_append_new(values, json_real(figure->boots[i]));
	return values;
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
		if (summary_bases[i].ratio &&
		    strcmp(summary_bases[i].configuration, figure->configuration->name))
			set_estimate(object, &figure->ratios[i], summary_bases[i].ratio,
				     summary_bases[i].low, summary_bases[i].high);
	json_object_set_new(object, "ratios", ratios_json(figure));
	json_object_set_new(object, "values", boots_json(figure));
	return object;
}

static json_t *figures_json(const struct summary *summary)
{
	json_t *figures = json_array();

	for (size_t i = 0; i < summary->count; i++)
		json_array_append_new(figures, figure_json(&summary->figures[i], summary->clock));
	return figures;
}

static json_t *mean_json(const struct mean *mean)
{
	json_t *names = json_array();
	json_t *object =
		json_pack("{s:s, s:s, s:s, s:i}", "configuration", mean->configuration->name,
			  "base", summary_bases[mean->base].configuration, "kind",
			  kind_name(mean->kind), "n", mean->ratio.n);

	for (unsigned int i = 0; i < mean->workloads_count; i++)
		json_array_append_new(names, json_string(mean->workloads[i]->name));
	set_estimate(object, &mean->ratio, "ratio", "low", "high");
	set_bootstrap(object, &mean->ratio);
	json_object_set_new(object, "verdict", json_string(change_name(mean->verdict)));
	json_object_set_new(object, "workloads", names);
	return object;
}

static json_t *means_json(const struct summary *summary)
{
	json_t *means = json_array();

	for (size_t i = 0; i < summary->means_count; i++)
		json_array_append_new(means, mean_json(&summary->means[i]));
	return means;
}

static json_t *checks_json(const struct summary *summary)
{
	json_t *pairs = json_array();

	for (size_t i = 0; i < summary->checks_count; i++) {
		const struct self_check *check = &summary->checks[i];

		json_array_append_new(pairs,
				      json_pack("{s:s, s:i, s:i, s:f, s:i}", "configuration",
						check->configuration->name, "n", check->n, "alarms",
						check->alarms, "rate", self_check_rate(check),
						"outside", check->outside));
	}
	return json_pack("{s:o}", "pairs", pairs);
}

static json_t *repeats_json(const struct summary *summary)
{
	json_t *repeats = json_array();

	for (enum kind kind = 0; kind < KINDS; kind++) {
		const struct repeatability *repeat = &summary->repeats[kind];

		if (!repeat->n)
			continue;
		json_array_append_new(repeats,
				      json_pack("{s:s, s:i, s:f, s:f, s:s, s:s, s:f, s:i}", "kind",
						kind_name(kind), "n", repeat->n, "median",
						repeat->median, "most", repeat->most, "workload",
						repeat->widest->workload->name, "configuration",
						repeat->widest->configuration->name, "target",
						repeat->target, "beyond", repeat->beyond));
	}
	return repeats;
}

json_t *summary_json(const struct summary *summary)
{
	return json_pack("{s:i, s:i, s:s, s:f, s:o, s:o, s:o, s:o}", "schema", SUMMARY_SCHEMA,
			 "boots", summary->boots, "clock", clock_name(summary->clock),
			 "minimum_effect", summary->minimum_effect, "geometric_means",
			 means_json(summary), "aa", checks_json(summary), "repeatability",
			 repeats_json(summary), "figures", figures_json(summary));
}
