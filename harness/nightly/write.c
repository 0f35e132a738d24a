// SPDX-License-Identifier: GPL-2.0
/* A triage as nightly.md and nightly.json. */
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "harness/jsonfile.h"
#include "harness/nightly/triage.h"
#include "lib/cleanup.h"
#include "lib/file.h"

/* A cell's text, whatever it quotes. */
static void print_cell(FILE *out, const char *text)
{
	fputc(' ', out);
	for (; *text; text++) {
		if (*text == '|' || *text == '`' || *text == '*')
			fputc('\\', out);
		if (*text == '<')
			fputs("&lt;", out);
		else
			fputc((unsigned char)*text < ' ' || *text == 0x7f ? ' ' : *text, out);
	}
	fputs(" |", out);
}

static void print_change(FILE *out, const struct finding *row)
{
	char text[128] = "–";

	if (row->spread)
		snprintf(text, sizeof(text), "%+.2f %% (%+.2f to %+.2f)", 100 * (row->ratio - 1),
			 100 * (row->low - 1), 100 * (row->high - 1));
	else if (row->measured)
		snprintf(text, sizeof(text), "%+.2f %%", 100 * (row->ratio - 1));
	print_cell(out, text);
}

static void print_row(FILE *out, const struct finding *row)
{
	fputc('|', out);
	print_cell(out, row->kernel);
	print_cell(out, row->workload);
	print_cell(out, *row->configuration ? row->configuration : "–");
	print_cell(out, row->what);
	print_change(out, row);
	print_cell(out, *row->since ? row->since : "–");
	print_cell(out, *row->where ? row->where : "–");
	fputc('\n', out);
}

static void print_head(FILE *out)
{
	fputs("| kernel | workload | configuration | what changed | by how much (95 % interval) | "
	      "since | likely where |\n|---|---|---|---|---|---|---|\n",
	      out);
}

void triage_print_table(const struct triage *triage, FILE *out)
{
	size_t rows = 0, more = 0;

	print_head(out);
	for (size_t i = 0; i < triage->findings.count; i++) {
		if (triage->findings.rows[i].kind == FINDING_BETTER)
			continue;
		if (rows == TRIAGE_ROWS) {
			more++;
			continue;
		}
		print_row(out, &triage->findings.rows[i]);
		rows++;
	}
	if (!rows)
		fputs("| – | – | – | nothing got worse | – | – | – |\n", out);
	if (more)
		fprintf(out, "\nAnd %zu more below.\n", more);
}

static void print_counts(const struct triage *triage, FILE *out)
{
	const size_t *counts = triage->findings.counts;

	fprintf(out,
		"\n%zu regressions, %zu unexpected verdicts of attacks, %zu failed tests; %zu "
		"steps could not be done; %zu figures are worse, but counters beside a headline or "
		"no more than chance explains among so many; %zu are better.\n\nA regression is a "
		"workload's headline that is worse by %.3g %% or more, and by more than chance "
		"makes of all of the kernel's "
		"headlines together.\n",
		counts[FINDING_REGRESSION], counts[FINDING_ATTACK], counts[FINDING_TEST],
		counts[FINDING_MISSING], counts[FINDING_SUSPECT], counts[FINDING_BETTER],
		100 * triage->figures.minimum_effect);
}

static void print_steps(const struct triage *triage, FILE *out)
{
	fputs("\n## What was done\n\n| kernel | step | status | minutes | log |\n"
	      "|---|---|---|---|---|\n",
	      out);
	for (size_t i = 0; i < triage->steps.count; i++) {
		const struct step *step = &triage->steps.rows[i];
		char number[32];

		fputc('|', out);
		print_cell(out, step->kernel);
		print_cell(out, step->name);
		snprintf(number, sizeof(number), "%d", step->status);
		print_cell(out, step->done ? number : "not run");
		snprintf(number, sizeof(number), "%.1f", step->seconds / 60);
		print_cell(out, number);
		print_cell(out, *step->log ? step->log : "–");
		fputc('\n', out);
	}
}

static void print_kind(const struct triage *triage, enum finding_kind kind, FILE *out)
{
	for (size_t i = 0; i < triage->findings.count; i++)
		if (triage->findings.rows[i].kind == kind)
			print_row(out, &triage->findings.rows[i]);
}

static void print_all(const struct triage *triage, FILE *out)
{
	static const char *const titles[FINDING_KINDS] = {
		[FINDING_MISSING] = "Could not be done",
		[FINDING_ATTACK] = "Attacks with another verdict than expected",
		[FINDING_REGRESSION] = "Regressions",
		[FINDING_TEST] = "Failed tests",
		[FINDING_SUSPECT] =
			"Worse, and no regression: counters beside a headline, or within chance",
		[FINDING_NOTE] = "Not compared",
		[FINDING_BETTER] = "Better",
	};

	for (int kind = 0; kind < FINDING_KINDS; kind++) {
		if (!triage->findings.counts[kind])
			continue;
		fprintf(out, "\n## %s\n\n", titles[kind]);
		print_head(out);
		print_kind(triage, kind, out);
	}
}

/* The folder's name is the night's, also while it still is called partial. */
static char *night_name(const struct triage *triage)
{
	autofree char *copy = strdup(triage->folder);
	char *name = copy ? strdup(basename(copy)) : NULL;
	char *end = name ? strstr(name, ".partial") : NULL;

	if (end)
		*end = '\0';
	return name;
}

static int write_markdown(const struct triage *triage, const char *name, struct error *err)
{
	autofree char *path = NULL, *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for nightly.md");
	triage_print_table(triage, out);
	fprintf(out, "\n# The night %s, at %.12s\n", name,
		triage->commit ? triage->commit : "an unknown commit");
	print_counts(triage, out);
	print_steps(triage, out);
	print_all(triage, out);
	if (fclose(out) || asprintf(&path, "%s/nightly.md", triage->folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for nightly.md");
	return file_write(path, text, size, err);
}

static json_t *steps_json(const struct triage *triage)
{
	json_t *steps = json_array();

	for (size_t i = 0; i < triage->steps.count; i++)
		json_array_append(steps, triage->steps.rows[i].line);
	return steps;
}

static int write_json(const struct triage *triage, const char *name, struct error *err)
{
	json_t *findings = json_array();

	for (size_t i = 0; i < triage->findings.count; i++)
		json_array_append_new(findings, finding_json(&triage->findings.rows[i]));
	return jsonfile_write(triage->folder, "nightly.json",
			      json_pack("{s:i, s:s, s:s?, s:i, s:f, s:o, s:o}", "schema",
					TRIAGE_SCHEMA, "night", name, "commit", triage->commit,
					"status", (int)triage_status(triage), "minimum_effect",
					triage->figures.minimum_effect, "steps", steps_json(triage),
					"findings", findings),
			      2, err);
}

int triage_write(const struct triage *triage, struct error *err)
{
	autofree char *name = night_name(triage);

	if (!name)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for the night's name");
	return write_json(triage, name, err) || write_markdown(triage, name, err) ? -1 : 0;
}
