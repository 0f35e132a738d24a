// SPDX-License-Identifier: GPL-2.0
/* Bars of costs against crun, with intervals: of the means, and of each workload's headline. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report/cell.h"
#include "harness/report/number.h"
#include "harness/report/plot.h"

#define ROW	  17 /* height of a bar's row, in units of the drawing */
#define ROWS_MOST 40
#define GAP	  0.4 /* of a row, above a heading */

struct bar {
	const char *label;
	const char *colour; /* NULL: a heading */
	struct estimate cost;
	double place; /* from the bottom, in rows */
};

struct bars {
	struct bar *rows;
	size_t count;
	double low, high;
	double height; /* in rows */
};

static int bars_add(struct bars *bars, const struct bar *bar)
{
	struct bar *larger = realloc(bars->rows, (bars->count + 1) * sizeof(*larger));

	if (!larger)
		return -1;
	bars->rows = larger;
	larger[bars->count++] = *bar;
	if (!bar->colour)
		return 0;
	bars->low = fmin(bars->low, bar->cost.spread ? bar->cost.low : bar->cost.median);
	bars->high = fmax(bars->high, bar->cost.spread ? bar->cost.high : bar->cost.median);
	return 0;
}

/* From the top; a heading stands apart from what is above it. */
static void place(struct bars *bars)
{
	for (size_t i = 0; i < bars->count; i++)
		bars->height += i && !bars->rows[i].colour ? 1 + GAP : 1;
	for (double i = bars->height, row = 0; row < bars->count; row++) {
		struct bar *bar = &bars->rows[(size_t)row];

		i -= row && !bar->colour ? 1 + GAP : 1;
		bar->place = i + 0.5;
	}
}

static void print_data(const struct bars *bars, FILE *out)
{
	fputs("$bars << END\n", out);
	for (size_t i = 0; i < bars->count; i++) {
		const struct bar *bar = &bars->rows[i];
		const struct estimate *cost = &bar->cost;

		if (bar->colour)
			fprintf(out, "%.6g %.2f %.6g %.6g %.6g %.6g 0x%s\n", cost->median,
				bar->place, fmin(1, cost->median), fmax(1, cost->median),
				cost->spread ? cost->low : cost->median,
				cost->spread ? cost->high : cost->median, bar->colour + 1);
	}
	fputs("END\n", out);
}

static void print_labels(const struct bars *bars, FILE *out)
{
	for (size_t i = 0; i < bars->count; i++) {
		const struct bar *bar = &bars->rows[i];

		fputs("set label \"", out);
		plot_text(bar->label, out);
		if (!bar->colour) {
			fprintf(out,
				"\" at screen 0.01, first %.2f font \"sans-serif Bold,12\" tc rgb "
				"\"" INK "\"\n",
				bar->place);
			continue;
		}
		fprintf(out, "\" at screen 0.03, first %.2f tc rgb \"%s\"\nset label \"",
			bar->place, bar->colour);
		number_change(out, bar->cost.median);
		fprintf(out, "\" at screen 0.99, first %.2f right tc rgb \"%s\"\n", bar->place,
			bar->colour);
	}
}

static void print_bars(const struct bars *bars, FILE *out)
{
	fprintf(out,
		"set lmargin at screen 0.31\nset rmargin at screen 0.81\n"
		"set logscale x 2\nset xrange [%.6g:%.6g]\n"
		"set yrange [0:%.2f]\nunset ytics\nset style fill solid 0.45 noborder\n",
		bars->low / 1.03, bars->high * 1.03, bars->height);
	plot_ratio_ticks('x', bars->low / 1.03, bars->high * 1.03, out);
	fputs("set xlabel \"cost, crun being ×1 (logarithmic)\"\n"
	      "set arrow from 1, graph 0 to 1, graph 1 nohead lc rgb \"" SOFT "\" lw 1\n",
	      out);
	print_labels(bars, out);
	print_data(bars, out);
	fputs("plot $bars using 1:2:3:4:($2-0.34):($2+0.34):7 with boxxyerror lc rgb variable, \\\n"
	      "  '' using 1:2:5:6:7 with xerrorbars pt 7 ps 0.35 lw 1.5 lc rgb variable\n",
	      out);
}

static int bars_draw(struct bars *bars, struct drawings *drawings, const char *name,
		     const char *title, const char *caption)
{
	int result = 0;

	if (bars->count) {
		place(bars);
		result = drawing_begin(drawings, PLOT_TOP + PLOT_BOTTOM + ROW * bars->height, name,
				       title, caption);
		if (!result)
			print_bars(bars, drawings->script);
	}
	free(bars->rows);
	return result;
}

static const char *const kind_titles[KINDS] = {
	[KIND_MICRO] = "One operation",
	[KIND_MACRO] = "Programs",
	[KIND_STARTUP] = "Start-up",
};

/* Means of one kind. */
static int add_means(const struct report *report, enum kind kind, struct bars *bars)
{
	bool headed = false;

	for (unsigned int c = 0; c < configurations_count; c++) {
		const struct mean *mean =
			summary_mean(&report->summary, &configurations[c], BASE_CRUN, kind);
		struct bar head = {.label = kind_titles[kind]};
		struct bar bar = {.label = configurations[c].name,
				  .colour = plot_colour(configurations[c].name)};

		/* Without a container a start is cheaper by orders: it would hide the rest. */
		if (!mean || !mean->ratio.n || !configurations[c].runtime)
			continue;
		bar.cost = mean->ratio;
		if ((!headed && bars_add(bars, &head)) || bars_add(bars, &bar))
			return -1;
		headed = true;
	}
	return 0;
}

static int draw_means(const struct report *report, struct drawings *drawings)
{
	struct bars bars = {.low = 0.9, .high = 1.1};

	for (unsigned int kind = 0; kind < KINDS; kind++)
		if (add_means(report, kind, &bars)) {
			free(bars.rows);
			return -1;
		}
	return bars_draw(
		&bars, drawings, "means", "Mean cost of each configuration",
		"Geometric mean over the workloads of a kind, with its 95 % interval. Right "
		"of ×1 is dearer than plain crun, left is cheaper.");
}

/* The same rules, enforced in different ways; others would make a forest of bars. */
static bool is_drawn(const struct configuration *configuration)
{
	return configuration == report_subject() || !strcmp(configuration->name, "crun-secure") ||
	       !strcmp(configuration->name, "runc-secure");
}

static int add_workload(const struct report *report, const struct workload *workload,
			struct bars *bars)
{
	bool headed = false;

	for (unsigned int c = 0; c < configurations_count; c++) {
		const struct figure *figure = report_headline(report, workload, &configurations[c]);
		struct bar head = {.label = workload->name};
		struct bar bar = {.label = configurations[c].name,
				  .colour = plot_colour(configurations[c].name)};

		if (!figure || !is_drawn(&configurations[c]) || !figure->ratios[BASE_CRUN].n)
			continue;
		bar.cost = report_cost(&figure->ratios[BASE_CRUN], figure->metric->better);
		if ((!headed && bars_add(bars, &head)) || bars_add(bars, &bar))
			return -1;
		headed = true;
	}
	return 0;
}

/* Draws what bars hold, and empties them. A kind's first drawing has no number. */
static int draw_part(enum kind kind, unsigned int part, struct bars *bars,
		     struct drawings *drawings)
{
	static const char *const names[KINDS] = {
		[KIND_MICRO] = "cost-micro",
		[KIND_MACRO] = "cost-macro",
		[KIND_STARTUP] = "cost-startup",
	};
	char name[40], title[80];
	int result;

	snprintf(name, sizeof(name), part > 1 ? "%s-%u" : "%s", names[kind], part);
	snprintf(title, sizeof(title), part > 1 ? "%s, continued" : "%s", kind_titles[kind]);
	result =
		bars_draw(bars, drawings, name, title,
			  "The headline of each workload, with its 95 % interval, as a cost: where "
			  "more is better, the inverse.");
	*bars = (struct bars){.low = 0.9, .high = 1.1};
	return result;
}

/* A drawing of all workloads of a kind would be taller than a reader can keep in mind. */
static int draw_kind(const struct report *report, enum kind kind, struct drawings *drawings)
{
	struct bars bars = {.low = 0.9, .high = 1.1};
	unsigned int part = 1;

	for (unsigned int w = 0; w < workloads_count; w++) {
		if (workload_kind(workloads[w]) != kind)
			continue;
		if (add_workload(report, workloads[w], &bars)) {
			free(bars.rows);
			return -1;
		}
		if (bars.count >= ROWS_MOST && draw_part(kind, part++, &bars, drawings))
			return -1;
	}
	return draw_part(kind, part, &bars, drawings);
}

int plot_costs(const struct report *report, struct drawings *drawings)
{
	if (draw_means(report, drawings))
		return -1;
	for (unsigned int kind = 0; kind < KINDS; kind++)
		if (draw_kind(report, kind, drawings))
			return -1;
	return 0;
}
