// SPDX-License-Identifier: GPL-2.0
#include "harness/nightly/attribution.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"

#define NOTHING 0.05 /* instructions an operation: less than that is not where a regression is */

/* Instructions an operation by "symbol (image)", over all boots of one cell. */
struct profile {
	json_t *symbols; /* name to instructions */
	double operations;
};

static bool is_cell(const json_t *line, const char *workload, const char *configuration)
{
	const char *a = json_string_value(json_object_get(line, "workload"));
	const char *b = json_string_value(json_object_get(line, "configuration"));

	return a && b && !strcmp(a, workload) && !strcmp(b, configuration);
}

static void add_symbol(struct profile *profile, const json_t *row)
{
	const char *image = json_string_value(json_object_get(row, "image"));
	const char *symbol = json_string_value(json_object_get(row, "symbol"));
	double more = json_number_value(json_object_get(row, "instructions"));
	autofree char *name = NULL;

	if (!image || !symbol || asprintf(&name, "%s (%s)", symbol, image) < 0)
		return;
	more += json_number_value(json_object_get(profile->symbols, name));
	json_object_set_new(profile->symbols, name, json_real(more));
}

static void add_line(struct profile *profile, const json_t *line)
{
	json_t *row;
	size_t i;

	profile->operations += json_number_value(json_object_get(line, "operations"));
	json_array_foreach(json_object_get(line, "symbols"), i, row)
		add_symbol(profile, row);
}

/* False where the run has no attribution of this cell. The caller ends it with json_decref(). */
static bool profile_read(const char *folder, const char *workload, const char *configuration,
			 struct profile *profile)
{
	autofree char *path = NULL, *text = NULL;
	autofclose FILE *file = NULL;
	size_t room = 0;

	*profile = (struct profile){.symbols = json_object()};
	if (asprintf(&path, "%s/attribution.jsonl", folder) < 0)
		return false;
	file = fopen(path, "re");
	while (file && getline(&text, &room, file) > 0) {
		json_t *line = json_loads(text, 0, NULL);

		if (is_cell(line, workload, configuration))
			add_line(profile, line);
		json_decref(line);
	}
	return profile->operations > 0;
}

static double rate(const struct profile *profile, const char *symbol)
{
	return json_number_value(json_object_get(profile->symbols, symbol)) / profile->operations;
}

static char *most_grown(const struct profile *before, const struct profile *after, const char *note)
{
	const char *name, *most = NULL;
	double best = NOTHING;
	json_t *value;
	char *text;

	json_object_foreach(after->symbols, name, value) {
		double growth = rate(after, name) - rate(before, name);

		if (growth > best) {
			best = growth;
			most = name;
		}
	}
	if (!most || asprintf(&text, "%s, %+.1f instructions an operation%s", most, best, note) < 0)
		return NULL;
	return text;
}

static char *against(const char *before, const char *then, const struct profile *now,
		     const char *workload, const char *note)
{
	struct profile profile;
	char *text = NULL;

	if (profile_read(before, workload, then, &profile))
		text = most_grown(&profile, now, note);
	json_decref(profile.symbols);
	return text;
}

char *attribution_where(const char *before, const char *run, const char *workload,
			const char *configuration)
{
	struct profile now;
	char *text = NULL;

	if (profile_read(run, workload, configuration, &now)) {
		if (before)
			text = against(before, configuration, &now, workload, "");
		if (!text && strcmp(configuration, "crun"))
			text = against(run, "crun", &now, workload, " over crun");
	}
	json_decref(now.symbols);
	return text;
}
