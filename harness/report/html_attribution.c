// SPDX-License-Identifier: GPL-2.0
/* Where the subject's extra instructions go, symbol by symbol. */
#include <math.h>
#include <stdlib.h>

#include "harness/profile/difference.h"
#include "harness/report/cell.h"
#include "harness/report/html.h"
#include "harness/report/markup.h"
#include "harness/report/number.h"
#include "lib/cleanup.h"
#include "lib/file.h"

#define SVG_MAX ((size_t)16 << 20)
#define SHOWN	12
#define LEAST	0.005 /* of an instruction: what is less differs by how it was sampled */

static void print_signed(double value, FILE *out)
{
	fputs(value < 0 ? "−" : "+", out);
	number_print(out, fabs(value));
}

static void print_excess(const struct difference *row, FILE *out)
{
	double more = row->after - row->before;

	html(out, "<tr><th scope=\"row\" class=\"pin\"><code>%s</code></th><td>%s</td>",
	     row->symbol, row->image);
	html(out, "<td class=\"n\" data-v=\"%.6g\">", row->before);
	number_print(out, row->before);
	html(out, "</td><td class=\"n\" data-v=\"%.6g\">", row->after);
	number_print(out, row->after);
	html(out, "</td><td class=\"n\" data-v=\"%.6g\"><b class=\"low ink-%s\">", more,
	     more > 0 ? "worse" : "better");
	print_signed(more, out);
	fputs("</b></td></tr>\n", out);
}

static void print_rest(const struct difference *rows, size_t count, FILE *out)
{
	double one = 0, other = 0;

	for (size_t i = SHOWN; i < count; i++) {
		one += rows[i].after;
		other += rows[i].before;
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

static double each(const struct profile *profile)
{
	return profile->operations > 0 ? profile->instructions / profile->operations : 0;
}

static void print_table(const struct profile *before, const struct profile *after,
			const struct difference *rows, size_t count, FILE *out)
{
	html_table_begin("sortable", "Instructions by symbol", out);
	html(out,
	     "<thead><tr><th scope=\"col\" class=\"pin\">symbol</th><th scope=\"col\">in</th>"
	     "<th scope=\"col\" class=\"n\">%s</th><th scope=\"col\" class=\"n\">%s</th>"
	     "<th scope=\"col\" class=\"n\">difference</th></tr></thead>\n<tbody>\n",
	     before->configuration, after->configuration);
	for (size_t i = 0; i < count && i < SHOWN; i++)
		if (fabs(rows[i].after - rows[i].before) >= LEAST)
			print_excess(&rows[i], out);
	print_rest(rows, count, out);
	html_table_end(out);
}

/* The flame graph has a style of its own, so it stands in the page as an image of its own. */
static void print_flame(const struct report *report, const struct profile *before,
			const struct profile *after, FILE *out)
{
	autofree char *name = NULL, *path = NULL, *svg = NULL;
	struct error ignored;
	size_t size;

	if (asprintf(&name, "attribution-%s-%s-%s.svg", after->workload, before->configuration,
		     after->configuration) < 0 ||
	    asprintf(&path, "%s/%s", report->folder, name) < 0 ||
	    file_read(path, SVG_MAX, &svg, &size, &ignored))
		return;
	html(out,
	     "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Flame graph\"><img "
	     "class=\"flame\" alt=\"Flame graph of the differences in %s\" "
	     "src=\"data:image/svg+xml;base64,",
	     after->workload);
	html_base64(out, svg, size);
	html(out,
	     "\"></div>\n<p class=\"note\">Red: %s executes more there, blue: less. With names and "
	     "figures on pointing: <a href=\"%s\">%s</a>.</p>\n",
	     after->configuration, name, name);
}

static void print_workload(const struct report *report, const struct profile *before,
			   const struct profile *after, FILE *out)
{
	struct difference *rows = NULL;
	struct error ignored;
	size_t count = 0;

	html(out, "<h3 id=\"where-%s\">%s</h3>\n<p>One operation: ", after->workload,
	     after->workload);
	number_print(out, each(before));
	html(out, " instructions in %s, ", before->configuration);
	number_print(out, each(after));
	html(out, " in %s.</p>\n", after->configuration);
	if (!difference_make(before, after, &rows, &count, &ignored))
		print_table(before, after, rows, count, out);
	free(rows);
	print_flame(report, before, after, out);
}

/* The workload's two profiles that are compared; false: it has not both. */
static bool find_pair(const struct report *report, const struct workload *workload,
		      const struct profile **before, const struct profile **after)
{
	*after = profiles_find(&report->profiles, workload->name, SUBJECT);
	*before = profiles_find(&report->profiles, workload->name,
				summary_bases[report_first_base(workload)].configuration);
	return *before && *after;
}

bool html_has_attribution(const struct report *report)
{
	const struct profile *before, *after;

	for (unsigned int w = 0; w < workloads_count; w++)
		if (find_pair(report, workloads[w], &before, &after))
			return true;
	return false;
}

void html_attribution(const struct report *report, FILE *out)
{
	const struct profile *before, *after;

	if (!html_has_attribution(report))
		return;
	fputs("<h2 id=\"where\">Where the difference goes</h2>\n<p>Executed instructions of one "
	      "operation, by symbol, counted by QEMU; the greatest differences first. All of it: "
	      "<a href=\"attribution.jsonl\">attribution.jsonl</a>.</p>\n",
	      out);
	for (unsigned int w = 0; w < workloads_count; w++)
		if (find_pair(report, workloads[w], &before, &after))
			print_workload(report, before, after, out);
}
