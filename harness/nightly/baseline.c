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
#include "lib/file.h"
#include "lib/scratch.h"

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

static json_t *reduce(const char *folder, bool dirty, struct error *err)
{
	json_t *environment = jsonfile_read(folder, "env.json", err);
	json_t *summary = environment ? jsonfile_read(folder, "summary.json", err) : NULL;

	if (!summary) {
		json_decref(environment);
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
	return json_pack("{s:i, s:o, s:o}", "schema", BASELINE_SCHEMA, "environment", environment,
			 "summary", summary);
}

static int name_file(const json_t *document, const char *baselines, char path[PATH_MAX],
		     struct error *err)
{
	const json_t *environment = json_object_get(document, "environment");
	const char *kernel = text_of(environment, "kernel"), *clock = text_of(environment, "clock");

	if (!kernel || !clock || strchr(kernel, '/') || strchr(clock, '/'))
		return error_set(err, EXIT_USAGE, "env.json names no kernel or clock");
	if (snprintf(path, PATH_MAX, "%s/%.*s-%s.json", baselines, short_kernel(kernel), kernel,
		     clock) < PATH_MAX)
		return 0;
	return error_set(err, EXIT_USAGE, "path too long: %.500s", baselines);
}

int baseline_write(const char *folder, const char *baselines, bool dirty, char path[PATH_MAX],
		   struct error *err)
{
	json_t *document = reduce(folder, dirty, err);
	autofree char *text = NULL;
	int result;

	if (!document)
		return -1;
	result = name_file(document, baselines, path, err);
	if (!result && mkdir(baselines, 0755) && errno != EEXIST)
		result = error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make %s", baselines);
	text = result ? NULL : json_dumps(document, JSON_INDENT(1) | JSON_REAL_PRECISION(10));
	json_decref(document);
	if (result)
		return -1;
	if (!text)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for the baseline");
	return file_write(path, text, strlen(text), err);
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
