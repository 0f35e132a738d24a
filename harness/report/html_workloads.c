// SPDX-License-Identifier: GPL-2.0
/* The subject's headline in each workload, beside its peers. */
#include <stdlib.h>

#include "harness/report/cell.h"
#include "harness/report/html.h"
#include "harness/report/markup.h"
#include "harness/report/number.h"
#include "lib/cleanup.h"

/* The two that a reader asks for first: without a filter, and with the same rules. */
static const enum summary_base shown[] = {BASE_CRUN, BASE_CRUN_SECURE};
#define SHOWN (sizeof(shown) / sizeof(shown[0]))

struct row {
	const struct figure *figure;
	double cost;
};

static enum summary_base base_of(const struct figure *figure, size_t column)
{
	return column ? shown[column] : report_first_base(figure->workload);
}

static struct estimate cost_of(const struct figure *figure, enum summary_base base)
{
	return report_cost(&figure->ratios[base], figure->metric->better);
}

/* The dearest first; what cannot be compared last. */
static int by_cost(const void *one, const void *other)
{
	double a = ((const struct row *)one)->cost, b = ((const struct row *)other)->cost;

	return (a < b) - (a > b);
}

static size_t collect(const struct report *report, struct row *rows)
{
	size_t count = 0;

	for (unsigned int w = 0; w < workloads_count; w++) {
		const struct figure *figure =
			report_headline(report, workloads[w], report_subject());
		struct estimate cost;

		if (!figure)
			continue;
		cost = cost_of(figure, report_first_base(workloads[w]));
		rows[count++] = (struct row){figure, cost.n ? cost.median : 0};
	}
	qsort(rows, count, sizeof(*rows), by_cost);
	return count;
}

static void print_against(const struct figure *figure, enum summary_base base, size_t column,
			  const struct scale *scale, FILE *out)
{
	struct estimate cost = cost_of(figure, base);

	if (!cost.n) {
		html(out, "<td data-label=\"against %s\"><div>–</div></td><td></td>",
		     summary_bases[shown[column]].configuration);
		return;
	}
	html(out, "<td data-v=\"%.6g\" data-label=\"against %s\"><div>", cost.median,
	     summary_bases[base].configuration);
	html_change(&figure->ratios[base], figure->verdicts[base], out);
	if (base != shown[column])
		html(out, "<span class=\"low\">against %s</span>",
		     summary_bases[base].configuration);
	fputs("</div></td><td data-label=\"\">", out);
	html_track(scale, &cost, figure->verdicts[base], out);
	fputs("</td>", out);
}

static void print_row(const struct figure *figure, const struct scale *scale, FILE *out)
{
	html(out, "<tr><th scope=\"row\" class=\"pin\"><a href=\"#w-%s\">%s</a></th>",
	     figure->workload->name, figure->workload->name);
	html(out, "<td class=\"n\" data-v=\"%.6g\" data-label=\"%s\"><div>", figure->value.median,
	     SUBJECT);
	number_print(out, figure->value.median);
	html(out, "<span class=\"low\">%s</span></div></td>",
	     workload_unit(figure->workload, figure->metric));
	for (size_t i = 0; i < SHOWN; i++)
		print_against(figure, base_of(figure, i), i, scale, out);
	fputs("</tr>\n", out);
}

/* What failed stands where its figure would. */
static void print_lacking(const struct report *report, FILE *out)
{
	for (unsigned int w = 0; w < workloads_count; w++) {
		const struct absence *absence =
			report_absence(report, workloads[w], report_subject());

		if (absence && !report_headline(report, workloads[w], report_subject()))
			html(out,
			     "<tr><th scope=\"row\" class=\"pin\"><a href=\"#w-%s\">%s</a></th><td "
			     "colspan=\"%d\">not measured: %s</td></tr>\n",
			     workloads[w]->name, workloads[w]->name, (int)(1 + 2 * SHOWN),
			     absence->reason);
	}
}

static void print_head(FILE *out)
{
	html_table_begin("sortable stack", "What vkernel costs in each workload", out);
	html(out,
	     "<thead><tr><th scope=\"col\" class=\"pin\">workload</th><th scope=\"col\" "
	     "class=\"n\">%s</th>",
	     SUBJECT);
	for (size_t i = 0; i < SHOWN; i++)
		html(out,
		     "<th scope=\"col\">against %s</th><th scope=\"col\">cheaper ← 1 → "
		     "dearer</th>",
		     summary_bases[shown[i]].configuration);
	fputs("</tr></thead>\n<tbody>\n", out);
}

void html_workloads(const struct report *report, FILE *out)
{
	autofree struct row *rows = calloc(workloads_count, sizeof(*rows));
	struct scale scale;
	size_t count;

	if (!rows)
		return;
	count = collect(report, rows);
	scale_begin(&scale);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < SHOWN; j++) {
			struct estimate cost = cost_of(rows[i].figure, base_of(rows[i].figure, j));

			if (cost.n)
				scale_add(&scale, &cost);
		}
	fputs("<h2 id=\"workloads\">Workload by workload</h2>\n<p>The dearest first. A dot is the "
	      "cost of vkernel as a multiple of its peer's, the line its 95 % interval; dots "
	      "beyond ×8 or below ×⅛ become arrows. Where more is better (requests/s), "
	      "the change is that of the figure, and the dot that of the cost.</p>\n",
	      out);
	if (!count) {
		html(out, "<p>%s has no figure in this run.</p>\n", SUBJECT);
		return;
	}
	print_head(out);
	for (size_t i = 0; i < count; i++)
		print_row(rows[i].figure, &scale, out);
	print_lacking(report, out);
	html_table_end(out);
}
