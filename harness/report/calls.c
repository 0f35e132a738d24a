// SPDX-License-Identifier: GPL-2.0
#include "harness/report/calls.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report/lines.h"

#define SCHEMA 1

static struct call_count *find(const struct calls *calls, const char *workload,
			       const char *configuration, const char *call)
{
	for (size_t i = 0; i < calls->count; i++) {
		struct call_count *row = &calls->rows[i];

		if (!strcmp(row->workload, workload) && !strcmp(row->call, call) &&
		    !strcmp(row->configuration, configuration))
			return row;
	}
	return NULL;
}

static struct call_count *add(struct calls *calls, const char *workload, const char *configuration,
			      const char *call)
{
	struct call_count *larger = realloc(calls->rows, (calls->count + 1) * sizeof(*larger));
	struct call_count *row;

	if (!larger)
		return NULL;
	calls->rows = larger;
	row = &larger[calls->count++];
	*row = (struct call_count){strdup(workload), strdup(configuration), strdup(call), 0};
	return row->workload && row->configuration && row->call ? row : NULL;
}

static int take(void *context, const json_t *line, struct error *err)
{
	const char *workload, *configuration, *call;
	json_t *counts, *count;

	if (json_unpack((json_t *)line, "{s:s, s:s, s:o}", "workload", &workload, "configuration",
			&configuration, "calls", &counts) ||
	    !json_is_object(counts))
		return error_set(err, EXIT_USAGE, "it lacks workload, configuration or calls");
	json_object_foreach(counts, call, count) {
		struct call_count *row = find(context, workload, configuration, call);

		if (!json_is_number(count) || json_number_value(count) < 0)
			return error_set(err, EXIT_USAGE, "%s is not counted by a number from 0 on",
					 call);
		if (!row)
			row = add(context, workload, configuration, call);
		if (!row)
			return error_set(err, EXIT_ENVIRONMENT, "no memory for a call");
		row->count += json_number_value(count);
	}
	return 0;
}

int calls_load(const char *folder, struct calls *calls, struct error *err)
{
	*calls = (struct calls){0};
	if (!lines_read(folder, "syscalls.jsonl", SCHEMA, take, calls, err))
		return 0;
	calls_release(calls);
	return -1;
}

void calls_release(struct calls *calls)
{
	for (size_t i = 0; i < calls->count; i++) {
		free(calls->rows[i].workload);
		free(calls->rows[i].configuration);
		free(calls->rows[i].call);
	}
	free(calls->rows);
	*calls = (struct calls){0};
}

double calls_of(const struct calls *calls, const char *workload, const char *configuration,
		const char *call)
{
	const struct call_count *row = find(calls, workload, configuration, call);

	return row ? row->count : 0;
}

struct name {
	const char *call;
	double most;
};

static int by_most(const void *one, const void *other)
{
	const struct name *a = one, *b = other;

	return a->most != b->most ? (a->most < b->most) - (a->most > b->most)
				  : strcmp(a->call, b->call);
}

static void note(struct name *names, size_t *count, const struct call_count *row)
{
	for (size_t i = 0; i < *count; i++)
		if (!strcmp(names[i].call, row->call)) {
			names[i].most = fmax(names[i].most, row->count);
			return;
		}
	names[(*count)++] = (struct name){row->call, row->count};
}

size_t calls_names(const struct calls *calls, const char *workload, const char ***names)
{
	struct name *all = calloc(calls->count + 1, sizeof(*all));
	size_t count = 0;

	*names = calloc(calls->count + 1, sizeof(**names));
	for (size_t i = 0; all && *names && i < calls->count; i++)
		if (!strcmp(calls->rows[i].workload, workload))
			note(all, &count, &calls->rows[i]);
	if (count)
		qsort(all, count, sizeof(*all), by_most);
	for (size_t i = 0; i < count; i++)
		(*names)[i] = all[i].call;
	free(all);
	return count;
}
