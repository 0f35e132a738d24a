// SPDX-License-Identifier: GPL-2.0
#include "harness/report/history.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "harness/machine.h"
#include "lib/cleanup.h"

struct candidate {
	char *name;
	char *started;
};

struct candidates {
	struct candidate *rows;
	size_t count;
};

static json_t *load(const char *folder, const char *name, const char *file)
{
	autofree char *path = NULL;

	if (asprintf(&path, "%s/%s/%s", folder, name, file) < 0)
		return NULL;
	return json_load_file(path, 0, NULL);
}

static const char *text(const json_t *environment, const char *key)
{
	const char *value = json_string_value(json_object_get(environment, key));

	return value ? value : "";
}

/* Figures of two runs stand on one axis where they could stand in one column. */
static bool comparable(const json_t *one, const json_t *other)
{
	struct error ignored;

	return !strcmp(text(one, "accelerator"), text(other, "accelerator")) &&
	       !machine_check("one", one, "other", other, &ignored) &&
	       strcmp(text(one, "started"), text(other, "started")) < 0;
}

static int consider(struct candidates *candidates, const char *parent, const char *name,
		    const json_t *environment)
{
	json_t *its = load(parent, name, "env.json");
	struct candidate *larger;
	int result = 0;

	if (its && comparable(its, environment)) {
		larger = realloc(candidates->rows, (candidates->count + 1) * sizeof(*larger));
		if (larger) {
			candidates->rows = larger;
			larger[candidates->count++] =
				(struct candidate){strdup(name), strdup(text(its, "started"))};
		}
		result = larger && larger[candidates->count - 1].name &&
					 larger[candidates->count - 1].started
				 ? 0
				 : -1;
	}
	json_decref(its);
	return result;
}

/* The link `latest` leads to a run that is found by its name; a .partial one has no summary. */
static int is_folder(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && entry->d_type == DT_DIR &&
	       !strstr(entry->d_name, ".partial");
}

static int find(struct candidates *candidates, const char *parent, const json_t *environment)
{
	struct dirent **entries;
	int count = scandir(parent, &entries, is_folder, alphasort), result = 0;

	for (int i = 0; i < count; i++) {
		if (!result)
			result = consider(candidates, parent, entries[i]->d_name, environment);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return result;
}

static int by_start(const void *one, const void *other)
{
	const struct candidate *a = one, *b = other;
	int order = strcmp(a->started, b->started);

	return order ? order : strcmp(a->name, b->name);
}

static int add(struct history *history, const char *name, json_t *figures)
{
	struct past *past = &history->rows[history->count];

	past->name = strdup(name);
	past->figures = json_incref(figures);
	history->count++;
	return past->name ? 0 : -1;
}

static int load_all(struct history *history, const struct candidates *candidates,
		    const char *parent)
{
	size_t first = candidates->count >= HISTORY_MOST ? candidates->count - HISTORY_MOST + 1 : 0;
	int result = 0;

	for (size_t i = first; i < candidates->count && !result; i++) {
		json_t *summary = load(parent, candidates->rows[i].name, "summary.json");
		json_t *figures = json_object_get(summary, "figures");

		if (json_is_array(figures))
			result = add(history, candidates->rows[i].name, figures);
		json_decref(summary);
	}
	return result;
}

int history_load(const char *folder, const json_t *environment, json_t *figures,
		 struct history *history, struct error *err)
{
	struct candidates candidates = {0};
	autofree char *parent = NULL;
	int failed;

	*history = (struct history){0};
	failed = asprintf(&parent, "%s/..", folder) < 0 || find(&candidates, parent, environment);
	if (!failed) {
		if (candidates.count)
			qsort(candidates.rows, candidates.count, sizeof(*candidates.rows),
			      by_start);
		failed = load_all(history, &candidates, parent) ||
			 add(history, text(environment, "run"), figures);
	}
	for (size_t i = 0; i < candidates.count; i++) {
		free(candidates.rows[i].name);
		free(candidates.rows[i].started);
	}
	free(candidates.rows);
	if (!failed)
		return 0;
	history_release(history);
	return error_set(err, EXIT_ENVIRONMENT, "no memory for the runs before");
}

void history_release(struct history *history)
{
	for (size_t i = 0; i < history->count; i++) {
		free(history->rows[i].name);
		json_decref(history->rows[i].figures);
	}
	*history = (struct history){0};
}
