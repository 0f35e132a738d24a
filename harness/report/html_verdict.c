// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "harness/report/cell.h"
#include "harness/report/html.h"
#include "harness/report/markup.h"
#include "harness/report/number.h"
#include "lib/cleanup.h"

static bool compared(const struct report *report, enum summary_base base)
{
	struct report_score score = report_score(report, base);

	return score.faster + score.slower + score.same + score.unknown > 0;
}

static void print_end(const struct figure *figure, enum summary_base base, FILE *out)
{
	struct estimate cost = report_cost(&figure->ratios[base], figure->metric->better);

	fputs("<span>", out);
	number_change(out, cost.median);
	html(out, "</span> <a href=\"#w-%s\">%s</a>", figure->workload->name,
	     figure->workload->name);
}

/* A mean hides what it is made of, and what it lacks: its size and its ends stand beside it. */
static void print_reach(const struct report *report, const struct mean *mean, FILE *out)
{
	unsigned int size = report_mean_size(report, mean->base, mean->kind);
	struct report_reach reach;

	fputs("<span class=\"reach\">", out);
	if (mean->workloads_count < size)
		html(out, "<b>%u of %u workloads</b>", mean->workloads_count, size);
	else
		html(out, "%u workload%s", size, size == 1 ? "" : "s");
	if (report_reach(report, mean, &reach)) {
		fputs(", from ", out);
		print_end(reach.least, mean->base, out);
		fputs(" to ", out);
		print_end(reach.most, mean->base, out);
	}
	fputs("</span>", out);
}

static void print_mean(const struct report *report, enum summary_base base, enum kind kind,
		       FILE *out)
{
	const struct mean *mean = summary_mean(&report->summary, report_subject(), base, kind);

	html(out, "<td data-label=\"%s\"><div>", report_kind(kind));
	if (mean && mean->ratio.n) {
		html_change(&mean->ratio, mean->verdict, out);
		print_reach(report, mean, out);
	} else {
		unsigned int size = report_mean_size(report, base, kind);

		fputs("–", out);
		if (size)
			html(out, "<span class=\"reach\"><b>0 of %u workload%s</b></span>", size,
			     size == 1 ? "" : "s");
	}
	fputs("</div></td>", out);
}

static void print_score(const struct report *report, enum summary_base base, FILE *out)
{
	struct report_score score = report_score(report, base);

	fputs("<td data-label=\"workloads\"><div>", out);
	if (score.slower)
		html(out, "<span class=\"worse\">%u slower</span> ", score.slower);
	if (score.faster)
		html(out, "<span class=\"better\">%u faster</span> ", score.faster);
	if (score.same)
		html(out, "<span class=\"same\">%u the same</span> ", score.same);
	if (score.unknown)
		html(out, "<span class=\"unknown\">%u unknown</span> ", score.unknown);
	if (score.missing)
		html(out, "<span class=\"unknown\">%u without a figure</span>", score.missing);
	fputs("</div></td>", out);
}

static bool in_run(const struct report *report, const struct configuration *configuration)
{
	return configuration && report_has_configuration(report, configuration);
}

/* Why a peer that was asked for has no figure at all. */
static void print_no_peer(const struct report *report, enum summary_base base, FILE *out)
{
	const char *reason = "no workload has figures of both";

	for (unsigned int w = 0; w < workloads_count; w++) {
		const struct absence *absence =
			report_absence(report, workloads[w], report_base(base));

		if (absence) {
			reason = absence->reason;
			break;
		}
	}
	html(out, "<td colspan=\"%d\">not compared: %s</td>", KINDS + 1, reason);
}

static void print_peer(const struct report *report, enum summary_base base, FILE *out)
{
	if (!in_run(report, report_base(base)))
		return;
	html(out, "<tr><th scope=\"row\" class=\"pin\">%s</th>", summary_bases[base].configuration);
	if (compared(report, base)) {
		for (unsigned int kind = 0; kind < KINDS; kind++)
			print_mean(report, base, kind, out);
		print_score(report, base, out);
	} else {
		print_no_peer(report, base, out);
	}
	fputs("</tr>\n", out);
}

/* One sentence: what it costs over the same container without a filter. */
static void print_lead(const struct report *report, enum summary_base base, FILE *out)
{
	const char *separator = ": ";

	html(out, "<p class=\"lead\">%s against %s", SUBJECT, summary_bases[base].configuration);
	for (unsigned int kind = 0; kind < KINDS; kind++) {
		const struct mean *mean =
			summary_mean(&report->summary, report_subject(), base, kind);

		if (!mean || !mean->ratio.n)
			continue;
		html(out, "%s%s <b class=\"ink-%s\">", separator, report_kind(kind),
		     change_class(mean->verdict));
		number_change(out, mean->ratio.median);
		html(out, "</b>%s",
		     mean->verdict == CHANGE_NOISE     ? " (within noise)"
		     : mean->verdict == CHANGE_UNKNOWN ? " (interval unknown)"
						       : "");
		separator = ", ";
	}
	fputs(".</p>\n", out);
}

static void print_costs(const struct report *report, FILE *out)
{
	fputs("<section class=\"card\" aria-labelledby=\"costs\"><h2 id=\"costs\">What it costs"
	      "</h2>\n",
	      out);
	if (compared(report, BASE_CRUN))
		print_lead(report, BASE_CRUN, out);
	html_table_begin("stack", "What vkernel costs against each peer", out);
	fputs("<thead><tr><th class=\"pin\" scope=\"col\">against</th>", out);
	for (unsigned int kind = 0; kind < KINDS; kind++)
		html(out, "<th scope=\"col\">%s</th>", report_kind(kind));
	fputs("<th scope=\"col\">workloads</th></tr></thead>\n<tbody>\n", out);
	for (unsigned int base = 0; base < BASES; base++)
		print_peer(report, base, out);
	html_table_end(out);
	fputs("<p class=\"note\">Geometric means of the cost, each workload's headline having the "
	      "same weight; + is dearer. Below each its 95 % interval over the boots, and the "
	      "workloads that are farthest from it. A workload counts as slower or faster where "
	      "its own interval leaves out no difference",
	      out);
	if (report->summary.minimum_effect > 0)
		html(out, " and the difference is %g %% or more",
		     report->summary.minimum_effect * 100);
	fputs(".</p></section>\n", out);
}

static void print_count(const struct isolation_count *count, FILE *out)
{
	fputs("<div class=\"counts\" aria-hidden=\"true\">", out);
	for (unsigned int v = 0; v < ISOLATION_VERDICTS; v++)
		if (count->verdicts[v])
			html(out, "<span class=\"bar-%s\" style=\"flex:%u\"></span>",
			     isolation_name(v), count->verdicts[v]);
	fputs("</div>", out);
	for (unsigned int v = 0; v < ISOLATION_VERDICTS; v++)
		if (count->verdicts[v])
			html(out, "<span class=\"v %s\">%u %s</span> ", isolation_name(v),
			     count->verdicts[v], isolation_name(v));
}

static void print_list(const json_t *texts, const char *title, FILE *out)
{
	json_t *each;
	size_t i;

	json_array_foreach(texts, i, each)
		html(out, "<p><b>%s:</b> %s</p>\n", title,
		     json_is_string(each) ? json_string_value(each) : "?");
}

/* What did not hold is the first that a reader asks for. */
static void print_leaks(const struct isolation *isolation, FILE *out)
{
	autofree char *names = isolation_leaks(isolation, SUBJECT);

	if (names)
		html(out, "<span class=\"leaks\">LEAKED: %s</span>", names);
}

static void print_holder(const struct isolation *isolation, const char *configuration, FILE *out)
{
	struct isolation_count count = isolation_count(isolation, configuration);

	html(out, "<li><b>%s</b> held %u of %u", configuration,
	     count.verdicts[ISOLATION_BLOCKED] + count.verdicts[ISOLATION_VIRTUAL],
	     count.tried - count.verdicts[ISOLATION_UNREACHED]);
	if (count.unexpected)
		html(out, ", <span class=\"worse\">%u not as expected</span>", count.unexpected);
	print_count(&count, out);
	if (!strcmp(configuration, SUBJECT))
		print_leaks(isolation, out);
	fputs("</li>\n", out);
}

static void print_surprise(const struct isolation *isolation, FILE *out)
{
	if (isolation->untried)
		html(out,
		     "<p class=\"lead\"><b class=\"ink-worse\">%u attempts have no "
		     "verdict</b>.</p>\n",
		     isolation->untried);
	if (!isolation_has(isolation, SUBJECT))
		html(out, "<p class=\"lead\"><b class=\"ink-worse\">%s was not attacked</b>.</p>\n",
		     SUBJECT);
	if (isolation->unexpected)
		html(out,
		     "<p class=\"lead\"><b class=\"ink-worse\">%u of the verdicts are not the "
		     "expected ones</b>: <a href=\"#isolation\">which</a>.</p>\n",
		     isolation->unexpected);
	else if (json_array_size(isolation->scenarios))
		fputs("<p class=\"lead\">Every verdict is the expected one.</p>\n", out);
}

static void print_held(const struct report *report, FILE *out)
{
	const struct isolation *isolation = &report->isolation;
	json_t *each;
	size_t i;

	fputs("<section class=\"card\" aria-labelledby=\"held\"><h2 id=\"held\">What held</h2>\n",
	      out);
	if (!isolation->document) {
		fputs(report_attacks_failed(report)
			      ? "<p>What held is not known: the attacks failed.</p></section>\n"
			      : "<p>This run attacked nothing. <code>vkbench run "
				"--isolation=yes</code> does.</p></section>\n",
		      out);
		return;
	}
	print_list(json_object_get(isolation->document, "failed"), "The attacked guest", out);
	print_surprise(isolation, out);
	fputs("<ul class=\"held\">\n", out);
	json_array_foreach(isolation->configurations, i, each)
		print_holder(isolation, json_string_value(each), out);
	fputs("</ul>\n<p class=\"note\">Held: BLOCKED or VIRTUAL, of the attempts that this kernel "
	      "can be attacked with. LEAKED in native is the control: there it has to work. "
	      "<a href=\"#isolation\">All of them</a>.</p></section>\n",
	      out);
}

void html_verdict(const struct report *report, FILE *out)
{
	fputs("<div class=\"verdict\">\n", out);
	print_costs(report, out);
	print_held(report, out);
	fputs("</div>\n", out);
}

static void print_reasons(const struct report *report, FILE *out)
{
	for (unsigned int w = 0; w < workloads_count; w++) {
		const char *reason = report_unmeasured(report, w);

		if (!reason)
			continue;
		html(out, "<p><b>%s was not measured</b> in ", SUBJECT);
		report_unmeasured_where(report, reason, out);
		html(out, ": %s</p>\n", reason);
	}
}

/* A method that finds differences where there are none is not to be believed elsewhere. */
static void print_alarms(const struct report *report, FILE *out)
{
	for (size_t i = 0; i < report->summary.checks_count; i++) {
		const struct self_check *check = &report->summary.checks[i];

		if (report_alarming(check))
			html(out,
			     "<p><b>The verdicts of this run are to be doubted:</b> %s was called "
			     "different from itself %u times in %u, which is more than 5 %%.</p>\n",
			     check->configuration->name, check->alarms, check->n);
	}
}

static void print_complaints(const struct report *report, FILE *out)
{
	const char *failure = report_attacks_failed(report);

	if (failure)
		html(out, "<p><b>The attacks failed, and say nothing:</b> %s</p>\n", failure);
	print_list(json_object_get(report->environment, "lost"), "A guest was lost", out);
	print_list(json_object_get(report->environment, "complaints"),
		   "The guest's kernel complained", out);
}

void html_alerts(const struct report *report, FILE *out)
{
	FILE *body;
	char *text = NULL;
	size_t size = 0;

	body = open_memstream(&text, &size);
	if (!body)
		return;
	print_complaints(report, body);
	print_alarms(report, body);
	print_reasons(report, body);
	fclose(body);
	if (size)
		fprintf(out, "<div class=\"alert\" role=\"note\">\n%s</div>\n", text);
	free(text);
}
