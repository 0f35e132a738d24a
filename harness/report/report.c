// SPDX-License-Identifier: GPL-2.0
#include "harness/report/report.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/export.h"
#include "harness/jsonfile.h"
#include "lib/cleanup.h"
#include "lib/file.h"

const struct absence *report_absence(const struct report *report, const struct workload *workload,
				     const struct configuration *configuration)
{
	for (size_t i = 0; i < report->samples.absences_count; i++) {
		const struct absence *absence = &report->samples.absences[i];

		if (absence->workload == workload && absence->configuration == configuration)
			return absence;
	}
	return NULL;
}

static bool has(const struct report *report, const struct workload *workload,
		const struct configuration *configuration)
{
	for (size_t i = 0; i < report->samples.count; i++)
		if ((!workload || report->samples.rows[i].workload == workload) &&
		    (!configuration || report->samples.rows[i].configuration == configuration))
			return true;
	for (size_t i = 0; i < report->samples.absences_count; i++)
		if ((!workload || report->samples.absences[i].workload == workload) &&
		    (!configuration || report->samples.absences[i].configuration == configuration))
			return true;
	return false;
}

bool report_has_configuration(const struct report *report,
			      const struct configuration *configuration)
{
	return has(report, NULL, configuration);
}

bool report_has_workload(const struct report *report, const struct workload *workload)
{
	return has(report, workload, NULL);
}

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
	environment = strchr(name, '/') ? NULL : jsonfile_read(folder, "env.json", &ignored);
	if (!environment)
		report->previous_no = "it cannot be read any more";
	else if (!json_same_text(environment, report->environment, "clock"))
		report->previous_no = "it was read from another clock";
	else if (!json_same_text(environment, report->environment, "kernel"))
		report->previous_no = "it ran on another kernel";
	else if (!(report->previous = jsonfile_read(folder, "summary.json", &ignored)))
		report->previous_no = "its summary cannot be read any more";
	json_decref(environment);
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
	report->environment = jsonfile_read(report->folder, "env.json", err);
	if (!report->environment || load_previous(report, err))
		return -1;
	effect = json_object_get(report->environment, "minimum_effect");
	return summary_make(&report->samples,
			    json_is_number(effect) ? json_number_value(effect) : MINIMUM_EFFECT,
			    &report->summary, err);
}

/* A line for each figure: a change of one is a change of one line. */
static int write_summary(const struct report *report, struct error *err)
{
	return jsonfile_write(report->folder, "summary.json", summary_json(&report->summary), 2,
			      err);
}

static int write_markdown(const struct report *report, char **text, struct error *err)
{
	autofree char *path = NULL;
	size_t size;
	FILE *out = open_memstream(text, &size);
	int failed = !out || markdown_write(report, out);

	if ((out && fclose(out)) || failed || asprintf(&path, "%s/report.md", report->folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for report.md");
	return file_write(path, *text, size, err);
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
	summary_free(&report->summary);
	samples_free(&report->samples);
	json_decref(report->environment);
	json_decref(report->previous);
	free(report->previous_name);
}

int report_make(const char *folder, struct error *err)
{
	struct report report = {.folder = folder};
	autofree char *markdown = NULL;
	int result = report_load(&report, err) || write_summary(&report, err) ||
				     plot_write(&report, err) ||
				     write_markdown(&report, &markdown, err) ||
				     html_write(&report, markdown, err) ||
				     write_exports(&report, err)
			     ? -1
			     : 0;

	report_free(&report);
	return result;
}
