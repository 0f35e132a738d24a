// SPDX-License-Identifier: GPL-2.0
#include "harness/nightly/steps.h"

#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/file.h"

#define SIZE_MAX_BYTES (1 << 20)

static bool fill(struct step *step, json_t *line)
{
	json_t *status;

	step->line = line;
	if (json_unpack(line, "{s:s, s:s, s:o, s:F, s:s, s:s, s:s}", "kernel", &step->kernel,
			"step", &step->name, "status", &status, "seconds", &step->seconds, "log",
			&step->log, "result", &step->result, "reason", &step->reason))
		return false;
	step->done = json_is_integer(status);
	step->status = (int)json_integer_value(status);
	return step->done || json_is_null(status);
}

static int add(struct steps *steps, const char *text, const char *path, unsigned int number,
	       struct error *err)
{
	struct step *larger = realloc(steps->rows, (steps->count + 1) * sizeof(*larger));
	json_t *line;

	if (!larger)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for the steps");
	steps->rows = larger;
	line = json_loads(text, 0, NULL);
	larger[steps->count] = (struct step){0};
	if (line && fill(&larger[steps->count], line)) {
		steps->count++;
		return 0;
	}
	json_decref(line);
	return error_set(err, EXIT_USAGE, "%s:%u: not a step", path, number);
}

int steps_read(const char *folder, struct steps *steps, struct error *err)
{
	autofree char *path = NULL, *text = NULL;
	unsigned int number = 0;
	char *rest, *end;
	size_t size;

	memset(steps, 0, sizeof(*steps));
	if (asprintf(&path, "%s/steps.jsonl", folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (file_read(path, SIZE_MAX_BYTES, &text, &size, err))
		return -1;
	for (rest = text; (end = strchr(rest, '\n')); rest = end + 1) {
		*end = '\0';
		if (add(steps, rest, path, ++number, err)) {
			steps_free(steps);
			return -1;
		}
	}
	return 0;
}

void steps_free(struct steps *steps)
{
	for (size_t i = 0; i < steps->count; i++)
		json_decref(steps->rows[i].line);
	free(steps->rows);
	memset(steps, 0, sizeof(*steps));
}
