// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/report/report.h"
#include "lib/cleanup.h"
#include "lib/file.h"

#define SCRIPT	"ratio.gp"
#define DRAWING "ratio.svg"

static const char *const colours[] = {
	"#1b9e77", "#d95f02", "#7570b3", "#e7298a", "#66a61e", "#e6ab02",
};

/* The figure whose ratio to crun the plot shows, or NULL. */
static const struct figure *plotted(const struct report *report, unsigned int workload,
				    unsigned int configuration)
{
	const struct metric *metric = workload_headline(workloads[workload], report->summary.clock);
	const struct figure *figure;

	/* Without a container everything is cheaper, start-up by orders: it would hide the rest. */
	if (!metric || !configurations[configuration].runtime)
		return NULL;
	figure = summary_find(&report->summary, workloads[workload], &configurations[configuration],
			      metric);
	return figure && figure->ratios[BASE_CRUN].n ? figure : NULL;
}

static bool has_series(const struct report *report, unsigned int configuration)
{
	for (unsigned int w = 0; w < workloads_count; w++)
		if (plotted(report, w, configuration))
			return true;
	return false;
}

static bool has_row(const struct report *report, unsigned int workload)
{
	for (unsigned int c = 0; c < configurations_count; c++)
		if (plotted(report, workload, c))
			return true;
	return false;
}

/* Rows from the top, in the order of the table; 0 is below the last one. */
static unsigned int row_of(const struct report *report, unsigned int workload)
{
	unsigned int row = 0;

	for (unsigned int w = workload; w < workloads_count; w++)
		row += has_row(report, w);
	return row;
}

bool plot_possible(const struct report *report)
{
	for (unsigned int c = 0; c < configurations_count; c++)
		if (has_series(report, c))
			return true;
	return false;
}

/* Cost: where more is better, the inverse. */
static void print_point(const struct figure *figure, double row, FILE *out)
{
	const struct estimate *ratio = &figure->ratios[BASE_CRUN];
	double cost = ratio->median;
	double low = ratio->spread ? ratio->low : cost, high = ratio->spread ? ratio->high : cost;

	if (figure->metric->better == BETTER_HIGHER) {
		double swap = low;

		cost = 1 / cost;
		low = 1 / high;
		high = 1 / swap;
	}
	fprintf(out, "%.6g %.3f %.6g %.6g\n", cost, row, low, high);
}

static void print_series(const struct report *report, unsigned int configuration, double offset,
			 FILE *out)
{
	fprintf(out, "$c%u << END\n", configuration);
	for (unsigned int w = 0; w < workloads_count; w++) {
		const struct figure *figure = plotted(report, w, configuration);

		if (figure)
			print_point(figure, row_of(report, w) + offset, out);
	}
	fputs("END\n", out);
}

static void print_plots(const struct report *report, FILE *out)
{
	unsigned int series = 0;

	fputs("plot ", out);
	for (unsigned int c = 0; c < configurations_count; c++) {
		const char *colour = colours[series % (sizeof(colours) / sizeof(colours[0]))];

		if (!has_series(report, c))
			continue;
		fprintf(out,
			"%s$c%u using 1:2:3:4 with xerrorbars pt 7 ps 0.9 lw 2 lc rgb \"%s\" title "
			"\"%s\"",
			series ? ", \\\n  " : "", c, colour, configurations[c].name);
		series++;
	}
	fputc('\n', out);
}

static void print_script(const struct report *report, FILE *out)
{
	const unsigned int rows = row_of(report, 0);
	unsigned int series = 0;

	fprintf(out,
		"set terminal svg size 640,%u dynamic font \"sans-serif,14\" noenhanced "
		"background \"#ffffff\"\n"
		"set output \"" DRAWING ".new\"\n"
		"set title \"Cost against crun in the same boot\"\n"
		"set xlabel \"1: as plain crun; lower is better (inverse of a rate)\"\n"
		"set logscale x 2\n"
		"set xrange [*<0.95:1.05<*]\n"
		"set yrange [0.4:%u.6]\n"
		"set grid xtics\n"
		"set key outside top center horizontal\n"
		"set arrow from 1, graph 0 to 1, graph 1 nohead dt 2 lc rgb \"#888888\"\n"
		"set ytics (",
		140 + 60 * rows, rows);
	for (unsigned int w = 0; w < workloads_count; w++)
		if (has_row(report, w))
			fprintf(out, "%s\"%s\" %u", row_of(report, w) < rows ? ", " : "",
				workloads[w]->name, row_of(report, w));
	fputs(")\n", out);
	for (unsigned int c = 0; c < configurations_count; c++)
		if (has_series(report, c))
			print_series(report, c, 0.18 - 0.24 * series++, out);
	print_plots(report, out);
}

static int run_gnuplot(const char *folder, struct error *err)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot fork for gnuplot");
	if (!child) {
		if (chdir(folder))
			_exit(126);
		execlp("gnuplot", "gnuplot", SCRIPT, (char *)NULL);
		_exit(127);
	}
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno,
					       "cannot wait for gnuplot");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return error_set(err, EXIT_ENVIRONMENT,
				 "gnuplot is not there; install the package gnuplot-nox");
	if (status)
		return error_set(err, EXIT_ENVIRONMENT, "gnuplot failed on %s/" SCRIPT, folder);
	return 0;
}

static int write_script(const struct report *report, const char *folder, struct error *err)
{
	autofree char *path = NULL, *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for the plot");
	print_script(report, out);
	if (fclose(out) || asprintf(&path, "%s/" SCRIPT, folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for the plot");
	return file_write(path, text, size, err);
}

int plot_write(const struct report *report, struct error *err)
{
	autofree char *folder = NULL, *made = NULL, *path = NULL;

	if (!plot_possible(report))
		return 0;
	if (asprintf(&folder, "%s/plots", report->folder) < 0 ||
	    asprintf(&made, "%s/" DRAWING ".new", folder) < 0 ||
	    asprintf(&path, "%s/" DRAWING, folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for the plot");
	if (mkdir(folder, 0755) && errno != EEXIST)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make %s", folder);
	if (write_script(report, folder, err) || run_gnuplot(folder, err))
		return -1;
	return rename(made, path)
		       ? error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot write %s", path)
		       : 0;
}
