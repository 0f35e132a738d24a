// SPDX-License-Identifier: GPL-2.0
#include "harness/report/verdict.h"

#include <string.h>

#include "harness/report/number.h"

#define SUBJECT "vkernel"
#define RIVAL	"crun-secure"

static const struct figure *headline(const struct report *report, const struct workload *workload,
				     const char *configuration)
{
	const struct metric *metric = workload_headline(workload, report->summary.clock);
	const struct configuration *row = configuration_find(configuration);

	return metric && row ? summary_find(&report->summary, workload, row, metric) : NULL;
}

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
	number_print(out, headline(report, subject->workload, name)->value.median);
	fputs(": ", out);
	number_verdict(out, &subject->ratios[base], subject->metric->better);
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
	const struct figure *subject = headline(report, workload, SUBJECT);
	const struct figure *rival = headline(report, workload, RIVAL);

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

/* Whether an earlier workload has already given this reason. */
static bool said_before(const struct report *report, unsigned int workload, const char *reason,
			const struct configuration *subject)
{
	for (unsigned int w = 0; w < workload; w++) {
		const struct absence *absence = report_absence(report, workloads[w], subject);

		if (absence && !headline(report, workloads[w], SUBJECT) &&
		    !strcmp(absence->reason, reason))
			return true;
	}
	return false;
}

static void print_reasons(const struct report *report, FILE *out)
{
	const struct configuration *subject = configuration_find(SUBJECT);

	for (unsigned int w = 0; subject && w < workloads_count; w++) {
		const struct absence *absence = report_absence(report, workloads[w], subject);

		if (!absence || headline(report, workloads[w], SUBJECT) ||
		    said_before(report, w, absence->reason, subject))
			continue;
		fputs("**vkernel was not measured:** ", out);
		number_escape(out, absence->reason);
		fputs("\n\n", out);
	}
}

/* A guest whose kernel warned or failed may have measured anything. */
static void print_complaints(const struct report *report, FILE *out)
{
	json_t *each;
	size_t i;

	json_array_foreach(json_object_get(report->environment, "complaints"), i, each) {
		fputs("**The guest's kernel complained:** ", out);
		number_escape(out, json_string_value(each) ? json_string_value(each) : "");
		fputs("\n\n", out);
	}
}

void verdict_print(const struct report *report, FILE *out)
{
	print_complaints(report, out);
	print_reasons(report, out);
	fputs("What a container in a virtual kernel instance (vkernel) costs, beside the same "
	      "container in plain crun, and in crun with a seccomp filter that holds the same "
	      "rules (crun-secure); each change is vkernel's, seen from the other:\n\n",
	      out);
	for (unsigned int w = 0; w < workloads_count; w++)
		if (report_has_workload(report, workloads[w]))
			print_workload(report, workloads[w], out);
	fprintf(out, "\nClock: %s. Boots: %u. Ratios are paired within each boot; ",
		clock_name(report->summary.clock), report->summary.boots);
	if (report->summary.boots < SUMMARY_BOOTS_MIN)
		fprintf(out, "fewer than %d boots leave the interval unknown.\n\n",
			SUMMARY_BOOTS_MIN);
	else
		fputs("a difference whose 95 % interval holds 0 % is called within noise.\n\n",
		      out);
}
