// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "harness/report/cell.h"
#include "harness/report/environment.h"
#include "harness/report/number.h"
#include "harness/report/published.h"
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
	fputc('\n', out);
}

static void print_previous(const struct report *report, const struct figure *figure, FILE *out)
{
	double median = report_previous_median(report, figure);

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
		number_verdict(out, &figure->ratios[base], figure->verdicts[base]);
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

static void print_absence(const struct report *report, const struct absence *absence,
			  const char *visit, FILE *out)
{
	fprintf(out, "%s%s gave no figure in ", absence->configuration->name, visit);
	report_absent_boots(report, absence, out);
	fputs(": ", out);
	number_escape(out, absence->reason);
	fputs("\n\n", out);
}

/* A cell that has figures from some visits and none from others hides nothing. */
static void print_failures(const struct report *report, const struct workload *workload, FILE *out)
{
	for (unsigned int c = 0; c < configurations_count; c++) {
		const struct configuration *configuration = &configurations[c];
		const struct absence *first = report_absence(report, workload, configuration);
		const struct absence *again = report_absence_again(report, workload, configuration);

		if (first && report_headline(report, workload, configuration))
			print_absence(report, first, "", out);
		if (again)
			print_absence(report, again, ", visited again,", out);
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

/* Those of the processor are left out where the guest's has none. */
static bool has_counter(const struct report *report, const struct workload *workload,
			const struct metric *metric)
{
	if (metric->clocks == ON_BOTH)
		return true;
	for (unsigned int c = 0; c < configurations_count; c++)
		if (summary_find(&report->summary, workload, &configurations[c], metric))
			return true;
	return false;
}

static void print_counters(const struct report *report, const struct workload *workload, FILE *out)
{
	unsigned int columns = 1;

	fputs("The kernel's counters, of a launch of its own: the whole tree from the runtime's "
	      "exec to its end, its start included.\n\n| configuration |",
	      out);
	for (const struct metric *m = workload_counters; m->name; m++) {
		if (!has_counter(report, workload, m))
			continue;
		columns++;
		fprintf(out, " %s (%s) |", m->name, workload_unit(workload, m));
	}
	fputc('\n', out);
	print_row(out, columns);
	for (unsigned int c = 0; c < configurations_count; c++) {
		if (!has_counters(report, workload, &configurations[c]))
			continue;
		fprintf(out, "| %s |", configurations[c].name);
		for (const struct metric *m = workload_counters; m->name; m++) {
			const struct figure *figure =
				summary_find(&report->summary, workload, &configurations[c], m);

			if (!has_counter(report, workload, m))
				continue;
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

static void print_drawings(const struct report *report, FILE *out)
{
	if (!report->drawings.count)
		return;
	fputs("## Plots\n\n", out);
	for (size_t i = 0; i < report->drawings.count; i++)
		fprintf(out, "- [%s](plots/%s.svg): %s\n", report->drawings.rows[i].title,
			report->drawings.rows[i].name, report->drawings.rows[i].caption);
	fputc('\n', out);
}

static void print_published(FILE *out)
{
	fputs("## What others have published\n\nRead from other machines, kernels and clocks than "
	      "this run's: context, and comparable with none of the figures above.\n\n"
	      "| what | figures | where from |\n| --- | --- | --- |\n",
	      out);
	for (const struct published *row = published; row->what; row++)
		fprintf(out, "| %s | %s | %s |\n", row->what, row->figures, row->source);
	fputc('\n', out);
}

static void print_method(const struct report *report, FILE *out)
{
	fputs("## Method\n", out);
	for (unsigned int i = 0; method_text(report, i); i++)
		fprintf(out, "\n%s\n", method_text(report, i));
	for (size_t i = 0; i < report->summary.checks_count; i++) {
		const struct self_check *check = &report->summary.checks[i];

		if (!check->n) {
			fprintf(out,
				"%s- %s against itself: no figure with the boots for an interval\n",
				i ? "" : "\n", check->configuration->name);
			continue;
		}
		fprintf(out,
			"%s- %s against itself: %u false alarms in %u comparisons (%.1f %%), %u "
			"intervals without 1\n",
			i ? "" : "\n", check->configuration->name, check->alarms, check->n,
			self_check_rate(check) * 100, check->outside);
	}
}

static void print_repeats(const struct report *report, FILE *out)
{
	fputs("\nStandard deviation of one configuration's figures, of three boots or more:\n\n",
	      out);
	for (enum kind kind = 0; kind < KINDS; kind++) {
		if (!report->summary.repeats[kind].n)
			continue;
		fputs("- ", out);
		method_repeat(report, kind, out);
		fputc('\n', out);
	}
}

int markdown_write(const struct report *report, FILE *out)
{
	fputs("# What a virtual kernel costs, and what it holds: run ", out);
	number_escape(out, report->samples.run);
	fputs("\n\n", out);
	verdict_print(report, out);
	verdict_print_isolation(report, out);
	print_overview(report, out);
	print_drawings(report, out);
	for (unsigned int w = 0; w < workloads_count; w++)
		if (report_has_workload(report, workloads[w]))
			print_workload(report, workloads[w], out);
	print_published(out);
	print_configurations(report, out);
	environment_print(report, out);
	print_method(report, out);
	if (report_repeats(report))
		print_repeats(report, out);
	return ferror(out) ? -1 : 0;
}
