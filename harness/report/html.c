// SPDX-License-Identifier: GPL-2.0
/* report.html: one file, which asks nobody for anything. */
#include "harness/report/html.h"

#include <stdlib.h>
#include <string.h>

#include "harness/report/cell.h"
#include "harness/report/markup.h"
#include "harness/report/plot.h"
#include "lib/cleanup.h"
#include "lib/file.h"

#define ASSET(name, path)                                          \
	asm(".pushsection .rodata\n"                               \
	    ".global " #name "\n" #name ": .incbin \"" path "\"\n" \
	    ".byte 0\n.popsection");                               \
	extern const char name[]

ASSET(page_style, "harness/report/page.css");
ASSET(page_script, "harness/report/page.js");

static const struct {
	const char *anchor, *title;
} sections[] = {
	{"workloads", "Workloads"}, {"isolation", "Isolation"},
	{"plots", "Plots"},	    {"glance", "Configurations"},
	{"rows", "Every figure"},   {"published", "Published figures"},
	{"method", "Method"},	    {"environment", "Environment"},
	{"files", "Raw data"},
};

static void print_head(const struct report *report, FILE *out)
{
	html(out,
	     "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	     "<meta name=\"color-scheme\" content=\"light dark\">\n"
	     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	     "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
	     "<link rel=\"icon\" href=\"data:,\">\n"
	     "<title>vKernel: what it costs, what it holds (%s)</title>\n<style>\n",
	     report->samples.run);
	fprintf(out, "%s</style>\n</head>\n<body>\n", page_style);
}

static const char *fact(const struct report *report, const char *key)
{
	const char *value = json_string_value(json_object_get(report->environment, key));

	return value ? value : "unknown";
}

static void print_title(const struct report *report, FILE *out)
{
	html(out,
	     "<header>\n<h1>What a virtual kernel costs, and what it holds</h1>\n"
	     "<ul class=\"facts\">\n<li>Run <b>%s</b></li>\n<li>Kernel <b>%s</b></li>\n"
	     "<li>Clock <b>%s</b></li>\n<li>Boots <b>",
	     report->samples.run, fact(report, "kernel"), clock_name(report->summary.clock));
	report_boots(report, out);
	html(out,
	     "</b></li>\n<li>Accelerator <b>%s</b></li>\n</ul>\n"
	     "<nav aria-label=\"Sections\"><ul>\n",
	     fact(report, "accelerator"));
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		html(out, "<li><a href=\"#%s\">%s</a></li>\n", sections[i].anchor,
		     sections[i].title);
	if (html_has_attribution(report))
		fputs("<li><a href=\"#where\">Where it goes</a></li>\n", out);
	fputs("</ul></nav>\n</header>\n", out);
}

static int print_drawing(const struct report *report, const struct drawing *drawing, FILE *out,
			 struct error *err)
{
	const char *level = drawing->workload ? "h4" : "h3";

	html(out, "<figure id=\"plot-%s\"><%s>%s</%s>\n", drawing->name, level, drawing->title,
	     level);
	if (plot_inline(report, drawing, out, err))
		return -1;
	html(out, "<figcaption>%s</figcaption></figure>\n", drawing->caption);
	return 0;
}

int html_drawings(const struct report *report, const struct workload *workload, FILE *out,
		  struct error *err)
{
	bool begun = false;

	for (size_t i = 0; i < report->drawings.count; i++) {
		if (report->drawings.rows[i].workload != workload)
			continue;
		if (!begun)
			fputs("<div class=\"plots\">\n", out);
		begun = true;
		if (print_drawing(report, &report->drawings.rows[i], out, err))
			return -1;
	}
	if (begun)
		fputs("</div>\n", out);
	return 0;
}

int html_plots(const struct report *report, FILE *out, struct error *err)
{
	fputs("<h2 id=\"plots\">Plots</h2>\n", out);
	if (!report->drawings.count)
		fputs("<p>No plot: nothing was measured beside crun.</p>\n", out);
	return html_drawings(report, NULL, out, err);
}

static int print_body(const struct report *report, FILE *out, struct error *err)
{
	print_title(report, out);
	fputs("<main>\n", out);
	html_alerts(report, out);
	html_verdict(report, out);
	html_workloads(report, out);
	html_isolation(report, out);
	if (html_plots(report, out, err))
		return -1;
	html_glance(report, out);
	if (html_rows(report, out, err))
		return -1;
	html_attribution(report, out);
	html_published(out);
	html_method(report, out);
	html_environment(report, out);
	html_files(report, out);
	fprintf(out, "</main>\n<script>\n%s</script>\n</body>\n</html>\n", page_script);
	return 0;
}

int html_write(const struct report *report, struct error *err)
{
	autofree char *text = NULL, *path = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int result;

	if (!out)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for report.html");
	print_head(report, out);
	result = print_body(report, out, err);
	if (fclose(out) || asprintf(&path, "%s/report.html", report->folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for report.html");
	return result ? -1 : file_write(path, text, size, err);
}
