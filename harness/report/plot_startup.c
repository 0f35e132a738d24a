// SPDX-License-Identifier: GPL-2.0
/* How starts scatter: a row for each configuration, a dot for each start. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report/cell.h"
#include "harness/report/number.h"
#include "harness/report/plot.h"

#define ROW 34

struct strips {
	const struct workload *workload;
	const struct metric *metric;
	const struct figure *rows[64];
	size_t count;
	double low, high;
};

/* A start without a container is shorter by orders: the scale would be its alone. */
static void collect(const struct report *report, struct strips *strips)
{
	for (unsigned int c = 0; c < configurations_count; c++) {
		const struct figure *figure =
			report_headline(report, strips->workload, &configurations[c]);

		if (figure && configurations[c].runtime && strips->count < 64)
			strips->rows[strips->count++] = figure;
	}
	strips->low = HUGE_VAL;
	strips->high = 0;
	for (size_t i = 0; i < report->samples.count; i++) {
		const struct sample *sample = &report->samples.rows[i];

		if (sample->workload != strips->workload || sample->metric != strips->metric ||
		    !sample->configuration->runtime || sample->again)
			continue;
		strips->low = fmin(strips->low, sample->value);
		strips->high = fmax(strips->high, sample->value);
	}
}

/* Dots of a row lie above each other in three lines, so that equal ones are seen to be several. */
static void print_dots(const struct report *report, const struct strips *strips, size_t row,
		       FILE *out)
{
	unsigned int n = 0;

	for (size_t i = 0; i < report->samples.count; i++) {
		const struct sample *sample = &report->samples.rows[i];

		if (sample->workload == strips->workload && sample->metric == strips->metric &&
		    sample->configuration == strips->rows[row]->configuration && !sample->again)
			fprintf(out, "%.6g %.3f 0x%s\n", sample->value,
				(double)(strips->count - row) - 0.12 + 0.12 * (n++ % 3),
				plot_colour(sample->configuration->name) + 1);
	}
}

static void print_labels(const struct strips *strips, FILE *out)
{
	for (size_t i = 0; i < strips->count; i++) {
		const char *colour = plot_colour(strips->rows[i]->configuration->name);
		double median = strips->rows[i]->value.median;

		fprintf(out,
			"set label \"%s\" at screen 0.01, first %zu tc rgb \"%s\"\n"
			"set arrow from %.6g, first %.2f to %.6g, first %.2f nohead front lw 2.5 "
			"lc rgb \"%s\"\nset label \"",
			strips->rows[i]->configuration->name, strips->count - i, colour, median,
			(double)(strips->count - i) - 0.3, median,
			(double)(strips->count - i) + 0.3, colour);
		number_print(out, median);
		fprintf(out, "\" at screen 0.99, first %zu right tc rgb \"%s\"\n",
			strips->count - i, colour);
	}
}

/*
 * Of an axis of that length: 1, 2 or 5 times a power of ten, four or so of them; fewer where the
 * figures have so many digits that they would touch.
 */
static double step_of(double length, double high)
{
	double least = length / (high < 1e4 ? 4 : 2.5);
	double power = pow(10, floor(log10(least)));
	double rest = least / power;

	return power * (rest < 1.5 ? 1 : rest < 3.5 ? 2 : rest < 7.5 ? 5 : 10);
}

static void print_strips(const struct report *report, const struct strips *strips, FILE *out)
{
	double margin = fmax((strips->high - strips->low) * 0.05, strips->high * 0.01);

	fprintf(out,
		"set lmargin at screen 0.31\nset rmargin at screen 0.83\n"
		"set yrange [0.4:%zu.6]\nunset ytics\n",
		strips->count);
	if (strips->high > 8 * strips->low)
		fprintf(out, "set logscale x 10\nset xrange [%.6g:%.6g]\n", strips->low * 0.9,
			strips->high * 1.1);
	else
		fprintf(out, "set xrange [%.6g:%.6g]\nset xtics %g\n",
			fmax(0, strips->low - margin), strips->high + margin,
			step_of(strips->high - strips->low + 2 * margin, strips->high));
	fprintf(out, "set xlabel \"%s%s\"\n", workload_unit(strips->workload, strips->metric),
		strips->high > 8 * strips->low ? " (logarithmic)" : "");
	print_labels(strips, out);
	fputs("$dots << END\n", out);
	for (size_t i = 0; i < strips->count; i++)
		print_dots(report, strips, i, out);
	fputs("END\nplot $dots using 1:2:3 with points pt 7 ps 0.35 lc rgb variable\n", out);
}

int plot_startup(const struct report *report, struct drawings *drawings)
{
	for (unsigned int w = 0; w < workloads_count; w++) {
		struct strips strips = {.workload = workloads[w]};
		char name[80], title[120];

		strips.metric = workload_headline(workloads[w], report->summary.clock);
		if (workload_kind(workloads[w]) != KIND_STARTUP || !strips.metric)
			continue;
		collect(report, &strips);
		if (!strips.count)
			continue;
		snprintf(name, sizeof(name), "starts-%s", workloads[w]->name);
		snprintf(title, sizeof(title), "How starts scatter: %s", workloads[w]->name);
		if (drawing_begin(drawings, PLOT_TOP + PLOT_BOTTOM + ROW * strips.count, name,
				  title,
				  "A dot is one launch, of all boots; the upright line is the "
				  "figure, the median over the boots, written at the right."))
			return -1;
		print_strips(report, &strips, drawings->script);
	}
	return 0;
}
