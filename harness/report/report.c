// SPDX-License-Identifier: GPL-2.0
#include "harness/report/report.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/report/plot.h"
#include "lib/cleanup.h"
#include "lib/file.h"

#define JSON_MAX ((size_t)64 << 20)

static json_t *load_json(const char *folder, const char *name, struct error *err)
{
	autofree char *path = NULL, *text = NULL;
	json_error_t fault;
	json_t *object;
	size_t size;

	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
		return NULL;
	}
	if (file_read(path, JSON_MAX, &text, &size, err))
		return NULL;
	object = json_loadb(text, size, JSON_REJECT_DUPLICATES, &fault);
	if (!object)
		error_set(err, EXIT_USAGE, "%s:%d:%d: %s", path, fault.line, fault.column,
			  fault.text);
	else if (!json_is_object(object))
		error_set(err, EXIT_USAGE, "%s is not a JSON object", path);
	if (json_is_object(object))
		return object;
	json_decref(object);
	return NULL;
}

static bool same_text(const json_t *one, const json_t *other, const char *key)
{
	const char *a = json_string_value(json_object_get(one, key));
	const char *b = json_string_value(json_object_get(other, key));

	return a && b && !strcmp(a, b);
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
	environment = strchr(name, '/') ? NULL : load_json(folder, "env.json", &ignored);
	if (!environment)
		report->previous_no = "it cannot be read any more";
	else if (!same_text(environment, report->environment, "clock"))
		report->previous_no = "it was read from another clock";
	else if (!same_text(environment, report->environment, "kernel"))
		report->previous_no = "it ran on another kernel";
	else if (!(report->previous = load_json(folder, "summary.json", &ignored)))
		report->previous_no = "its summary cannot be read any more";
	json_decref(environment);
	return 0;
}

/* What stands beside the samples, where it is there. */
static int load_beside(struct report *report, struct error *err)
{
	return isolation_load(report->folder, &report->isolation, err) ||
			       histograms_load(report->folder, &report->histograms, err) ||
			       attributions_load(report->folder, &report->attributions, err)
		       ? -1
		       : 0;
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
	report->environment = load_json(report->folder, "env.json", err);
	if (!report->environment || load_previous(report, err))
		return -1;
	effect = json_object_get(report->environment, "minimum_effect");
	if (summary_make(&report->samples,
			 json_is_number(effect) ? json_number_value(effect) : MINIMUM_EFFECT,
			 &report->summary, err))
		return -1;
	return load_beside(report, err);
}

static int write_summary(const struct report *report, struct error *err)
{
	autofree char *path = NULL, *text = NULL;
	json_t *document = summary_json(&report->summary);

	text = document ? json_dumps(document, JSON_INDENT(1) | JSON_REAL_PRECISION(10)) : NULL;
	json_decref(document);
	if (!text || asprintf(&path, "%s/summary.json", report->folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for summary.json");
	return file_write(path, text, strlen(text), err);
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

static void report_free(struct report *report)
{
	drawings_release(&report->drawings);
	history_release(&report->history);
	attributions_release(&report->attributions);
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
				     write_markdown(&report, err) || html_write(&report, err)
			     ? -1
			     : 0;

	report_free(&report);
	return result;
}
