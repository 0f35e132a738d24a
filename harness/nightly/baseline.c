// SPDX-License-Identifier: GPL-2.0
#include "harness/nightly/baseline.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/jsonfile.h"
#include "lib/cleanup.h"
#include "lib/scratch.h"

/* A figure is a line, so that what changes between two baselines can be read. */
#define FIGURE_DEPTH 3

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* A command line's words without those that name a place on the machine. */
static json_t *without_paths(const char *line)
{
	autofree char *copy = strdup(line), *kept = calloc(1, strlen(line) + 2);
	char *rest = copy, *word;

	while (copy && kept && (word = strsep(&rest, " "))) {
		if (strchr(word, '/'))
			continue;
		strcat(kept, word);
		strcat(kept, " ");
	}
	return json_string(kept ? kept : "");
}

/* What a run's boots share stands once. */
static json_t *first_boot(const json_t *environment)
{
	const json_t *boot = json_array_get(json_object_get(environment, "boots"), 0);
	const char *line = text_of(boot, "qemu");

	return line ? json_pack("[{s:i, s:o}]", "boot", 1, "qemu", without_paths(line))
		    : json_array();
}

/* "6.12" of "6.12.117+deb13-cloud-amd64". */
static int short_kernel(const char *release)
{
	const char *dot = strchr(release, '.');

	return dot ? (int)(dot + 1 - release) + (int)strspn(dot + 1, "0123456789")
		   : (int)strlen(release);
}

/* What a comparison reads of a figure; ratios follow from it. */
static json_t *reduce_figures(const json_t *summary)
{
	static const char *const kept[] = {
		"workload", "configuration", "metric", "unit", "better", "clock",
		"n",	    "median",	     "low",    "high", "values",
	};
	json_t *figures = json_array(), *figure;
	size_t i;

	json_array_foreach(json_object_get(summary, "figures"), i, figure) {
		json_t *reduced = json_object();

		for (size_t k = 0; k < sizeof(kept) / sizeof(kept[0]); k++) {
			json_t *value = json_object_get(figure, kept[k]);

			if (value)
				json_object_set(reduced, kept[k], value);
		}
		json_array_append_new(figures, reduced);
	}
	return figures;
}

static json_t *reduce(const char *folder, bool dirty, struct error *err)
{
	json_t *environment = jsonfile_read(folder, "env.json", err);
	json_t *summary = environment ? jsonfile_read(folder, "summary.json", err) : NULL;
	json_t *document;

	if (!summary) {
		json_decref(environment);
		return NULL;
	}
	if (!json_array_size(json_object_get(summary, "figures"))) {
		json_decref(environment);
		json_decref(summary);
		error_set(err, EXIT_USAGE, "%s/summary.json has no figures", folder);
		return NULL;
	}
	if (!dirty && !json_is_false(json_object_get(environment, "dirty"))) {
		json_decref(environment);
		json_decref(summary);
		error_set(err, EXIT_USAGE,
			  "%s was made from a tree with changes that are in no commit: nobody "
			  "could go back to it (--dirty allows it)",
			  folder);
		return NULL;
	}
	json_object_set_new(environment, "boots", first_boot(environment));
	json_object_del(environment, "previous");
	document = json_pack("{s:i, s:o, s:{s:O?, s:O?, s:o}}", "schema", BASELINE_SCHEMA,
			     "environment", environment, "summary", "schema",
			     json_object_get(summary, "schema"), "boots",
			     json_object_get(summary, "boots"), "figures", reduce_figures(summary));
	json_decref(summary);
	if (!document)
		error_set(err, EXIT_ENVIRONMENT, "no memory for the baseline");
	return document;
}

/* "6.12-instructions.json"; the caller owns it. */
static char *file_name(const json_t *document, struct error *err)
{
	const json_t *environment = json_object_get(document, "environment");
	const char *kernel = text_of(environment, "kernel"), *clock = text_of(environment, "clock");
	char *name;

	if (!kernel || !clock || strchr(kernel, '/') || strchr(clock, '/')) {
		error_set(err, EXIT_USAGE, "env.json names no kernel or clock");
		return NULL;
	}
	if (asprintf(&name, "%.*s-%s.json", short_kernel(kernel), kernel, clock) >= 0)
		return name;
	error_set(err, EXIT_ENVIRONMENT, "no memory for a name");
	return NULL;
}

/* A clean tree has no results/ either. */
static int make_folders(const char *path, struct error *err)
{
	autofree char *copy = strdup(path);

	if (!copy)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(copy, 0755);
		*slash = '/';
	}
	if (mkdir(copy, 0755) && errno != EEXIST)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make %s", path);
	return 0;
}

int baseline_write(const char *folder, const char *baselines, bool dirty, char path[PATH_MAX],
		   struct error *err)
{
	json_t *document = reduce(folder, dirty, err);
	autofree char *name = document ? file_name(document, err) : NULL;

	if (!name || make_folders(baselines, err)) {
		json_decref(document);
		return -1;
	}
	if (snprintf(path, PATH_MAX, "%s/%s", baselines, name) >= PATH_MAX) {
		json_decref(document);
		return error_set(err, EXIT_USAGE, "path too long: %.500s", baselines);
	}
	return jsonfile_write(baselines, name, document, FIGURE_DEPTH, err);
}

static int lay_out(const json_t *document, const char *path, char folder[PATH_MAX],
		   struct error *err)
{
	json_t *environment = json_object_get(document, "environment");
	json_t *summary = json_object_get(document, "summary");

	if (json_integer_value(json_object_get(document, "schema")) != BASELINE_SCHEMA ||
	    !json_is_object(environment) || !json_is_object(summary))
		return error_set(err, EXIT_USAGE, "%s is no baseline of schema %d", path,
				 BASELINE_SCHEMA);
	if (scratch_make(folder, err))
		return -1;
	if (!jsonfile_write(folder, "env.json", json_incref(environment), 1, err) &&
	    !jsonfile_write(folder, "summary.json", json_incref(summary), 1, err))
		return 1;
	scratch_remove(folder);
	return -1;
}

int baseline_open(const char *baselines, const char *kernel, const char *clock,
		  char folder[PATH_MAX], struct error *err)
{
	autofree char *name = NULL, *path = NULL;
	json_t *document;
	int result;

	if (asprintf(&name, "%s-%s.json", kernel, clock) < 0 ||
	    asprintf(&path, "%s/%s", baselines, name) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (access(path, F_OK))
		return 0;
	document = jsonfile_read(baselines, name, err);
	if (!document)
		return -1;
	result = lay_out(document, path, folder, err);
	json_decref(document);
	return result;
}
