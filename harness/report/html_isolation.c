// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "harness/isolation-report.h"
#include "harness/report/cell.h"
#include "harness/report/html.h"
#include "harness/report/markup.h"

#define LINES 12 /* of each list of evidence; isolation.json has all of it */

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

static void print_legend(FILE *out)
{
	fputs("<ul class=\"legend\">\n", out);
	for (unsigned int v = 0; v < ISOLATION_VERDICTS; v++)
		html(out, "<li><span class=\"v %s\">%s</span> %s</li>\n", isolation_name(v),
		     isolation_name(v), isolation_meaning(v));
	fputs("<li><span class=\"v UNREACHED odd\">outlined, with a !</span> not the verdict that "
	      "the scenario expects</li></ul>\n",
	      out);
}

static void print_list(const json_t *evidence, const char *key, const char *title, FILE *out)
{
	const json_t *list = json_object_get(evidence, key);
	json_t *each;
	size_t i;

	if (!json_array_size(list))
		return;
	html(out, "<p>%s:</p><ul>", title);
	json_array_foreach((json_t *)list, i, each) {
		if (i == LINES) {
			html(out, "<li>and %zu more</li>", json_array_size(list) - i);
			break;
		}
		html(out, "<li>%s</li>", json_is_string(each) ? json_string_value(each) : "?");
	}
	fputs("</ul>", out);
}

static void print_refusals(const json_t *evidence, FILE *out)
{
	json_t *refusals = json_object_get(evidence, "refusals"), *count;
	const char *how, *separator = ": ";

	if (!json_is_integer(json_object_get(evidence, "refused")))
		return;
	html(out, "<p>refused %d times",
	     (int)json_integer_value(json_object_get(evidence, "refused")));
	json_object_foreach(refusals, how, count) {
		html(out, "%s%s ×%d", separator, how, (int)json_integer_value(count));
		separator = ", ";
	}
	fputs("</p>", out);
}

static void print_evidence(const json_t *verdict, FILE *out)
{
	const json_t *evidence = json_object_get(verdict, "evidence");

	html(out, "<div><p><b>%s</b> <span class=\"v %s\">%s</span></p>",
	     text(verdict, "configuration"), isolation_word(verdict), isolation_word(verdict));
	if (*text(evidence, "reason"))
		html(out, "<p>%s</p>", text(evidence, "reason"));
	print_list(evidence, "reached", "reached", out);
	print_list(evidence, "private", "worked on its own state", out);
	print_list(evidence, "failed", "has to work and did not", out);
	print_list(evidence, "untold", "unexplained", out);
	print_list(evidence, "log", "the kernel's log", out);
	print_refusals(evidence, out);
	fputs("</div>\n", out);
}

static void print_cell(const json_t *verdict, const char *configuration, FILE *out)
{
	html(out, "<td data-label=\"%s\">", configuration);
	if (!verdict)
		fputs("–", out);
	else if (isolation_as_expected(verdict))
		html(out, "<span class=\"v %s\">%s</span>", isolation_word(verdict),
		     isolation_word(verdict));
	else
		html(out,
		     "<span class=\"v %s odd\">%s !</span><span class=\"low\">expected %s</span>",
		     isolation_word(verdict), isolation_word(verdict), text(verdict, "expected"));
	fputs("</td>", out);
}

/* The verdict of the scenario in the first configuration that has one. */
static const json_t *first_of(const struct isolation *isolation, const char *scenario)
{
	const json_t *verdict = NULL;
	json_t *each;
	size_t i;

	json_array_foreach(isolation->configurations, i, each)
		if ((verdict = isolation_find(isolation, scenario, json_string_value(each))))
			break;
	return verdict;
}

static void print_scenario(const struct isolation *isolation, const char *scenario, FILE *out)
{
	const char *summary = text(first_of(isolation, scenario), "summary");
	json_t *each;
	size_t i;

	html(out,
	     "<tr id=\"s-%s\"><th scope=\"row\" class=\"pin\"><details><summary>%s</summary>"
	     "</details>",
	     scenario, scenario);
	if (*summary)
		html(out, "<span class=\"what\">%s</span>", summary);
	fputs("</th>", out);
	json_array_foreach(isolation->configurations, i, each)
		print_cell(isolation_find(isolation, scenario, json_string_value(each)),
			   json_string_value(each), out);
	html(out, "</tr>\n<tr class=\"evidence\"><td colspan=\"%zu\"><div class=\"panel\">\n",
	     json_array_size(isolation->configurations) + 1);
	json_array_foreach(isolation->configurations, i, each) {
		const json_t *verdict =
			isolation_find(isolation, scenario, json_string_value(each));

		if (verdict)
			print_evidence(verdict, out);
	}
	fputs("</div></td></tr>\n", out);
}

static void print_head(const struct isolation *isolation, FILE *out)
{
	json_t *each;
	size_t i;

	html_table_begin("matrix", "Verdict of each attempt in each configuration", out);
	fputs("<thead><tr><th scope=\"col\" class=\"pin\">attempt</th>", out);
	json_array_foreach(isolation->configurations, i, each)
		html(out, "<th scope=\"col\">%s</th>", json_string_value(each));
	fputs("</tr></thead>\n<tbody>\n", out);
}

static const char *group_of(const struct isolation *isolation, size_t scenario)
{
	const json_t *name = json_array_get(isolation->scenarios, scenario);

	return text(first_of(isolation, json_string_value(name)), "group");
}

static bool is_first_of_group(const struct isolation *isolation, size_t scenario)
{
	for (size_t i = 0; i < scenario; i++)
		if (!strcmp(group_of(isolation, i), group_of(isolation, scenario)))
			return false;
	return true;
}

static void print_group(const struct isolation *isolation, const char *group, FILE *out)
{
	json_t *each;
	size_t i;

	if (*group)
		html(out,
		     "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"%zu\">%s</th></tr>\n",
		     json_array_size(isolation->configurations) + 1, group);
	json_array_foreach(isolation->scenarios, i, each)
		if (!strcmp(group_of(isolation, i), group))
			print_scenario(isolation, json_string_value(each), out);
}

static void print_matrix(const struct isolation *isolation, FILE *out)
{
	print_head(isolation, out);
	for (size_t i = 0; i < json_array_size(isolation->scenarios); i++)
		if (is_first_of_group(isolation, i))
			print_group(isolation, group_of(isolation, i), out);
	html_table_end(out);
}

void html_isolation(const struct report *report, FILE *out)
{
	const struct isolation *isolation = &report->isolation;

	fputs("<h2 id=\"isolation\">What was attacked, and what held</h2>\n", out);
	if (!isolation->document) {
		fputs(report_attacks_failed(report)
			      ? "<p>The attacks failed, and left no verdicts.</p>\n"
			      : "<p>Nothing was attacked in this run: its folder has no "
				"isolation.json.</p>\n",
		      out);
		return;
	}
	html(out,
	     "<p>A row is a thing that must not be possible, a column a way to run the program "
	     "that tries it. Open a row for its evidence. Guest: kernel %s, accelerator %s. What "
	     "each attempt does, and why a verdict can be believed: docs/isolation.md.</p>\n",
	     text(isolation->document, "kernel"), text(isolation->document, "accelerator"));
	print_legend(out);
	print_matrix(isolation, out);
}
