// SPDX-License-Identifier: GPL-2.0
/* What is said once, at the page's end: context, method, where the figures were read, raw files. */
#include <string.h>
#include <unistd.h>

#include "harness/report/cell.h"
#include "harness/report/environment.h"
#include "harness/report/html.h"
#include "harness/report/markup.h"
#include "harness/report/published.h"
#include "lib/cleanup.h"

void html_published(FILE *out)
{
	fputs("<h2 id=\"published\">What others have published</h2>\n<p>Read from other machines, "
	      "kernels and clocks than this run's: context, and comparable with none of the "
	      "figures above.</p>\n",
	      out);
	html_table_begin("published", "Figures that others have published", out);
	fputs("<thead><tr><th scope=\"col\">what</th><th scope=\"col\">figures</th><th "
	      "scope=\"col\">where from</th></tr></thead>\n<tbody>\n",
	      out);
	for (const struct published *row = published; row->what; row++)
		html(out, "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td></tr>\n", row->what,
		     row->figures, row->source);
	html_table_end(out);
}

static void print_checks(const struct report *report, FILE *out)
{
	if (!report->summary.checks_count)
		return;
	fputs("<h3>How often this method is wrong</h3>\n<p>In each boot a configuration was also "
	      "compared with itself, so that each difference that is claimed there is a false "
	      "alarm.</p>\n",
	      out);
	html_table_begin("checks", "False alarms", out);
	fputs("<thead><tr><th scope=\"col\" class=\"pin\">configuration</th><th scope=\"col\" "
	      "class=\"n\">comparisons</th><th scope=\"col\" class=\"n\">false alarms</th><th "
	      "scope=\"col\" class=\"n\">rate</th><th scope=\"col\" class=\"n\">intervals without "
	      "1</th></tr></thead>\n<tbody>\n",
	      out);
	for (size_t i = 0; i < report->summary.checks_count; i++) {
		const struct self_check *check = &report->summary.checks[i];

		html(out,
		     "<tr><th scope=\"row\" class=\"pin\">%s</th><td class=\"n\">%u</td><td "
		     "class=\"n\">%u</td><td class=\"n\">",
		     check->configuration->name, check->n, check->alarms);
		if (check->n)
			html(out, "%.1f %%", self_check_rate(check) * 100);
		else
			fputs("–", out);
		html(out, "</td><td class=\"n\">%u</td></tr>\n", check->outside);
	}
	html_table_end(out);
}

static void print_repeats(const struct report *report, FILE *out)
{
	fputs("<h3>How far it repeats</h3>\n<p>Standard deviation of one configuration's figures, "
	      "of three boots or more:</p>\n<ul>\n",
	      out);
	for (enum kind kind = 0; kind < KINDS; kind++) {
		if (!report->summary.repeats[kind].n)
			continue;
		fputs("<li>", out);
		method_repeat(report, kind, out);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

void html_method(const struct report *report, FILE *out)
{
	fputs("<h2 id=\"method\">How it was measured</h2>\n", out);
	for (unsigned int i = 0; method_text(report, i); i++)
		html(out, "<p>%s</p>\n", method_text(report, i));
	print_checks(report, out);
	if (report_repeats(report))
		print_repeats(report, out);
}

static void print_map(const json_t *map, FILE *out);

static void print_value(const json_t *value, FILE *out)
{
	if (json_is_object(value)) {
		fputc('(', out);
		print_map(value, out);
		fputc(')', out);
	} else if (json_is_string(value)) {
		html(out, "%s", json_string_value(value));
	} else if (json_is_integer(value)) {
		fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	} else if (json_is_real(value)) {
		html(out, "%g", json_real_value(value));
	} else if (json_is_boolean(value)) {
		fputs(json_is_true(value) ? "yes" : "no", out);
	} else {
		fputs("unknown", out);
	}
}

static void print_map(const json_t *map, FILE *out)
{
	const char *key, *separator = "";
	json_t *value;

	json_object_foreach((json_t *)map, key, value) {
		html(out, "%s%s ", separator, key);
		print_value(value, out);
		separator = "; ";
	}
}

static void print_fact(const struct report *report, const struct environment_fact *fact, FILE *out)
{
	const json_t *value = json_object_get(report->environment, fact->key);

	if (!value || (json_is_object(value) && !json_object_size(value)))
		return;
	html(out, "<dt>%s</dt><dd>", fact->label);
	if (json_is_object(value))
		print_map(value, out);
	else
		print_value(value, out);
	if (!strcmp(fact->key, "commit") &&
	    json_is_true(json_object_get(report->environment, "dirty")))
		fputs(", with uncommitted changes", out);
	fputs("</dd>\n", out);
}

void html_environment(const struct report *report, FILE *out)
{
	fputs("<h2 id=\"environment\">Where it was measured</h2>\n<dl class=\"env\">\n", out);
	for (const struct environment_fact *fact = environment_facts; fact->key; fact++)
		print_fact(report, fact, out);
	if (report->previous_name)
		html(out, "<dt>previous run</dt><dd>%s%s%s</dd>\n", report->previous_name,
		     report->previous_no ? ", not shown: " : "",
		     report->previous_no ? report->previous_no : "");
	fputs("</dl>\n", out);
}

/* What a run's folder may hold, for those who trust no report. */
static const struct {
	const char *name, *what;
} raw_files[] = {
	{"samples.jsonl", "every sample as it came"},
	{"missing.jsonl", "every visit without a figure, with the reason"},
	{"histograms.jsonl", "distributions that the kernel's tracepoints gave"},
	{"syscalls.jsonl", "system calls, counted"},
	{"attribution.jsonl", "instructions by symbol"},
	{"isolation.json", "every verdict with its evidence"},
	{"env.json", "where it was measured, seeds, each boot's QEMU"},
	{"summary.json", "figures, intervals, ratios"},
	{"console.log", "consoles of the guests"},
	{"report.md", "this report for a terminal and a mail"},
};

void html_files(const struct report *report, FILE *out)
{
	fputs("<h2 id=\"files\">Raw data</h2>\n<p>Beside this page, in the run's folder. "
	      "<code>vkbench report FOLDER</code> makes the page anew from them.</p>\n"
	      "<dl class=\"env\">\n",
	      out);
	for (size_t i = 0; i < sizeof(raw_files) / sizeof(raw_files[0]); i++) {
		autofree char *path = NULL;

		if (asprintf(&path, "%s/%s", report->folder, raw_files[i].name) < 0 ||
		    access(path, F_OK))
			continue;
		html(out, "<dt><a href=\"%s\">%s</a></dt><dd>%s</dd>\n", raw_files[i].name,
		     raw_files[i].name, raw_files[i].what);
	}
	fputs("</dl>\n", out);
}
