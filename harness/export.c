// SPDX-License-Identifier: GPL-2.0
#include "harness/export.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "harness/jsonfile.h"
#include "lib/cleanup.h"
#include "lib/file.h"

#define RESULTS_SCHEMA 1

void export_csv_field(const char *text, FILE *out)
{
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

/* Texts, each followed by a comma; the last one is NULL. */
static void print_fields(FILE *out, ...)
{
	const char *text;
	va_list fields;

	va_start(fields, out);
	while ((text = va_arg(fields, const char *))) {
		export_csv_field(text, out);
		fputc(',', out);
	}
	va_end(fields);
}

void export_samples(const struct exported *exported, FILE *out)
{
	const struct samples *samples = exported->samples;

	fputs("run,boot,order,workload,configuration,metric,unit,clock,again,value\n", out);
	for (size_t i = 0; i < samples->count; i++) {
		const struct sample *sample = &samples->rows[i];

		print_fields(out, samples->run, NULL);
		fprintf(out, "%u,%u,", sample->boot, sample->order);
		print_fields(out, sample->workload->name, sample->configuration->name,
			     sample->metric->name, workload_unit(sample->workload, sample->metric),
			     clock_name(samples->clock), sample->again ? "1" : "0", NULL);
		fprintf(out, "%.12g\n", sample->value);
	}
}

/* A field for what is not known is empty. */
static void print_estimate(const struct estimate *estimate, FILE *out)
{
	if (estimate->n)
		fprintf(out, ",%.10g", estimate->median);
	else
		fputc(',', out);
	if (estimate->spread)
		fprintf(out, ",%.10g,%.10g", estimate->low, estimate->high);
	else
		fputs(",,", out);
}

static void print_bootstrap(const struct estimate *estimate, FILE *out)
{
	if (estimate->spread)
		fprintf(out, ",%.10g,%.10g", estimate->bootstrap_low, estimate->bootstrap_high);
	else
		fputs(",,", out);
}

static void print_figure(const struct figure *figure, enum clock clock, FILE *out)
{
	print_fields(out, figure->workload->name, figure->configuration->name, figure->metric->name,
		     workload_unit(figure->workload, figure->metric),
		     figure->metric->better == BETTER_LOWER ? "lower" : "higher", clock_name(clock),
		     NULL);
	fprintf(out, "%u,%u", figure->value.n, figure->samples);
	print_estimate(&figure->value, out);
	for (int i = 0; i < BASES; i++) {
		print_estimate(&figure->ratios[i], out);
		print_bootstrap(&figure->ratios[i], out);
		fputc(',', out);
		if (figure->ratios[i].n)
			export_csv_field(change_name(figure->verdicts[i]), out);
	}
	fputc('\n', out);
}

void export_summary(const struct exported *exported, FILE *out)
{
	const struct summary *summary = exported->summary;

	fputs("workload,configuration,metric,unit,better,clock,n,samples,median,low,high", out);
	for (int i = 0; i < BASES; i++) {
		const char *base = summary_bases[i].configuration;

		fprintf(out,
			",ratio to %s,low to %s,high to %s,bootstrap low to %s,bootstrap high to "
			"%s,verdict to %s",
			base, base, base, base, base, base);
	}
	fputc('\n', out);
	for (size_t i = 0; i < summary->count; i++)
		print_figure(&summary->figures[i], summary->clock, out);
}

static json_t *missing_json(const struct samples *samples)
{
	json_t *list = json_array();

	for (size_t i = 0; i < samples->absences_count; i++) {
		const struct absence *absence = &samples->absences[i];

		json_array_append_new(
			list, json_pack("{s:i, s:s, s:s, s:i, s:s}", "boot", absence->boot,
					"workload", absence->workload->name, "configuration",
					absence->configuration->name, "status",
					(int)absence->status, "reason", absence->reason));
	}
	return list;
}

static json_t *results_json(const struct exported *exported)
{
	return json_pack("{s:i, s:s, s:O, s:o, s:o}", "schema", RESULTS_SCHEMA, "run",
			 exported->samples->run, "environment", exported->environment, "missing",
			 missing_json(exported->samples), "summary",
			 summary_json(exported->summary));
}

static int write_text(const char *folder, const char *name,
		      void (*print)(const struct exported *, FILE *),
		      const struct exported *exported, struct error *err)
{
	autofree char *text = NULL, *path = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (out)
		print(exported, out);
	if (!out || fclose(out) || asprintf(&path, "%s/%s", folder, name) < 0) {
		path = NULL;
		return error_set(err, EXIT_ENVIRONMENT, "no memory for %s", name);
	}
	return file_write(path, text, size, err);
}

int export_make(const char *folder, const struct exported *exported, struct error *err)
{
	return write_text(folder, "samples.csv", export_samples, exported, err) ||
			       write_text(folder, "summary.csv", export_summary, exported, err) ||
			       write_text(folder, "metrics.prom", export_prometheus, exported,
					  err) ||
			       jsonfile_write(folder, "results.json", results_json(exported), 3,
					      err)
		       ? -1
		       : 0;
}
