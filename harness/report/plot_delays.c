// SPDX-License-Identifier: GPL-2.0
/* Cumulative distributions of how long tasks waited for a processor. */
#include <math.h>
#include <string.h>

#include "harness/report/plot.h"

#define HEIGHT 270
#define NAMES  12 /* as many fit into that height; each one more makes the drawing higher */
#define FIRST  4  /* workloads whose delays stand among the page's plots: those with most waits */

/* What is drawn. */
static const struct kind_of_delay {
	const char *what; /* in the file */
	const char *name, *title, *caption;
} kinds[] = {
	{
		.what = "run-queue-delay",
		.name = "delay",
		.title = "Scheduler delay",
		.caption = "How long runnable tasks waited for a processor: the share of waits "
			   "that was over by then. Counted in powers of two, in the boots that are "
			   "observed; further left is better.",
	},
	{
		.what = "off-cpu",
		.name = "asleep",
		.title = "Time off the processor",
		.caption = "How long tasks slept or waited for something else than a processor: "
			   "the share of waits that was over by then. Counted in powers of two, "
			   "in the boots that are observed.",
	},
};

static bool belongs(const struct histogram *row, const struct kind_of_delay *kind,
		    const char *workload)
{
	return row->total && !strcmp(row->what, kind->what) && !strcmp(row->workload, workload);
}

static uint64_t waits(const struct report *report, const struct kind_of_delay *kind,
		      const char *workload)
{
	uint64_t total = 0;

	for (size_t i = 0; i < report->histograms.count; i++)
		if (belongs(&report->histograms.rows[i], kind, workload))
			total += report->histograms.rows[i].total;
	return total;
}

/* How many workloads have more waits. */
static unsigned int rank(const struct report *report, const struct kind_of_delay *kind,
			 unsigned int workload)
{
	uint64_t own = waits(report, kind, workloads[workload]->name);
	unsigned int more = 0;

	for (unsigned int w = 0; w < workloads_count; w++) {
		uint64_t its = waits(report, kind, workloads[w]->name);

		more += its > own || (its == own && w < workload);
	}
	return more;
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

static unsigned int curves(const struct report *report, const struct kind_of_delay *kind,
			   const char *workload)
{
	unsigned int count = 0;

	for (size_t i = 0; i < report->histograms.count; i++)
		count += belongs(&report->histograms.rows[i], kind, workload);
	return count;
}

/* Names stand in a column at the lower right, where no curve passes: all end at the top. */
static void print_name(const struct histogram *row, unsigned int place, unsigned int count,
		       FILE *out)
{
	double step = count > NAMES ? 0.08 * NAMES / count : 0.08;

	fputs("set label \"", out);
	plot_text(row->configuration, out);
	fprintf(out, "\" at graph 0.98, graph %.3f right tc rgb \"%s\"\n", 0.06 + step * place,
		plot_colour(row->configuration));
}

static void print_curves(const struct histograms *histograms, const struct kind_of_delay *kind,
			 const char *workload, unsigned int count, FILE *out)
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
		if (belongs(&histograms->rows[i], kind, workload)) {
			print_name(&histograms->rows[i], place++, count, out);
			print_curve(&histograms->rows[i], i, out);
		}
	for (size_t i = 0; i < histograms->count; i++)
		if (belongs(&histograms->rows[i], kind, workload)) {
			fprintf(out, "%s$h%zu using 1:2 with lines lw 1.8 lc rgb \"%s\"", separator,
				i, plot_colour(histograms->rows[i].configuration));
			separator = ", \\\n  ";
		}
	fputc('\n', out);
}

static int draw(const struct report *report, const struct kind_of_delay *kind,
		unsigned int workload, struct drawings *drawings)
{
	unsigned int count = curves(report, kind, workloads[workload]->name);
	unsigned int height = HEIGHT + (count > NAMES ? (count - NAMES) * HEIGHT / NAMES : 0);
	char name[80], title[120];

	snprintf(name, sizeof(name), "%s-%s", kind->name, workloads[workload]->name);
	snprintf(title, sizeof(title), "%s: %s", kind->title, workloads[workload]->name);
	if (drawing_begin(drawings, height, name, title, kind->caption))
		return -1;
	if (kind != &kinds[0] || rank(report, kind, workload) >= FIRST)
		drawings->rows[drawings->count - 1].workload = workloads[workload];
	print_curves(&report->histograms, kind, workloads[workload]->name, count, drawings->script);
	return 0;
}

int plot_delays(const struct report *report, struct drawings *drawings)
{
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (unsigned int w = 0; w < workloads_count; w++)
			if (waits(report, &kinds[k], workloads[w]->name) &&
			    draw(report, &kinds[k], w, drawings))
				return -1;
	return 0;
}
