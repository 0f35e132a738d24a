// SPDX-License-Identifier: GPL-2.0
/* The system calls that a workload makes. */
#include <stdlib.h>

#include "harness/report/cell.h"
#include "harness/report/html.h"
#include "harness/report/markup.h"
#include "harness/report/number.h"
#include "lib/cleanup.h"

#define SHOWN 15

static bool counted(const struct report *report, const struct workload *workload,
		    const struct configuration *configuration, const char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (calls_of(&report->calls, workload->name, configuration->name, names[i]) > 0)
			return true;
	return false;
}

static void print_row(const struct report *report, const struct workload *workload,
		      const char *call, const bool *columns, FILE *out)
{
	html(out, "<tr><th scope=\"row\" class=\"pin\"><code>%s</code></th>", call);
	for (unsigned int c = 0; c < configurations_count; c++) {
		double count =
			calls_of(&report->calls, workload->name, configurations[c].name, call);

		if (!columns[c])
			continue;
		html(out, "<td class=\"n\" data-v=\"%.6g\">", count);
		number_print(out, count);
		fputs("</td>", out);
	}
	fputs("</tr>\n", out);
}

void html_calls(const struct report *report, const struct workload *workload, FILE *out)
{
	autofree const char **names = NULL;
	size_t count = calls_names(&report->calls, workload->name, &names);
	autofree bool *columns = calloc(configurations_count, sizeof(*columns));

	if (!count || !columns)
		return;
	fputs("<details class=\"more\"><summary>System calls</summary>\n<p class=\"note\">Counted "
	      "in launches of their own, the runtime's calls included; the most frequent.</p>\n",
	      out);
	html_table_begin("sortable", "System calls", out);
	fputs("<thead><tr><th scope=\"col\" class=\"pin\">call</th>", out);
	for (unsigned int c = 0; c < configurations_count; c++) {
		columns[c] = counted(report, workload, &configurations[c], names, count);
		if (columns[c])
			html(out, "<th scope=\"col\" class=\"n\">%s</th>", configurations[c].name);
	}
	fputs("</tr></thead>\n<tbody>\n", out);
	for (size_t i = 0; i < count && i < SHOWN; i++)
		print_row(report, workload, names[i], columns, out);
	html_table_end(out);
	if (count > SHOWN)
		html(out,
		     "<p class=\"note\">%zu more: <a "
		     "href=\"syscalls.jsonl\">syscalls.jsonl</a>.</p>\n",
		     count - SHOWN);
	fputs("</details>\n", out);
}
