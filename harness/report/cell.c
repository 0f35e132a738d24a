// SPDX-License-Identifier: GPL-2.0
#include "harness/report/cell.h"

#include <string.h>

const struct configuration *report_subject(void)
{
	return configuration_find(SUBJECT);
}

const struct figure *report_headline(const struct report *report, const struct workload *workload,
				     const struct configuration *configuration)
{
	const struct metric *metric = workload_headline(workload, report->summary.clock);

	return metric && configuration
		       ? summary_find(&report->summary, workload, configuration, metric)
		       : NULL;
}

const struct configuration *report_base(enum summary_base base)
{
	return configuration_find(summary_bases[base].configuration);
}

enum summary_base report_first_base(const struct workload *workload)
{
	return workload->outside ? BASE_NATIVE : BASE_CRUN;
}

struct estimate report_cost(const struct estimate *ratio, enum better better)
{
	struct estimate cost = *ratio;

	if (better == BETTER_LOWER || !ratio->n || ratio->median <= 0)
		return cost;
	cost.median = 1 / ratio->median;
	cost.spread = ratio->spread && ratio->low > 0;
	if (cost.spread) {
		cost.low = 1 / ratio->high;
		cost.high = 1 / ratio->low;
	}
	return cost;
}

struct report_score report_score(const struct report *report, enum summary_base base)
{
	struct report_score score = {0};

	for (unsigned int w = 0; w < workloads_count; w++) {
		const struct figure *figure =
			report_headline(report, workloads[w], report_subject());

		if (!figure || !figure->ratios[base].n) {
			score.missing += report_absence(report, workloads[w], report_subject()) ||
					 report_absence(report, workloads[w], report_base(base));
			continue;
		}
		switch (figure->verdicts[base]) {
		case CHANGE_FASTER:
			score.faster++;
			break;
		case CHANGE_SLOWER:
			score.slower++;
			break;
		case CHANGE_UNKNOWN:
			score.unknown++;
			break;
		default:
			score.same++;
		}
	}
	return score;
}

static double cost_of(const struct figure *figure, enum summary_base base)
{
	return report_cost(&figure->ratios[base], figure->metric->better).median;
}

bool report_reach(const struct report *report, const struct mean *mean, struct report_reach *reach)
{
	*reach = (struct report_reach){0};
	for (unsigned int i = 0; i < mean->workloads_count; i++) {
		const struct figure *figure =
			report_headline(report, mean->workloads[i], mean->configuration);

		if (!figure || !figure->ratios[mean->base].n)
			continue;
		if (!reach->least ||
		    cost_of(figure, mean->base) < cost_of(reach->least, mean->base))
			reach->least = figure;
		if (!reach->most || cost_of(figure, mean->base) > cost_of(reach->most, mean->base))
			reach->most = figure;
	}
	return reach->least && reach->least != reach->most;
}

const char *change_class(enum change verdict)
{
	switch (verdict) {
	case CHANGE_FASTER:
		return "better";
	case CHANGE_SLOWER:
		return "worse";
	case CHANGE_UNKNOWN:
		return "unknown";
	default:
		return "same";
	}
}

double report_previous_median(const struct report *report, const struct figure *figure)
{
	const json_t *figures = json_object_get(report->previous, "figures");
	const char *unit = workload_unit(figure->workload, figure->metric);
	json_t *each;
	size_t i;

	json_array_foreach(figures, i, each) {
		const char *workload, *configuration, *metric, *its_unit;
		double median;

		if (!json_unpack(each, "{s:s, s:s, s:s, s:s, s:F}", "workload", &workload,
				 "configuration", &configuration, "metric", &metric, "unit",
				 &its_unit, "median", &median) &&
		    !strcmp(workload, figure->workload->name) &&
		    !strcmp(configuration, figure->configuration->name) &&
		    !strcmp(metric, figure->metric->name) && !strcmp(unit, its_unit))
			return median;
	}
	return -1;
}

static const struct absence *absence_of(const struct report *report,
					const struct workload *workload,
					const struct configuration *configuration, bool again)
{
	for (size_t i = 0; i < report->samples.absences_count; i++) {
		const struct absence *absence = &report->samples.absences[i];

		if (absence->workload == workload && absence->configuration == configuration &&
		    absence->again == again)
			return absence;
	}
	return NULL;
}

const struct absence *report_absence(const struct report *report, const struct workload *workload,
				     const struct configuration *configuration)
{
	return absence_of(report, workload, configuration, false);
}

const struct absence *report_absence_again(const struct report *report,
					   const struct workload *workload,
					   const struct configuration *configuration)
{
	return absence_of(report, workload, configuration, true);
}

static bool same_cell(const struct absence *one, const struct absence *other)
{
	return one->workload == other->workload && one->configuration == other->configuration &&
	       one->again == other->again;
}

void report_absent_boots(const struct report *report, const struct absence *absence, FILE *out)
{
	const struct absence *all = report->samples.absences;
	const char *separator = " ";
	unsigned int count = 0;

	for (size_t i = 0; i < report->samples.absences_count; i++)
		count += same_cell(&all[i], absence);
	fputs(count > 1 ? "boots" : "boot", out);
	for (size_t i = 0; i < report->samples.absences_count; i++) {
		if (!same_cell(&all[i], absence))
			continue;
		fprintf(out, "%s%u", separator, all[i].boot);
		separator = ", ";
	}
}

/* NULL where it has a figure, or was not visited. */
static const char *lack(const struct report *report, unsigned int index)
{
	const struct absence *absence = report_absence(report, workloads[index], report_subject());

	return absence && !report_headline(report, workloads[index], report_subject())
		       ? absence->reason
		       : NULL;
}

const char *report_unmeasured(const struct report *report, unsigned int index)
{
	const char *reason = lack(report, index);

	for (unsigned int w = 0; reason && w < index; w++)
		if (lack(report, w) && !strcmp(lack(report, w), reason))
			return NULL;
	return reason;
}

void report_unmeasured_where(const struct report *report, const char *reason, FILE *out)
{
	const char *separator = "";

	for (unsigned int w = 0; w < workloads_count; w++) {
		if (!lack(report, w) || strcmp(lack(report, w), reason))
			continue;
		fprintf(out, "%s%s", separator, workloads[w]->name);
		separator = ", ";
	}
}

const char *report_kind(enum kind kind)
{
	static const char *const names[KINDS] = {
		[KIND_MICRO] = "one operation",
		[KIND_MACRO] = "programs",
		[KIND_STARTUP] = "start-up",
	};

	return names[kind];
}

bool report_repeats(const struct report *report)
{
	for (enum kind kind = 0; kind < KINDS; kind++)
		if (report->summary.repeats[kind].n)
			return true;
	return false;
}

void report_boots(const struct report *report, FILE *out)
{
	json_int_t wanted =
		json_integer_value(json_object_get(report->environment, "boots_wanted"));

	fprintf(out, "%u", report->summary.boots);
	if (wanted > report->summary.boots)
		fprintf(out, " of %lld that were asked for", (long long)wanted);
}

const char *report_attacks_failed(const struct report *report)
{
	return json_string_value(json_object_get(report->environment, "isolation_failure"));
}

bool report_alarming(const struct self_check *check)
{
	return check->alarms > 1 && self_check_rate(check) > 0.05;
}

static bool is_visited(const struct report *report, const struct workload *workload,
		       const struct configuration *configuration)
{
	return report_headline(report, workload, configuration) ||
	       report_absence(report, workload, configuration);
}

unsigned int report_mean_size(const struct report *report, enum summary_base base, enum kind kind)
{
	unsigned int count = 0;

	for (unsigned int w = 0; w < workloads_count; w++)
		count += workload_kind(workloads[w]) == kind &&
			 workload_is_averaged(workloads[w]) &&
			 is_visited(report, workloads[w], report_subject()) &&
			 is_visited(report, workloads[w], report_base(base));
	return count;
}

static bool has(const struct report *report, const struct workload *workload,
		const struct configuration *configuration)
{
	for (size_t i = 0; i < report->samples.count; i++)
		if ((!workload || report->samples.rows[i].workload == workload) &&
		    (!configuration || report->samples.rows[i].configuration == configuration))
			return true;
	for (size_t i = 0; i < report->samples.absences_count; i++)
		if ((!workload || report->samples.absences[i].workload == workload) &&
		    (!configuration || report->samples.absences[i].configuration == configuration))
			return true;
	return false;
}

bool report_has_configuration(const struct report *report,
			      const struct configuration *configuration)
{
	return has(report, NULL, configuration);
}

bool report_has_workload(const struct report *report, const struct workload *workload)
{
	return has(report, workload, NULL);
}
