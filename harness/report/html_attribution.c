// SPDX-License-Identifier: GPL-2.0
/* Where the subject's extra instructions go, symbol by symbol. */
#include <math.h>
#include <stdlib.h>

#include "harness/report/cell.h"
#include "harness/report/html.h"
#include "harness/report/markup.h"
#include "harness/report/number.h"
#include "lib/cleanup.h"

#define SHOWN 12
#define LEAST 0.005 /* of an instruction: what is less differs by how it was sampled */

static void print_signed(double value, FILE *out)
{
	fputs(value < 0 ? "−" : "+", out);
	number_print(out, fabs(value));
}

static void print_excess(const struct excess *row, FILE *out)
{
	double more = row->one - row->other;

	html(out, "<tr><th scope=\"row\" class=\"pin\"><code>%s</code></th><td>%s</td>",
	     row->symbol, row->image);
	html(out, "<td class=\"n\" data-v=\"%.6g\">", row->other);
	number_print(out, row->other);
	html(out, "</td><td class=\"n\" data-v=\"%.6g\">", row->one);
	number_print(out, row->one);
	html(out, "</td><td class=\"n\" data-v=\"%.6g\"><b class=\"low ink-%s\">", more,
	     more > 0 ? "worse" : "better");
	print_signed(more, out);
	fputs("</b></td></tr>\n", out);
}

static void print_rest(const struct excess *rows, size_t count, FILE *out)
{
	double one = 0, other = 0;

	for (size_t i = SHOWN; i < count; i++) {
		one += rows[i].one;
		other += rows[i].other;
	}
	if (count <= SHOWN)
		return;
	html(out, "<tr><th scope=\"row\" class=\"pin\">%zu more</th><td></td><td class=\"n\">",
	     count - SHOWN);
	number_print(out, other);
	fputs("</td><td class=\"n\">", out);
	number_print(out, one);
	fputs("</td><td class=\"n\">", out);
	print_signed(one - other, out);
	fputs("</td></tr>\n", out);
}

static void print_workload(const struct attribution *one, const struct attribution *other,
			   FILE *out)
{
	autofree struct excess *rows = NULL;
	size_t count = attribution_compare(one, other, &rows);

	html(out, "<h3 id=\"where-%s\">%s</h3>\n<p>One operation: ", one->workload, one->workload);
	number_print(out, attribution_total(one));
	html(out, " instructions in %s, ", one->configuration);
	number_print(out, attribution_total(other));
	html(out, " in %s.</p>\n", other->configuration);
	html_table_begin("sortable", "Instructions by symbol", out);
	html(out,
	     "<thead><tr><th scope=\"col\" class=\"pin\">symbol</th><th scope=\"col\">in</th>"
	     "<th scope=\"col\" class=\"n\">%s</th><th scope=\"col\" class=\"n\">%s</th>"
	     "<th scope=\"col\" class=\"n\">difference</th></tr></thead>\n<tbody>\n",
	     other->configuration, one->configuration);
	for (size_t i = 0; i < count && i < SHOWN; i++)
		if (fabs(rows[i].one - rows[i].other) >= LEAST)
			print_excess(&rows[i], out);
	print_rest(rows, count, out);
	html_table_end(out);
}

void html_attribution(const struct report *report, FILE *out)
{
	bool headed = false;

	for (unsigned int w = 0; w < workloads_count; w++) {
		const struct attribution *one =
			attribution_find(&report->attributions, workloads[w]->name, SUBJECT);
		const struct attribution *other = attribution_find(
			&report->attributions, workloads[w]->name,
			summary_bases[report_first_base(workloads[w])].configuration);

		if (!one || !other)
			continue;
		if (!headed)
			fputs("<h2 id=\"where\">Where the difference goes</h2>\n<p>Executed "
			      "instructions of one operation, by symbol, counted by QEMU; the "
			      "greatest differences first. All of it: <a "
			      "href=\"attribution.jsonl\">attribution.jsonl</a>.</p>\n",
			      out);
		headed = true;
		print_workload(one, other, out);
	}
}
