// SPDX-License-Identifier: GPL-2.0
#include "harness/report/verdict.h"

#include <string.h>

#include "harness/isolation-report.h"
#include "harness/report/cell.h"
#include "harness/report/number.h"
#include "lib/cleanup.h"

/* A ratio to a base is there only where a figure of the base is. */
static void print_against(const struct report *report, const struct figure *subject,
			  enum summary_base base, FILE *out)
{
	const char *name = summary_bases[base].configuration;

	if (!subject->ratios[base].n) {
		fprintf(out, "; %s was not measured beside it", name);
		return;
	}
	fprintf(out, "; %s ", name);
	number_print(out,
		     report_headline(report, subject->workload, report_base(base))->value.median);
	fputs(": ", out);
	number_verdict(out, &subject->ratios[base], subject->verdicts[base]);
}

static void print_subject(const struct report *report, const struct figure *subject, FILE *out)
{
	fputs(" vkernel ", out);
	number_print(out, subject->value.median);
	fprintf(out, " %s", workload_unit(subject->workload, subject->metric));
	if (subject->workload->outside) {
		print_against(report, subject, BASE_NATIVE, out);
	} else {
		print_against(report, subject, BASE_CRUN, out);
		print_against(report, subject, BASE_CRUN_SECURE, out);
	}
	fputc('.', out);
}

static void print_workload(const struct report *report, const struct workload *workload, FILE *out)
{
	const struct figure *subject = report_headline(report, workload, report_subject());
	const struct figure *rival =
		report_headline(report, workload, report_base(BASE_CRUN_SECURE));

	fprintf(out, "- **%s**:", workload->name);
	if (subject)
		print_subject(report, subject, out);
	else
		fputs(" vkernel was not measured.", out);
	if (rival && rival->ratios[BASE_CRUN].n) {
		fputs(" (crun-secure against crun: ", out);
		number_change(out, rival->ratios[BASE_CRUN].median);
		fputs(")", out);
	}
	fputc('\n', out);
}

static void print_reasons(const struct report *report, FILE *out)
{
	for (unsigned int w = 0; w < workloads_count; w++) {
		const char *reason = report_unmeasured(report, w);

		if (!reason)
			continue;
		fputs("**vkernel was not measured** in ", out);
		report_unmeasured_where(report, reason, out);
		fputs(": ", out);
		number_escape(out, reason);
		fputs("\n\n", out);
	}
}

/* A method that finds differences where there are none is not to be believed elsewhere. */
static void print_alarms(const struct report *report, FILE *out)
{
	for (size_t i = 0; i < report->summary.checks_count; i++) {
		const struct self_check *check = &report->summary.checks[i];

		if (report_alarming(check))
			fprintf(out,
				"**The verdicts of this run are to be doubted:** %s was called "
				"different from itself %u times in %u, which is more than 5 "
				"%%.\n\n",
				check->configuration->name, check->alarms, check->n);
	}
}

static void print_list(const json_t *texts, const char *title, FILE *out)
{
	json_t *each;
	size_t i;

	json_array_foreach(texts, i, each) {
		fprintf(out, "**%s:** ", title);
		number_escape(out, json_string_value(each) ? json_string_value(each) : "");
		fputs("\n\n", out);
	}
}

/* A guest whose kernel warned or failed may have measured anything. */
static void print_complaints(const struct report *report, FILE *out)
{
	const char *failure = report_attacks_failed(report);

	if (failure) {
		fputs("**The attacks failed, and say nothing:** ", out);
		number_escape(out, failure);
		fputs("\n\n", out);
	}
	print_list(json_object_get(report->environment, "lost"), "A guest was lost", out);
	print_list(json_object_get(report->environment, "complaints"),
		   "The guest's kernel complained", out);
}

static void print_end(const struct figure *figure, enum summary_base base, FILE *out)
{
	struct estimate cost = report_cost(&figure->ratios[base], figure->metric->better);

	number_change(out, cost.median);
	fprintf(out, " %s", figure->workload->name);
}

/* A mean hides what it is made of, and what it lacks: its size and its ends stand beside it. */
static void print_reach(const struct report *report, const struct mean *mean, FILE *out)
{
	unsigned int size = report_mean_size(report, mean->base, mean->kind);
	struct report_reach reach;

	if (mean->workloads_count < size)
		fprintf(out, "; %u of %u workloads", mean->workloads_count, size);
	else
		fprintf(out, "; %u workload%s", size, size == 1 ? "" : "s");
	if (!report_reach(report, mean, &reach))
		return;
	fputs("; from ", out);
	print_end(reach.least, mean->base, out);
	fputs(" to ", out);
	print_end(reach.most, mean->base, out);
}

static void print_mean(const struct report *report, enum summary_base base, enum kind kind,
		       FILE *out)
{
	const struct mean *mean = summary_mean(&report->summary, report_subject(), base, kind);

	fputc(' ', out);
	if (mean && mean->ratio.n) {
		number_verdict(out, &mean->ratio, mean->verdict);
		print_reach(report, mean, out);
	} else {
		unsigned int size = report_mean_size(report, base, kind);

		fputs("–", out);
		if (size)
			fprintf(out, "; 0 of %u workload%s", size, size == 1 ? "" : "s");
	}
	fputs(" |", out);
}

static void print_peer(const struct report *report, enum summary_base base, FILE *out)
{
	struct report_score score;

	if (!report_base(base) || !report_has_configuration(report, report_base(base)))
		return;
	score = report_score(report, base);
	fprintf(out, "| %s |", summary_bases[base].configuration);
	for (unsigned int kind = 0; kind < KINDS; kind++)
		print_mean(report, base, kind, out);
	fprintf(out, " %u slower, %u faster, %u the same", score.slower, score.faster, score.same);
	if (score.unknown)
		fprintf(out, ", %u unknown", score.unknown);
	if (score.missing)
		fprintf(out, ", %u without a figure", score.missing);
	fputs(" |\n", out);
}

static void print_peers(const struct report *report, FILE *out)
{
	fputs("What a container in a virtual kernel instance (vkernel) costs against each peer: "
	      "geometric means of the cost, + is dearer.\n\n| against |",
	      out);
	for (unsigned int kind = 0; kind < KINDS; kind++)
		fprintf(out, " %s |", report_kind(kind));
	fputs(" workloads |\n| --- | --- | --- | --- | --- |\n", out);
	for (unsigned int base = 0; base < BASES; base++)
		print_peer(report, base, out);
	fputc('\n', out);
}

/* What did not hold is the first that a reader asks for. */
static void print_leaks(const struct isolation *isolation, FILE *out)
{
	autofree char *names = isolation_leaks(isolation, SUBJECT);

	if (!names)
		return;
	fputs(" (LEAKED: ", out);
	number_escape(out, names);
	fputc(')', out);
}

static void print_held(const struct report *report, FILE *out)
{
	const struct isolation *isolation = &report->isolation;
	json_t *each;
	size_t i;

	if (!isolation->document) {
		fputs(report_attacks_failed(report)
			      ? "What held is not known: the attacks failed.\n\n"
			      : "What held: nothing was attacked in this run.\n\n",
		      out);
		return;
	}
	print_list(json_object_get(isolation->document, "failed"), "The attacked guest", out);
	if (isolation->untried)
		fprintf(out, "**%u attempts have no verdict.** ", isolation->untried);
	if (!isolation_has(isolation, SUBJECT))
		fputs("**vkernel was not attacked.** ", out);
	if (isolation->unexpected)
		fprintf(out, "**%u of the verdicts are not the expected ones.** ",
			isolation->unexpected);
	fputs("What held, of the attempts that this kernel can be attacked with:\n\n", out);
	json_array_foreach(isolation->configurations, i, each) {
		struct isolation_count count = isolation_count(isolation, json_string_value(each));

		fputs("- **", out);
		number_escape(out, json_string_value(each));
		fprintf(out, "**: %u of %u",
			count.verdicts[ISOLATION_BLOCKED] + count.verdicts[ISOLATION_VIRTUAL],
			count.tried - count.verdicts[ISOLATION_UNREACHED]);
		for (unsigned int v = 0; v < ISOLATION_VERDICTS; v++)
			if (count.verdicts[v])
				fprintf(out, "%s %u %s", v == ISOLATION_BLOCKED ? ":" : ",",
					count.verdicts[v], isolation_name(v));
		if (!strcmp(json_string_value(each), SUBJECT))
			print_leaks(isolation, out);
		fputc('\n', out);
	}
	fputc('\n', out);
}

static void print_clock(const struct report *report, FILE *out)
{
	fprintf(out, "\nClock: %s. Boots: ", clock_name(report->summary.clock));
	report_boots(report, out);
	fputs(". Ratios are paired within each boot; ", out);
	if (report->summary.boots < SUMMARY_BOOTS_MIN)
		fprintf(out, "fewer than %d boots leave the interval unknown.\n\n",
			SUMMARY_BOOTS_MIN);
	else
		fprintf(out,
			"a difference whose 95 %% interval holds 0 %% is called within noise, "
			"one of less than %g %% below minimum effect.\n\n",
			report->summary.minimum_effect * 100);
}

void verdict_print(const struct report *report, FILE *out)
{
	print_complaints(report, out);
	print_alarms(report, out);
	print_reasons(report, out);
	print_peers(report, out);
	print_held(report, out);
	fputs("## Workload by workload\n\nvkernel beside the same container in plain crun, and in "
	      "crun with a seccomp filter that holds the same rules (crun-secure); each change is "
	      "vkernel's, seen from the other:\n\n",
	      out);
	for (unsigned int w = 0; w < workloads_count; w++)
		if (report_has_workload(report, workloads[w]))
			print_workload(report, workloads[w], out);
	print_clock(report, out);
}

static void print_verdict(const json_t *verdict, FILE *out)
{
	if (!verdict)
		fputs(" – |", out);
	else
		fprintf(out, " %s%s |", isolation_word(verdict),
			isolation_as_expected(verdict) ? "" : " !");
}

void verdict_print_isolation(const struct report *report, FILE *out)
{
	const struct isolation *isolation = &report->isolation;
	json_t *scenario, *configuration;
	size_t i, j;

	if (!isolation->document)
		return;
	fputs("## What was attacked, and what held\n\nA ! marks a verdict that is not the expected "
	      "one; the evidence is in isolation.json, what the words mean in "
	      "docs/isolation.md.\n\n"
	      "| attempt |",
	      out);
	json_array_foreach(isolation->configurations, j, configuration) {
		fputc(' ', out);
		number_escape(out, json_string_value(configuration));
		fputs(" |", out);
	}
	fputs("\n| --- |", out);
	for (j = 0; j < json_array_size(isolation->configurations); j++)
		fputs(" --- |", out);
	fputc('\n', out);
	json_array_foreach(isolation->scenarios, i, scenario) {
		fputs("| ", out);
		number_escape(out, json_string_value(scenario));
		fputs(" |", out);
		json_array_foreach(isolation->configurations, j, configuration)
			print_verdict(isolation_find(isolation, json_string_value(scenario),
						     json_string_value(configuration)),
				      out);
		fputc('\n', out);
	}
	fputc('\n', out);
}
