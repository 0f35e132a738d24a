// SPDX-License-Identifier: GPL-2.0
#include "harness/report/report.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/export.h"
#include "harness/jsonfile.h"
#include "harness/machine.h"
#include "harness/report/plot.h"
#include "lib/cleanup.h"
#include "lib/file.h"

/* The previous run is an ornament: where it cannot be read, the report says so and goes on. */
static int load_previous(struct report *report, struct error *err)
{
	const char *name = json_string_value(json_object_get(report->environment, "previous"));
	autofree char *folder = NULL;
	struct error ignored;
	json_t *environment;

	if (!name)
		return 0;
	report->previous_name = strdup(name);
	if (!report->previous_name || asprintf(&folder, "%s/../%s", report->folder, name) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	environment = strchr(name, '/') ? NULL
					: jsonfile_read_schema(folder, "env.json",
							       ENVIRONMENT_SCHEMA, &ignored);
	if (!environment)
		report->previous_no = "it cannot be read any more";
	else if (!json_same_text(environment, report->environment, "clock"))
		report->previous_no = "it was read from another clock";
	else if (!json_same_text(environment, report->environment, "kernel"))
		report->previous_no = "it ran on another kernel";
	else if (machine_check(name, environment, report->folder, report->environment, &ignored))
		report->previous_no = "it ran on another machine";
	else if (!(report->previous =
			   jsonfile_read_schema(folder, "summary.json", SUMMARY_SCHEMA, &ignored)))
		report->previous_no = "its summary cannot be read any more";
	json_decref(environment);
	return 0;
}

static int load_profiles(struct report *report, struct error *err)
{
	autofree char *path = NULL;

	if (asprintf(&path, "%s/attribution.jsonl", report->folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	return profiles_read(path, true, &report->profiles, err);
}

/* What stands beside the samples, where it is there. */
static int load_beside(struct report *report, struct error *err)
{
	return isolation_load(report->folder, &report->isolation, err) ||
			       histograms_load(report->folder, &report->histograms, err) ||
			       calls_load(report->folder, &report->calls, err) ||
			       load_profiles(report, err)
		       ? -1
		       : 0;
}

/* The figures' machine is told by env.json: one of another run tells of another machine. */
static int check_environment(const struct report *report, struct error *err)
{
	const char *run = json_string_value(json_object_get(report->environment, "run"));
	const char *clock = json_string_value(json_object_get(report->environment, "clock"));

	if (run && strcmp(run, report->samples.run))
		return error_set(
			err, EXIT_USAGE,
			"%s: env.json is of the run \"%.100s\", samples.jsonl of \"%.100s\"",
			report->folder, run, report->samples.run);
	if (clock && strcmp(clock, clock_name(report->summary.clock)))
		return error_set(err, EXIT_USAGE,
				 "%s: env.json says clock \"%.100s\", samples.jsonl \"%s\"",
				 report->folder, clock, clock_name(report->summary.clock));
	return 0;
}

static int report_load(struct report *report, struct error *err)
{
	const json_t *effect;
	struct stat status;

	if (stat(report->folder, &status) || !S_ISDIR(status.st_mode))
		return error_set(err, EXIT_USAGE,
				 "%s is no run's folder; name one, such as results/latest",
				 report->folder);
	if (samples_read(report->folder, &report->samples, err))
		return -1;
	if (!report->samples.run)
		return error_set(err, EXIT_USAGE, "%s/samples.jsonl is empty: nothing to report",
				 report->folder);
	report->environment =
		jsonfile_read_schema(report->folder, "env.json", ENVIRONMENT_SCHEMA, err);
	if (!report->environment || load_previous(report, err))
		return -1;
	effect = json_object_get(report->environment, "minimum_effect");
	if (summary_make(&report->samples,
			 json_is_number(effect) ? json_number_value(effect) : MINIMUM_EFFECT,
			 &report->summary, err) ||
	    check_environment(report, err))
		return -1;
	return load_beside(report, err);
}

/* A line for each figure: a change of one is a change of one line. */
static int write_summary(const struct report *report, struct error *err)
{
	return jsonfile_write(report->folder, "summary.json", summary_json(&report->summary), 2,
			      err);
}

/* Afterwards the summary is there, which is the last run of the history. */
static int load_history(struct report *report, struct error *err)
{
	json_t *document = summary_json(&report->summary);
	int result = history_load(report->folder, report->environment,
				  json_object_get(document, "figures"), &report->history, err);

	json_decref(document);
	return result;
}

static int write_markdown(const struct report *report, struct error *err)
{
	autofree char *path = NULL, *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int failed = !out || markdown_write(report, out);

	if ((out && fclose(out)) || failed || asprintf(&path, "%s/report.md", report->folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for report.md");
	return file_write(path, text, size, err);
}

static int write_exports(const struct report *report, struct error *err)
{
	const struct exported exported = {
		.samples = &report->samples,
		.summary = &report->summary,
		.environment = report->environment,
	};

	return export_make(report->folder, &exported, err);
}

static void report_free(struct report *report)
{
	drawings_release(&report->drawings);
	history_release(&report->history);
	profiles_clear(&report->profiles);
	calls_release(&report->calls);
	histograms_release(&report->histograms);
	isolation_release(&report->isolation);
	summary_free(&report->summary);
	samples_free(&report->samples);
	json_decref(report->environment);
	json_decref(report->previous);
	free(report->previous_name);
}

int report_make(const char *folder, struct error *err)
{
	struct report report = {.folder = folder};
	int result = report_load(&report, err) || write_summary(&report, err) ||
				     load_history(&report, err) || plot_write(&report, err) ||
				     write_markdown(&report, err) || html_write(&report, err) ||
				     write_exports(&report, err)
			     ? -1
			     : 0;

	report_free(&report);
	return result;
}
