// SPDX-License-Identifier: GPL-2.0
/* metrics.prom: the last run for a node exporter's textfile collector. */
#include <string.h>
#include <time.h>

#include "harness/export.h"

#define PREFIX "vkernel_bench_"

void export_label(const char *text, FILE *out)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			fputc('\\', out);
		if (*text == '\n')
			fputs("\\n", out);
		else
			fputc(*text, out);
	}
	fputc('"', out);
}

static void print_family(const char *name, const char *help, FILE *out)
{
	fprintf(out, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s gauge\n", name, help, name);
}

static void print_label(const char *separator, const char *name, const char *value, FILE *out)
{
	fprintf(out, "%s%s=", separator, name);
	export_label(value, out);
}

static const char *fact(const struct exported *exported, const char *key)
{
	const char *text = json_string_value(json_object_get(exported->environment, key));

	return text ? text : "";
}

/* "name{kernel=,clock=,workload=,configuration=,metric=,unit=", without the end. */
static void print_figure(const struct exported *exported, const char *name,
			 const struct figure *figure, FILE *out)
{
	fprintf(out, PREFIX "%s{", name);
	print_label("", "kernel", fact(exported, "kernel"), out);
	print_label(",", "clock", clock_name(exported->summary->clock), out);
	print_label(",", "workload", figure->workload->name, out);
	print_label(",", "configuration", figure->configuration->name, out);
	print_label(",", "metric", figure->metric->name, out);
	print_label(",", "unit", workload_unit(figure->workload, figure->metric), out);
}

enum part { PART_MEDIAN, PART_LOW, PART_HIGH };

static bool part_known(const struct estimate *estimate, enum part part)
{
	return part == PART_MEDIAN ? estimate->n > 0 : estimate->spread;
}

static double part_of(const struct estimate *estimate, enum part part)
{
	return part == PART_MEDIAN ? estimate->median
	       : part == PART_LOW  ? estimate->low
				   : estimate->high;
}

static void print_values(const struct exported *exported, const char *name, enum part part,
			 FILE *out)
{
	for (size_t i = 0; i < exported->summary->count; i++) {
		const struct figure *figure = &exported->summary->figures[i];

		if (!part_known(&figure->value, part))
			continue;
		print_figure(exported, name, figure, out);
		fprintf(out, "} %.10g\n", part_of(&figure->value, part));
	}
}

static void print_ratios(const struct exported *exported, const char *name, enum part part,
			 FILE *out)
{
	for (size_t i = 0; i < exported->summary->count; i++)
		for (int base = 0; base < BASES; base++) {
			const struct figure *figure = &exported->summary->figures[i];

			if (!part_known(&figure->ratios[base], part))
				continue;
			print_figure(exported, name, figure, out);
			print_label(",", "base", summary_bases[base].configuration, out);
			fprintf(out, "} %.10g\n", part_of(&figure->ratios[base], part));
		}
}

static void print_means(const struct exported *exported, const char *name, enum part part,
			FILE *out)
{
	for (size_t i = 0; i < exported->summary->means_count; i++) {
		const struct mean *mean = &exported->summary->means[i];

		if (!part_known(&mean->ratio, part))
			continue;
		fprintf(out, PREFIX "%s{", name);
		print_label("", "kernel", fact(exported, "kernel"), out);
		print_label(",", "clock", clock_name(exported->summary->clock), out);
		print_label(",", "configuration", mean->configuration->name, out);
		print_label(",", "base", summary_bases[mean->base].configuration, out);
		print_label(",", "kind", kind_name(mean->kind), out);
		fprintf(out, "} %.10g\n", part_of(&mean->ratio, part));
	}
}

static const struct {
	const char *name, *help;
	void (*print)(const struct exported *, const char *, enum part, FILE *);
	enum part part;
} families[] = {
	{"median", "Median over the boots of a run.", print_values, PART_MEDIAN},
	{"low", "Lower end of the 95 % interval of the median.", print_values, PART_LOW},
	{"high", "Upper end of the 95 % interval of the median.", print_values, PART_HIGH},
	{"ratio", "Paired ratio to the base, median over the boots.", print_ratios, PART_MEDIAN},
	{"ratio_low", "Lower end of the ratio's 95 % interval.", print_ratios, PART_LOW},
	{"ratio_high", "Upper end of the ratio's 95 % interval.", print_ratios, PART_HIGH},
	{"geometric_mean", "Geometric mean of cost ratios over the workloads of a kind.",
	 print_means, PART_MEDIAN},
	{"geometric_mean_low", "Lower end of the mean's 95 % interval.", print_means, PART_LOW},
	{"geometric_mean_high", "Upper end of the mean's 95 % interval.", print_means, PART_HIGH},
};

static void print_checks(const struct exported *exported, FILE *out)
{
	const struct summary *summary = exported->summary;

	print_family("self_check_comparisons",
		     "Comparisons of a configuration with itself in this run.", out);
	for (size_t i = 0; i < summary->checks_count; i++) {
		fputs(PREFIX "self_check_comparisons{", out);
		print_label("", "configuration", summary->checks[i].configuration->name, out);
		fprintf(out, "} %u\n", summary->checks[i].n);
	}
	print_family("self_check_alarms", "How many of them were called different.", out);
	for (size_t i = 0; i < summary->checks_count; i++) {
		fputs(PREFIX "self_check_alarms{", out);
		print_label("", "configuration", summary->checks[i].configuration->name, out);
		fprintf(out, "} %u\n", summary->checks[i].alarms);
	}
}

static void print_run(const struct exported *exported, FILE *out)
{
	struct tm parts = {0};

	print_family("info", "The run that these figures are of.", out);
	fputs(PREFIX "info{", out);
	print_label("", "run", exported->samples->run, out);
	print_label(",", "kernel", fact(exported, "kernel"), out);
	print_label(",", "clock", clock_name(exported->summary->clock), out);
	print_label(",", "commit", fact(exported, "commit"), out);
	fputs("} 1\n", out);
	print_family("boots", "Boots that the run has figures of.", out);
	fprintf(out, PREFIX "boots %u\n", exported->summary->boots);
	if (!strptime(fact(exported, "started"), "%Y-%m-%dT%H:%M:%SZ", &parts))
		return;
	print_family("started_seconds", "When the run began, in seconds since 1970.", out);
	fprintf(out, PREFIX "started_seconds %lld\n", (long long)timegm(&parts));
}

void export_prometheus(const struct exported *exported, FILE *out)
{
	print_run(exported, out);
	print_checks(exported, out);
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		print_family(families[i].name, families[i].help, out);
		families[i].print(exported, families[i].name, families[i].part, out);
	}
}
