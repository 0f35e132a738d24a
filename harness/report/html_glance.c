// SPDX-License-Identifier: GPL-2.0
/* Every configuration beside every other, headlines only. */
#include "harness/report/cell.h"
#include "harness/report/html.h"
#include "harness/report/markup.h"
#include "harness/report/number.h"

static void print_cell(const struct report *report, const struct workload *workload,
		       const struct configuration *configuration, FILE *out)
{
	const struct figure *figure = report_headline(report, workload, configuration);

	if (!figure) {
		fputs(workload_runs_in(workload, configuration)
			      ? "<td class=\"n\"><span class=\"unknown\">not measured</span></td>"
			      : "<td class=\"n\">–</td>",
		      out);
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

static void print_row(const struct report *report, const struct workload *workload, FILE *out)
{
	const struct metric *metric = workload_headline(workload, report->summary.clock);

	html(out,
	     "<tr><th scope=\"row\" class=\"pin\"><a href=\"#w-%s\">%s</a><span class=\"low\">%s, "
	     "%s</span></th>",
	     workload->name, workload->name, workload_unit(workload, metric),
	     metric->better == BETTER_LOWER ? "less is better" : "more is better");
	for (unsigned int c = 0; c < configurations_count; c++)
		if (report_has_configuration(report, &configurations[c]))
			print_cell(report, workload, &configurations[c], out);
	fputs("</tr>\n", out);
}

void html_glance(const struct report *report, FILE *out)
{
	fputs("<h2 id=\"glance\">Every configuration</h2>\n<p>Medians over the boots; below each "
	      "how it differs from crun in the same boot.</p>\n",
	      out);
	html_table_begin("sortable", "Headline of every workload in every configuration", out);
	fputs("<thead><tr><th scope=\"col\" class=\"pin\">workload</th>", out);
	for (unsigned int c = 0; c < configurations_count; c++)
		if (report_has_configuration(report, &configurations[c]))
			html(out, "<th scope=\"col\" class=\"n\">%s</th>", configurations[c].name);
	fputs("</tr></thead>\n<tbody>\n", out);
	for (unsigned int w = 0; w < workloads_count; w++)
		if (report_has_workload(report, workloads[w]) &&
		    workload_headline(workloads[w], report->summary.clock))
			print_row(report, workloads[w], out);
	html_table_end(out);
	fputs("<details class=\"more\"><summary>What the configurations are</summary>\n"
	      "<dl class=\"env\">\n",
	      out);
	for (unsigned int c = 0; c < configurations_count; c++)
		if (report_has_configuration(report, &configurations[c]))
			html(out, "<dt>%s</dt><dd>%s</dd>\n", configurations[c].name,
			     configurations[c].summary);
	fputs("</dl></details>\n", out);
}
