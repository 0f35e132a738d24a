// SPDX-License-Identifier: GPL-2.0
#include "harness/report/environment.h"

#include <string.h>

#include "harness/report/cell.h"
#include "harness/report/number.h"

const struct environment_fact environment_facts[] = {
	{"kernel", "kernel"},
	{"command_line", "kernel command line"},
	{"clock", "clock"},
	{"accelerator", "accelerator"},
	{"accelerator_reason", "why this accelerator"},
	{"processor", "processor of the guest"},
	{"microcode", "microcode of the guest"},
	{"clocksource", "clock source of the guest"},
	{"transparent_hugepage", "transparent huge pages of the guest"},
	{"speculative_store_bypass", "speculative store bypass of the guest"},
	{"image", "image of the guest"},
	{"memory", "memory of the guest, MiB"},
	{"commit", "commit"},
	{"seed", "seed"},
	{"started", "started"},
	{"quick", "quick run"},
	{"host", "host"},
	{"mitigations", "mitigations"},
	{"modules", "modules (sha256)"},
	{"programs", "programs in the guest (sha256)"},
	{"packages", "packages of the guest"},
	{NULL, NULL},
};

static void print_map(const json_t *map, FILE *out);

static void print_value(const json_t *value, FILE *out)
{
	if (json_is_object(value)) {
		fputc('(', out);
		print_map(value, out);
		fputc(')', out);
	} else if (json_is_string(value)) {
		number_escape(out, json_string_value(value));
	} else if (json_is_integer(value)) {
		fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
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
		fputs(separator, out);
		number_escape(out, key);
		fputc(' ', out);
		print_value(value, out);
		separator = "; ";
	}
}

static void print_previous(const struct report *report, FILE *out)
{
	if (!report->previous_name)
		return;
	fputs("- previous run: ", out);
	number_escape(out, report->previous_name);
	if (!report->previous)
		fprintf(out, ", not shown: %s", report->previous_no);
	fputc('\n', out);
}

static void print_fact(const struct report *report, const struct environment_fact *fact, FILE *out)
{
	const json_t *value = json_object_get(report->environment, fact->key);

	if (!value || (json_is_object(value) && !json_object_size(value)))
		return;
	fprintf(out, "- %s: ", fact->label);
	if (json_is_object(value))
		print_map(value, out);
	else
		print_value(value, out);
	if (!strcmp(fact->key, "commit") &&
	    json_is_true(json_object_get(report->environment, "dirty")))
		fputs(", with uncommitted changes", out);
	fputc('\n', out);
}

void environment_print(const struct report *report, FILE *out)
{
	fputs("## Environment\n\n", out);
	for (const struct environment_fact *fact = environment_facts; fact->key; fact++)
		print_fact(report, fact, out);
	print_previous(report, out);
	fputc('\n', out);
}

static const char instructions[] =
	"The clock of this run counts instructions: the guest ran under QEMU's instruction "
	"counting, where one nanosecond of the guest is one executed instruction and idle time is "
	"skipped to the next timer. A figure is thus the length of the path through kernel and "
	"program, and repeats to a fraction of a percent on any machine. It knows nothing of "
	"caches, branch prediction, memory latency or parallel processors (the guest has one), and "
	"it is not a time: 1 ms is a million instructions or as much skipped waiting.";

static const char wall[] =
	"The clock of this run is wall time in a guest under KVM: caches, frequency and neighbours "
	"on the host are in the figures.";

static const char visits[] =
	"Each boot settles for 30 seconds of its own clock, then visits its workloads (long ones "
	"not in every boot) in a shuffled order, and within a workload the configurations. What "
	"warms the caches is thrown away: a launch, or a program's first batch; programs whose own "
	"time is that of long work (pwgen, hackbench, sysbench, perf bench, ab, redis, pgbench) "
	"are launched once. Times are taken without counters attached; the counters come from a "
	"launch of their own. No sample is left out.";

static const char statistics[] =
	"The median of a boot's samples is that boot's value, the median over boots the figure; a "
	"ratio is made within each boot before the median. Intervals are of 95 %, over the boots, "
	"and unknown with fewer than three. How they are made: docs/method.md. The raw samples "
	"are in samples.jsonl; vkbench report makes this page from them.";

const char *method_text(const struct report *report, unsigned int paragraph)
{
	switch (paragraph) {
	case 0:
		return report->summary.clock == CLOCK_INSTRUCTIONS ? instructions : wall;
	case 1:
		return visits;
	case 2:
		return statistics;
	default:
		return NULL;
	}
}

void method_repeat(const struct report *report, enum kind kind, FILE *out)
{
	const struct repeatability *repeat = &report->summary.repeats[kind];

	fprintf(out, "%s: over the boots %.2f %% apart in the median, at most %.2f %% (%s in %s); ",
		report_kind(kind), repeat->median * 100, repeat->most * 100,
		repeat->widest->workload->name, repeat->widest->configuration->name);
	fprintf(out, "%u of %u figures more than %g %%", repeat->beyond, repeat->n,
		repeat->target * 100);
}
