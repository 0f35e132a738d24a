// SPDX-License-Identifier: GPL-2.0
/* Cumulative distributions of how long tasks waited for a processor. */
#include <math.h>
#include <string.h>

#include "harness/report/plot.h"

#define HEIGHT 270
#define SHOWN  "run-queue-delay"

static bool belongs(const struct histogram *row, const char *workload)
{
	return row->total && !strcmp(row->what, SHOWN) && !strcmp(row->workload, workload);
}

/* The share of values below the end of each bucket; an empty one moves nothing. */
static void print_curve(const struct histogram *row, size_t number, FILE *out)
{
	uint64_t below = 0;

	fprintf(out, "$h%zu << END\n", number);
	for (unsigned int i = 0; i < HISTOGRAM_BUCKETS; i++) {
		if (!row->counts[i] && (!below || below == row->total))
			continue;
		if (!below)
			fprintf(out, "%.6g 0\n", ldexp(1, i));
		below += row->counts[i];
		fprintf(out, "%.6g %.6g\n", ldexp(1, i + 1), 100.0 * below / row->total);
	}
	fputs("END\n", out);
}

/* Names stand in a column at the lower right, where no curve passes: all end at the top. */
static void print_name(const struct histogram *row, unsigned int place, FILE *out)
{
	fputs("set label \"", out);
	plot_text(row->configuration, out);
	fprintf(out, "\" at graph 0.98, graph %.3f right tc rgb \"%s\"\n", 0.06 + 0.08 * place,
		plot_colour(row->configuration));
}

static void print_curves(const struct histograms *histograms, const char *workload, FILE *out)
{
	const char *separator = "plot ";
	unsigned int place = 0;

	fputs("set logscale x 10\nset yrange [0:101]\nset grid ytics lc rgb \"" LINE "\" lt 1\n"
	      "set xlabel \"delay (logarithmic)\"\nset ylabel \"of all waits, %\"\n"
	      "set border 3\nset rmargin at screen 0.94\n"
	      "set xtics (\"1 ns\" 1, \"1 µs\" 1e3, \"1 ms\" 1e6, \"1 s\" 1e9, \"\" 10 1, \"\" "
	      "100 1, \"\" 1e4 1, \"\" 1e5 1, \"\" 1e7 1, \"\" 1e8 1)\n",
	      out);
	for (size_t i = 0; i < histograms->count; i++)
		if (belongs(&histograms->rows[i], workload)) {
			print_name(&histograms->rows[i], place++, out);
			print_curve(&histograms->rows[i], i, out);
		}
	for (size_t i = 0; i < histograms->count; i++)
		if (belongs(&histograms->rows[i], workload)) {
			fprintf(out, "%s$h%zu using 1:2 with lines lw 1.8 lc rgb \"%s\"", separator,
				i, plot_colour(histograms->rows[i].configuration));
			separator = ", \\\n  ";
		}
	fputc('\n', out);
}

int plot_delays(const struct report *report, struct drawings *drawings)
{
	for (unsigned int w = 0; w < workloads_count; w++) {
		char name[80], title[120];
		bool there = false;

		for (size_t i = 0; i < report->histograms.count; i++)
			there |= belongs(&report->histograms.rows[i], workloads[w]->name);
		if (!there)
			continue;
		snprintf(name, sizeof(name), "delay-%s", workloads[w]->name);
		snprintf(title, sizeof(title), "Scheduler delay: %s", workloads[w]->name);
		if (drawing_begin(
			    drawings, HEIGHT, name, title,
			    "How long runnable tasks waited for a processor: the share of "
			    "waits that was over by then. Counted in powers of two, all boots "
			    "together; further left is better."))
			return -1;
		print_curves(&report->histograms, workloads[w]->name, drawings->script);
	}
	return 0;
}
