// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "harness/report/environment.h"
#include "harness/report/number.h"
#include "harness/report/report.h"
#include "harness/report/verdict.h"

static const char *direction(const struct metric *metric)
{
	return metric->better == BETTER_LOWER ? "lower is better" : "higher is better";
}

static void print_row(FILE *out, unsigned int columns)
{
	fputc('|', out);
	while (columns--)
		fputs(" --- |", out);
	fputc('\n', out);
}

/* One cell of the overview: the figure and its ratio to crun. */
static void print_cell(const struct report *report, const struct workload *workload,
		       const struct configuration *configuration, FILE *out)
{
	const struct metric *metric = workload_headline(workload, report->summary.clock);
	const struct figure *figure =
		metric ? summary_find(&report->summary, workload, configuration, metric) : NULL;

	if (!figure) {
		fputs(workload_runs_in(workload, configuration) ? " not measured |" : " – |", out);
		return;
	}
	fputc(' ', out);
	number_print(out, figure->value.median);
	if (figure->ratios[BASE_CRUN].n)
		fprintf(out, " (×%.3f)", figure->ratios[BASE_CRUN].median);
	fputs(" |", out);
}

static void print_overview(const struct report *report, FILE *out)
{
	unsigned int columns = 0;

	fputs("## At a glance\n\nMedian over the boots; in brackets the ratio to crun in the same "
	      "boot.\n\n| workload |",
	      out);
	for (unsigned int c = 0; c < configurations_count; c++)
		if (report_has_configuration(report, &configurations[c])) {
			fprintf(out, " %s |", configurations[c].name);
			columns++;
		}
	fputc('\n', out);
	print_row(out, columns + 1);
	for (unsigned int w = 0; w < workloads_count; w++) {
		const struct metric *metric =
			workload_headline(workloads[w], report->summary.clock);

		if (!metric || !report_has_workload(report, workloads[w]))
			continue;
		fprintf(out, "| %s, %s, %s |", workloads[w]->name, metric->unit, direction(metric));
		for (unsigned int c = 0; c < configurations_count; c++)
			if (report_has_configuration(report, &configurations[c]))
				print_cell(report, workloads[w], &configurations[c], out);
		fputc('\n', out);
	}
	fputs(plot_possible(report) ? "\n![Cost of each workload against crun](" PLOT_PATH ")\n\n"
				    : "\nNo plot: nothing was measured beside crun.\n\n",
	      out);
}

/* The previous run's median of the same figure, or a negative number. */
static double previous_median(const struct report *report, const struct figure *figure)
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

static void print_previous(const struct report *report, const struct figure *figure, FILE *out)
{
	double median = previous_median(report, figure);

	if (median < 0) {
		fputs(" – |", out);
		return;
	}
	fputc(' ', out);
	number_print(out, median);
	if (median > 0) {
		fputs(" (now ", out);
		number_change(out, figure->value.median / median);
		fputc(')', out);
	}
	fputs(" |", out);
}

static void print_ratio(const struct figure *figure, enum summary_base base, FILE *out)
{
	if (figure->ratios[base].n) {
		fputc(' ', out);
		number_verdict(out, &figure->ratios[base], figure->metric->better);
		fputs(" |", out);
	} else if (!strcmp(figure->configuration->name, summary_bases[base].configuration)) {
		fputs(" 1 |", out);
	} else {
		fputs(" – |", out);
	}
}

static void print_figure(const struct report *report, const struct figure *figure, FILE *out)
{
	fprintf(out, "| %s | ", figure->configuration->name);
	number_print(out, figure->value.median);
	fputs(" | ", out);
	number_interval(out, &figure->value);
	fprintf(out, " | %u |", figure->samples);
	print_ratio(figure, BASE_NATIVE, out);
	print_ratio(figure, BASE_CRUN, out);
	if (report->previous)
		print_previous(report, figure, out);
	fputc('\n', out);
}

static void print_missing(const struct report *report, const struct absence *absence, FILE *out)
{
	fprintf(out, "| %s | not measured: ", absence->configuration->name);
	number_escape(out, absence->reason);
	fputs(report->previous ? " | | | | | |\n" : " | | | | |\n", out);
}

static void print_metric(const struct report *report, const struct workload *workload,
			 const struct metric *metric, FILE *out)
{
	fprintf(out, "**%s** (%s, %s)\n\n", metric->name, workload_unit(workload, metric),
		direction(metric));
	fprintf(out,
		"| configuration | median | 95 %% interval | samples | against native | against "
		"crun |%s\n",
		report->previous ? " previous run |" : "");
	print_row(out, report->previous ? 7 : 6);
	for (unsigned int c = 0; c < configurations_count; c++) {
		const struct figure *figure =
			summary_find(&report->summary, workload, &configurations[c], metric);
		const struct absence *absence =
			report_absence(report, workload, &configurations[c]);

		if (figure)
			print_figure(report, figure, out);
		else if (absence)
			print_missing(report, absence, out);
	}
	fputc('\n', out);
}

/* A cell that has figures from some visits and none from others hides nothing. */
static void print_failures(const struct report *report, const struct workload *workload, FILE *out)
{
	for (unsigned int c = 0; c < configurations_count; c++) {
		const struct absence *absence =
			report_absence(report, workload, &configurations[c]);

		if (!absence || !summary_find(&report->summary, workload, &configurations[c],
					      workload_headline(workload, report->summary.clock)))
			continue;
		fprintf(out, "%s gave no figure in boot %u: ", configurations[c].name,
			absence->boot);
		number_escape(out, absence->reason);
		fputs("\n\n", out);
	}
}

static bool has_counters(const struct report *report, const struct workload *workload,
			 const struct configuration *configuration)
{
	for (const struct metric *m = workload_counters; m->name; m++)
		if (summary_find(&report->summary, workload, configuration, m))
			return true;
	return false;
}

static void print_counters(const struct report *report, const struct workload *workload, FILE *out)
{
	unsigned int columns = 1;

	fputs("The kernel's counters, of a launch of its own: the whole tree from the runtime's "
	      "exec to its end, its start included.\n\n| configuration |",
	      out);
	for (const struct metric *m = workload_counters; m->name; m++, columns++)
		fprintf(out, " %s (%s) |", m->name, workload_unit(workload, m));
	fputc('\n', out);
	print_row(out, columns);
	for (unsigned int c = 0; c < configurations_count; c++) {
		if (!has_counters(report, workload, &configurations[c]))
			continue;
		fprintf(out, "| %s |", configurations[c].name);
		for (const struct metric *m = workload_counters; m->name; m++) {
			const struct figure *figure =
				summary_find(&report->summary, workload, &configurations[c], m);

			fputc(' ', out);
			if (figure)
				number_print(out, figure->value.median);
			else
				fputs("–", out);
			fputs(" |", out);
		}
		fputc('\n', out);
	}
	fputc('\n', out);
}

static void print_workload(const struct report *report, const struct workload *workload, FILE *out)
{
	fprintf(out, "## %s\n\n%s.\nTimed: %s.\n\n", workload->name, workload->summary,
		workload->counts);
	for (const struct metric *m = workload->metrics; m->name; m++)
		if (m->clocks & ON_CLOCK(report->summary.clock))
			print_metric(report, workload, m, out);
	/* Where the launch itself is measured, much of elapsed is waiting: show the work too. */
	if (!workload->parse)
		print_metric(report, workload, &workload_counters[0], out);
	print_failures(report, workload, out);
	print_counters(report, workload, out);
}

static void print_configurations(const struct report *report, FILE *out)
{
	fputs("## Configurations\n\n", out);
	for (unsigned int c = 0; c < configurations_count; c++)
		if (report_has_configuration(report, &configurations[c]))
			fprintf(out, "- **%s**: %s\n", configurations[c].name,
				configurations[c].summary);
	fputc('\n', out);
}

int markdown_write(const struct report *report, FILE *out)
{
	fputs("# What a virtual kernel costs: run ", out);
	number_escape(out, report->samples.run);
	fputs("\n\n", out);
	verdict_print(report, out);
	print_overview(report, out);
	for (unsigned int w = 0; w < workloads_count; w++)
		if (report_has_workload(report, workloads[w]))
			print_workload(report, workloads[w], out);
	print_configurations(report, out);
	environment_print(report, out);
	method_print(report, out);
	return ferror(out) ? -1 : 0;
}
