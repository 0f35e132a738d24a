// SPDX-License-Identifier: GPL-2.0
/* Every figure of the run. */
#include <math.h>

#include "harness/report/cell.h"
#include "harness/report/html.h"
#include "harness/report/markup.h"
#include "harness/report/number.h"

#define BAR 120 /* width of the longest, in units of its drawing */

static const enum summary_base shown[] = {BASE_NATIVE, BASE_CRUN, BASE_CRUN_SECURE};
#define SHOWN (sizeof(shown) / sizeof(shown[0]))

static const struct figure *find(const struct report *report, const struct workload *workload,
				 unsigned int configuration, const struct metric *metric)
{
	return summary_find(&report->summary, workload, &configurations[configuration], metric);
}

static double longest(const struct report *report, const struct workload *workload,
		      const struct metric *metric)
{
	double most = 0;

	for (unsigned int c = 0; c < configurations_count; c++) {
		const struct figure *figure = find(report, workload, c, metric);

		if (figure)
			most = fmax(most, figure->value.spread ? figure->value.high
							       : figure->value.median);
	}
	return most;
}

static void print_bar(const struct figure *figure, double most, FILE *out)
{
	const struct estimate *value = &figure->value;
	double unit = most > 0 ? BAR / most : 0;
	enum change verdict =
		figure->ratios[BASE_CRUN].n ? figure->verdicts[BASE_CRUN] : CHANGE_UNKNOWN;

	html(out,
	     "<svg class=\"bar ink-%s\" viewBox=\"0 0 %d 20\" aria-hidden=\"true\">"
	     "<rect x=\"0\" y=\"4\" width=\"%.1f\" height=\"12\"/>",
	     change_class(verdict), BAR + 4, fmax(1, value->median * unit));
	if (value->spread)
		html(out, "<path d=\"M%.1f 10H%.1fM%.1f 5v10M%.1f 5v10\"/>", value->low * unit,
		     value->high * unit, value->low * unit, value->high * unit);
	fputs("</svg>", out);
}

static void print_raw_link(const struct figure *figure, FILE *out)
{
	fputs("<a href=\"samples.jsonl#:~:text=%22workload%22%3A%22", out);
	html_link_text(out, figure->workload->name);
	fputs("%22%2C%22configuration%22%3A%22", out);
	html_link_text(out, figure->configuration->name);
	fputs("%22%2C%22metric%22%3A%22", out);
	html_link_text(out, figure->metric->name);
	html(out, "%%22\">%u</a>", figure->samples);
}

static void print_previous(const struct report *report, const struct figure *figure, FILE *out)
{
	double median = report_previous_median(report, figure);

	if (median < 0) {
		fputs("<td class=\"n\">–</td>", out);
		return;
	}
	fputs("<td class=\"n\">", out);
	number_print(out, median);
	if (median > 0) {
		fputs("<span class=\"low\">now ", out);
		number_change(out, figure->value.median / median);
		fputs("</span>", out);
	}
	fputs("</td>", out);
}

static void print_ratio(const struct figure *figure, enum summary_base base, FILE *out)
{
	if (!figure->ratios[base].n) {
		html(out, "<td>%s</td>", report_base(base) == figure->configuration ? "1" : "–");
		return;
	}
	html(out, "<td data-v=\"%.6g\">", figure->ratios[base].median);
	html_change(&figure->ratios[base], figure->verdicts[base], out);
	fputs("</td>", out);
}

static void print_figure(const struct report *report, const struct figure *figure, double most,
			 FILE *out)
{
	html(out, "<tr%s><th scope=\"row\" class=\"pin\">%s</th><td class=\"n\" data-v=\"%.6g\">",
	     figure->configuration == report_subject() ? " class=\"subject\"" : "",
	     figure->configuration->name, figure->value.median);
	number_print(out, figure->value.median);
	fputs("<span class=\"low\">", out);
	number_interval(out, &figure->value);
	fputs("</span></td><td>", out);
	print_bar(figure, most, out);
	fputs("</td>", out);
	for (size_t i = 0; i < SHOWN; i++)
		print_ratio(figure, shown[i], out);
	if (report->previous)
		print_previous(report, figure, out);
	fputs("<td class=\"n\">", out);
	print_raw_link(figure, out);
	fputs("</td></tr>\n", out);
}

static unsigned int columns(const struct report *report)
{
	return 4 + SHOWN + (report->previous ? 1 : 0);
}

static void print_head(const struct report *report, const struct metric *metric,
		       const struct workload *workload, FILE *out)
{
	html_table_begin("sortable", workload->name, out);
	html(out,
	     "<thead><tr><th scope=\"col\" class=\"pin\">configuration</th><th scope=\"col\" "
	     "class=\"n\">%s</th><th scope=\"col\">95 %% interval</th>",
	     workload_unit(workload, metric));
	for (size_t i = 0; i < SHOWN; i++)
		html(out, "<th scope=\"col\">against %s</th>",
		     summary_bases[shown[i]].configuration);
	if (report->previous)
		fputs("<th scope=\"col\" class=\"n\">previous run</th>", out);
	fputs("<th scope=\"col\" class=\"n\">samples</th></tr></thead>\n<tbody>\n", out);
}

static void print_metric(const struct report *report, const struct workload *workload,
			 const struct metric *metric, FILE *out)
{
	double most = longest(report, workload, metric);

	html(out, "<h4>%s <span class=\"note\">(%s, %s)</span></h4>\n", metric->name,
	     workload_unit(workload, metric),
	     metric->better == BETTER_LOWER ? "less is better" : "more is better");
	print_head(report, metric, workload, out);
	for (unsigned int c = 0; c < configurations_count; c++) {
		const struct figure *figure = find(report, workload, c, metric);
		const struct absence *absence =
			report_absence(report, workload, &configurations[c]);

		if (figure)
			print_figure(report, figure, most, out);
		else if (absence)
			html(out,
			     "<tr><th scope=\"row\" class=\"pin\">%s</th><td colspan=\"%u\">not "
			     "measured: %s</td></tr>\n",
			     configurations[c].name, columns(report) - 1, absence->reason);
	}
	html_table_end(out);
}

static void print_absence(const struct report *report, const struct absence *absence,
			  const char *visit, FILE *out)
{
	html(out, "<p><b>%s</b>%s gave no figure in ", absence->configuration->name, visit);
	report_absent_boots(report, absence, out);
	html(out, ": %s</p>\n", absence->reason);
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

static bool has_counter(const struct report *report, const struct workload *workload,
			const struct metric *metric)
{
	for (unsigned int c = 0; c < configurations_count; c++)
		if (find(report, workload, c, metric))
			return true;
	return false;
}

static bool has_counters(const struct report *report, const struct workload *workload)
{
	for (const struct metric *m = workload_counters; m->name; m++)
		if (has_counter(report, workload, m))
			return true;
	return false;
}

/* Whether one of the counters has a figure there; a row without any is left out. */
static bool counted(const struct report *report, const struct workload *workload,
		    unsigned int configuration)
{
	for (const struct metric *m = workload_counters; m->name; m++)
		if (find(report, workload, configuration, m))
			return true;
	return false;
}

static void print_counter(const struct figure *figure, FILE *out)
{
	if (!figure) {
		fputs("<td class=\"n\">–</td>", out);
		return;
	}
	html(out, "<td class=\"n\" data-v=\"%.6g\">", figure->value.median);
	number_print(out, figure->value.median);
	if (figure->ratios[BASE_CRUN].n) {
		html(out, "<span class=\"low ink-%s\">", change_class(figure->verdicts[BASE_CRUN]));
		number_change(out, figure->ratios[BASE_CRUN].median);
		fputs("</span>", out);
	}
	fputs("</td>", out);
}

static void print_counters(const struct report *report, const struct workload *workload, FILE *out)
{
	if (!has_counters(report, workload))
		return;
	fputs("<details class=\"more\"><summary>Counters</summary>\n<p class=\"note\">Of a launch "
	      "of their own: the whole tree from the runtime's exec to its end, its start "
	      "included. Below each figure how it differs from crun.</p>\n",
	      out);
	html_table_begin("sortable", "Counters", out);
	fputs("<thead><tr><th scope=\"col\" class=\"pin\">configuration</th>", out);
	for (const struct metric *m = workload_counters; m->name; m++)
		if (has_counter(report, workload, m))
			html(out,
			     "<th scope=\"col\" class=\"n\">%s<span class=\"low\">%s</span></th>",
			     m->name, workload_unit(workload, m));
	fputs("</tr></thead>\n<tbody>\n", out);
	for (unsigned int c = 0; c < configurations_count; c++) {
		if (!counted(report, workload, c))
			continue;
		html(out, "<tr><th scope=\"row\" class=\"pin\">%s</th>", configurations[c].name);
		for (const struct metric *m = workload_counters; m->name; m++)
			if (has_counter(report, workload, m))
				print_counter(find(report, workload, c, m), out);
		fputs("</tr>\n", out);
	}
	html_table_end(out);
	fputs("</details>\n", out);
}

static int print_workload(const struct report *report, const struct workload *workload, FILE *out,
			  struct error *err)
{
	html(out,
	     "<details class=\"work\" id=\"w-%s\"><summary><h3>%s</h3> <span>%s</span></summary>\n"
	     "<p class=\"note\">Timed: %s.</p>\n",
	     workload->name, workload->name, workload->summary, workload->counts);
	for (const struct metric *m = workload->metrics; m->name; m++)
		if (m->clocks & ON_CLOCK(report->summary.clock))
			print_metric(report, workload, m, out);
	/* Where the launch itself is measured, much of elapsed is waiting: show the work too. */
	if (!workload->parse && has_counter(report, workload, &workload_counters[0]))
		print_metric(report, workload, &workload_counters[0], out);
	print_failures(report, workload, out);
	if (html_drawings(report, workload, out, err))
		return -1;
	print_counters(report, workload, out);
	html_calls(report, workload, out);
	fputs("</details>\n", out);
	return 0;
}

int html_rows(const struct report *report, FILE *out, struct error *err)
{
	fputs("<h2 id=\"rows\">Every figure</h2>\n<p>A workload opens. The bar is the median, the "
	      "whisker its 95 % interval over the boots, the colour the verdict against crun. The "
	      "last column leads to the raw samples.</p>\n",
	      out);
	for (unsigned int w = 0; w < workloads_count; w++)
		if (report_has_workload(report, workloads[w]) &&
		    print_workload(report, workloads[w], out, err))
			return -1;
	return 0;
}
