// SPDX-License-Identifier: GPL-2.0
#include "tests/harness/nights.h"

#include <errno.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "lib/scratch.h"

int nights_folder_make(void **state)
{
	char *path = calloc(1, PATH_MAX);
	struct error err;

	*state = path;
	return path ? scratch_make(path, &err) : -1;
}

int nights_folder_remove(void **state)
{
	scratch_remove(*state);
	free(*state);
	return 0;
}

void nights_put(const char *folder, const char *name, const char *text)
{
	char path[PATH_MAX];
	struct error err;

	assert_true(snprintf(path, sizeof(path), "%s/%s", folder, name) < PATH_MAX);
	assert_int_equal(file_write(path, text, strlen(text), &err), 0);
}

static void put_json(const char *folder, const char *name, json_t *document)
{
	autofree char *text = json_dumps(document, JSON_INDENT(1));

	assert_non_null(text);
	nights_put(folder, name, text);
	json_decref(document);
}

static json_t *environment(const char *name, const struct made_night *night)
{
	char started[32];

	snprintf(started, sizeof(started), "2026-03-%02uT02:00:00Z", night->number);
	return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:{s:s, s:s}, "
			 "s:[{s:i, s:s}]}",
			 "schema", 1, "run", name, "started", started, "clock", night->clock,
			 "kernel", night->kernel, "command_line", night->command_line, "processor",
			 night->processor, "commit", night->commit, "dirty", 0, "host", "qemu",
			 "QEMU 1.0", "processor", "a host", "boots", "boot", 1, "qemu",
			 "qemu -smp 1 -m 2048 -kernel x");
}

static json_t *values(const struct made_figure *made)
{
	static const double places[MADE_BOOTS] = {-1, -0.5, 0, 0, 0.5, 1};
	json_t *array = json_array();

	for (size_t i = 0; i < MADE_BOOTS; i++)
		json_array_append_new(
			array, json_real(made->values ? made->values[i]
						      : made->median + made->half * places[i]));
	return array;
}

static json_t *figure(const struct made_night *night, const struct made_figure *made)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:f, s:f, s:f, s:o}", "workload",
			 made->workload, "configuration", made->configuration, "metric",
			 made->metric, "unit", made->unit, "better", made->better, "clock",
			 night->clock, "n", MADE_BOOTS, "median", made->median, "low",
			 made->median - made->half, "high", made->median + made->half, "values",
			 values(made));
}

void nights_write(const char *folder, const char *name, const struct made_night *night)
{
	json_t *figures = json_array();
	char path[PATH_MAX];

	assert_true(snprintf(path, sizeof(path), "%s/%s", folder, name) < PATH_MAX);
	assert_true(!mkdir(path, 0755) || errno == EEXIST);
	for (size_t i = 0; i < night->count; i++)
		json_array_append_new(figures, figure(night, &night->figures[i]));
	nights_put(path, "samples.jsonl", "");
	put_json(path, "env.json", environment(name, night));
	put_json(path, "summary.json",
		 json_pack("{s:i, s:i, s:o}", "schema", 1, "boots", 6, "figures", figures));
}
