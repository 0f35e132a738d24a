// SPDX-License-Identifier: GPL-2.0
/* The subject's cost from run to run, as geometric means over the workloads that all runs have. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report/cell.h"
#include "harness/report/plot.h"
#include "harness/report/spread.h"

#define HEIGHT	  270
#define RATIO_MAX 1e9 /* a run before that says more is not of this world */

static const char *const colours[KINDS] = {
	[KIND_MICRO] = "#0b6fa8",
	[KIND_MACRO] = "#00785a",
	[KIND_STARTUP] = "#b2500e",
};

/* The headline's cost against crun in a past run, or 0. */
static double cost_in(const struct past *past, const struct workload *workload,
		      const struct metric *metric)
{
	const char *name, *configuration, *its;
	double ratio;
	json_t *each;
	size_t i;

	json_array_foreach(past->figures, i, each)
		if (!json_unpack(each, "{s:s, s:s, s:s, s:F}", "workload", &name, "configuration",
				 &configuration, "metric", &its, "ratio_crun", &ratio) &&
		    !strcmp(name, workload->name) && !strcmp(configuration, SUBJECT) &&
		    !strcmp(its, metric->name) && ratio > 1 / RATIO_MAX && ratio < RATIO_MAX)
			return metric->better == BETTER_LOWER ? ratio : 1 / ratio;
	return 0;
}

struct chart {
	double values[KINDS][HISTORY_MOST]; /* logarithms */
	unsigned int workloads[KINDS];
	double low, high;
};

/* Adds a workload that all runs have; one that some lack would move the mean by itself. */
static void add_workload(const struct report *report, const struct workload *workload,
			 struct chart *chart)
{
	const struct metric *metric = workload_headline(workload, report->summary.clock);
	enum kind kind = workload_kind(workload);
	double costs[HISTORY_MOST];

	if (!metric || !workload_is_averaged(workload))
		return;
	for (size_t i = 0; i < report->history.count; i++) {
		costs[i] = cost_in(&report->history.rows[i], workload, metric);
		if (costs[i] <= 0)
			return;
	}
	chart->workloads[kind]++;
	for (size_t i = 0; i < report->history.count; i++)
		chart->values[kind][i] += log(costs[i]);
}

static void chart_make(const struct report *report, struct chart *chart)
{
	*chart = (struct chart){.low = log(0.95), .high = log(1.05)};
	for (unsigned int w = 0; w < workloads_count; w++)
		add_workload(report, workloads[w], chart);
	for (unsigned int kind = 0; kind < KINDS; kind++)
		for (size_t i = 0; chart->workloads[kind] && i < report->history.count; i++) {
			double *value = &chart->values[kind][i];

			*value /= chart->workloads[kind];
			chart->low = fmin(chart->low, *value - 0.02);
			chart->high = fmax(chart->high, *value + 0.02);
		}
}

/* Of a name such as 2026-11-22T10-56-58Z the day and, below it, the time; of others the beginning. */
static void print_tick(const char *name, FILE *out)
{
	unsigned int month, day, hour, minute;

	if (sscanf(name, "%*4d-%2u-%2uT%2u-%2u", &month, &day, &hour, &minute) == 4) {
		fprintf(out, "%02u-%02u\\n%02u:%02u", month, day, hour, minute);
		return;
	}
	for (int i = 0; i < 10 && name[i]; i++)
		plot_text((char[]){name[i], '\0'}, out);
}

static void print_ticks(const struct history *history, FILE *out)
{
	size_t step = (history->count + 4) / 5;
	const char *separator = "";

	fputs("set xtics (", out);
	for (size_t i = 0; i < history->count; i += step) {
		fprintf(out, "%s\"", separator);
		print_tick(history->rows[i].name, out);
		fprintf(out, "\" %zu", i + 1);
		separator = ", ";
	}
	fputs(")\n", out);
}

static void print_chart(const struct history *history, const struct chart *chart, FILE *out)
{
	const char *separator = "plot ";
	struct spread ends = {0};

	fprintf(out,
		"set logscale y\nset xrange [0.7:%zu.3]\nset yrange [%.6g:%.6g]\n"
		"set rmargin at screen 0.76\nset "
		"border 3\n"
		"set grid ytics noxtics lc rgb \"" LINE "\" lt 1\n"
		"set ylabel \"cost, crun being ×1\"\n"
		"set arrow from graph 0, first 1 to graph 1, first 1 nohead lc rgb \"" SOFT
		"\" lw 1\n",
		history->count, exp(chart->low), exp(chart->high));
	plot_ratio_ticks('y', exp(chart->low), exp(chart->high), out);
	print_ticks(history, out);
	for (unsigned int kind = 0; kind < KINDS; kind++) {
		if (!chart->workloads[kind])
			continue;
		fprintf(out, "$k%u << END\n", kind);
		for (size_t i = 0; i < history->count; i++)
			fprintf(out, "%zu %.6g\n", i + 1, exp(chart->values[kind][i]));
		fputs("END\n", out);
		spread_add(&ends, report_kind(kind), colours[kind],
			   chart->values[kind][history->count - 1]);
	}
	spread_print(&ends, chart->low, chart->high, HEIGHT - 90, out);
	for (unsigned int kind = 0; kind < KINDS; kind++) {
		if (!chart->workloads[kind])
			continue;
		fprintf(out, "%s$k%u using 1:2 with linespoints pt 7 ps 0.5 lw 1.8 lc rgb \"%s\"",
			separator, kind, colours[kind]);
		separator = ", \\\n  ";
	}
	fputc('\n', out);
}

int plot_history(const struct report *report, struct drawings *drawings)
{
	char caption[300];
	struct chart chart;

	if (report->history.count < 2)
		return 0;
	chart_make(report, &chart);
	if (!(chart.workloads[KIND_MICRO] + chart.workloads[KIND_MACRO] +
	      chart.workloads[KIND_STARTUP]))
		return 0;
	snprintf(caption, sizeof(caption),
		 "vkernel against crun in the last %zu runs of this clock, kernel and processor: "
		 "geometric means over the workloads that all of them have (%u of one operation, "
		 "%u programs, %u of start-up).",
		 report->history.count, chart.workloads[KIND_MICRO], chart.workloads[KIND_MACRO],
		 chart.workloads[KIND_STARTUP]);
	if (drawing_begin(drawings, HEIGHT, "history", "History", caption))
		return -1;
	print_chart(&report->history, &chart, drawings->script);
	return 0;
}
