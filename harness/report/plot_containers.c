// SPDX-License-Identifier: GPL-2.0
/* What one of many containers costs, by how many there are at once. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report/cell.h"
#include "harness/report/plot.h"
#include "harness/report/spread.h"

#define HEIGHT 280

static unsigned int copies_of(const struct workload *workload)
{
	return workload->copies ? workload->copies : 1;
}

static bool same_program(const char *const *one, const char *const *other)
{
	while (*one && *other && !strcmp(*one, *other)) {
		one++;
		other++;
	}
	return !*one && !*other;
}

/* Launches of the same, in other numbers. */
static bool is_family(const struct workload *one, const struct workload *other)
{
	return !one->parse && !other->parse && one->docker == other->docker &&
	       one->metrics == other->metrics && same_program(one->argv, other->argv);
}

/* Whether it is the family's first with a figure, which stands for it. */
static bool leads(const struct report *report, unsigned int workload)
{
	for (unsigned int w = 0; w < workload; w++)
		if (report_has_workload(report, workloads[w]) &&
		    is_family(workloads[w], workloads[workload]))
			return false;
	return report_has_workload(report, workloads[workload]) && !workloads[workload]->parse &&
	       workload_headline(workloads[workload], report->summary.clock);
}

static int by_copies(const void *one, const void *other)
{
	const struct workload *const *a = one, *const *b = other;

	return (copies_of(*a) > copies_of(*b)) - (copies_of(*a) < copies_of(*b));
}

struct family {
	const struct workload **rows; /* by copies */
	size_t count;
};

static int family_make(const struct report *report, unsigned int leader, struct family *family)
{
	family->rows = calloc(workloads_count, sizeof(*family->rows));
	if (!family->rows)
		return -1;
	family->count = 0;
	for (unsigned int w = leader; w < workloads_count; w++)
		if (is_family(workloads[w], workloads[leader]) &&
		    report_has_workload(report, workloads[w]))
			family->rows[family->count++] = workloads[w];
	qsort(family->rows, family->count, sizeof(*family->rows), by_copies);
	return 0;
}

static double each_cost(const struct figure *figure)
{
	return figure->value.median / copies_of(figure->workload);
}

/* What the lines of a drawing have in common. */
struct extent {
	double low, high; /* logarithms of milliseconds */
};

static const struct figure *point(const struct report *report, const struct family *family,
				  size_t place, unsigned int configuration)
{
	return configurations[configuration].runtime
		       ? report_headline(report, family->rows[place],
					 &configurations[configuration])
		       : NULL;
}

/* A line has two ends. */
static bool has_points(const struct report *report, const struct family *family,
		       unsigned int configuration)
{
	unsigned int points = 0;

	for (size_t i = 0; i < family->count; i++)
		points += point(report, family, i, configuration) != NULL;
	return points > 1;
}

static void print_point(const struct figure *figure, struct extent *extent, FILE *out)
{
	double copies = copies_of(figure->workload), cost = each_cost(figure);
	double low = figure->value.spread ? figure->value.low / copies : cost;
	double high = figure->value.spread ? figure->value.high / copies : cost;

	fprintf(out, "%g %.6g %.6g %.6g\n", copies, cost, low, high);
	extent->low = fmin(extent->low, log(low));
	extent->high = fmax(extent->high, log(high));
}

/* Writes each configuration's points, and where each line ends. */
static void print_data(const struct report *report, const struct family *family,
		       struct spread *ends, struct extent *extent, FILE *out)
{
	for (unsigned int c = 0; c < configurations_count; c++) {
		const struct figure *last = NULL;

		if (!has_points(report, family, c))
			continue;
		fprintf(out, "$c%u << END\n", c);
		for (size_t i = 0; i < family->count; i++) {
			const struct figure *figure = point(report, family, i, c);

			if (!figure)
				continue;
			print_point(figure, extent, out);
			last = figure;
		}
		fputs("END\n", out);
		if (last)
			spread_add(ends, configurations[c].name,
				   plot_colour(configurations[c].name), log(each_cost(last)));
	}
}

static void print_frame(const struct family *family, const struct extent *extent, FILE *out)
{
	const char *separator = "";

	fprintf(out,
		"set logscale xy\nset xrange [%g:%g]\nset yrange [%.6g:%.6g]\n"
		"set rmargin at screen 0.76\nset border 3\n"
		"set grid ytics lc rgb \"" LINE "\" lt 1\n"
		"set xlabel \"containers at once (logarithmic)\"\n"
		"set ylabel \"%s for each (logarithmic)\"\nset xtics (",
		copies_of(family->rows[0]) * 0.85,
		copies_of(family->rows[family->count - 1]) * 1.15, exp(extent->low),
		exp(extent->high), workload_unit(family->rows[0], family->rows[0]->metrics));
	for (size_t i = 0; i < family->count; i++) {
		fprintf(out, "%s\"%u\" %u", separator, copies_of(family->rows[i]),
			copies_of(family->rows[i]));
		separator = ", ";
	}
	fputs(")\n", out);
}

static void print_family(const struct report *report, const struct family *family, FILE *out)
{
	struct extent extent = {HUGE_VAL, -HUGE_VAL};
	const char *separator = "plot ";
	struct spread ends = {0};

	print_data(report, family, &ends, &extent, out);
	extent.low -= 0.1;
	extent.high += 0.1;
	print_frame(family, &extent, out);
	spread_print(&ends, extent.low, extent.high, HEIGHT - 70, out);
	for (unsigned int c = 0; c < configurations_count; c++) {
		if (!has_points(report, family, c))
			continue;
		fprintf(out,
			"%s$c%u using 1:2:3:4 with yerrorlines pt 7 ps 0.5 lw 1.6 lc rgb \"%s\"",
			separator, c, plot_colour(configurations[c].name));
		separator = ", \\\n  ";
	}
	fputc('\n', out);
}

static bool has_line(const struct report *report, const struct family *family)
{
	for (unsigned int c = 0; c < configurations_count; c++)
		if (has_points(report, family, c))
			return true;
	return false;
}

int plot_containers(const struct report *report, struct drawings *drawings)
{
	for (unsigned int w = 0; w < workloads_count; w++) {
		char name[80], title[120];
		struct family family;
		int result = 0;

		if (!leads(report, w))
			continue;
		if (family_make(report, w, &family))
			return -1;
		snprintf(name, sizeof(name), "containers-%s", workloads[w]->name);
		snprintf(title, sizeof(title), "Cost by the number of containers: %s",
			 workloads[w]->name);
		if (family.count > 1 && has_line(report, &family)) {
			result =
				drawing_begin(drawings, HEIGHT, name, title,
					      "What each of the containers costs that are started "
					      "at once: the whole launch, divided by their number. "
					      "A line that stays level scales.");
			if (!result)
				print_family(report, &family, drawings->script);
		}
		free(family.rows);
		if (result)
			return -1;
	}
	return 0;
}
