// SPDX-License-Identifier: GPL-2.0
#include "tests/harness/small_run.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "harness/report/report.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "lib/scratch.h"

char *small_run_read(const char *folder, const char *name)
{
	char path[PATH_MAX + 64];
	struct error err;
	char *text;
	size_t size;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (file_read(path, 1 << 24, &text, &size, &err))
		fail_msg("%s", err.text);
	return text;
}

void small_run_write(const char *folder, const char *name, const char *text)
{
	char path[PATH_MAX + 64];
	struct error err;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (file_write(path, text, strlen(text), &err))
		fail_msg("%s", err.text);
}

/* The fixture's raw files, in a folder where reports may be made. */
int small_run_make(void **state)
{
	static const char *const files[] = {
		"run/samples.jsonl", "run/missing.jsonl",     "run/env.json",
		"previous/env.json", "previous/summary.json",
	};
	char *folder = malloc(PATH_MAX), path[PATH_MAX + 64];
	struct error err;

	if (!folder || scratch_make(folder, &err))
		return -1;
	snprintf(path, sizeof(path), "%s/run", folder);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/previous", folder);
	mkdir(path, 0755);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		autofree char *text = small_run_read(FIXTURE, files[i]);

		small_run_write(folder, files[i], text);
	}
	*state = folder;
	return 0;
}

int small_run_remove(void **state)
{
	scratch_remove(*state);
	free(*state);
	return 0;
}

void small_run_report(const char *folder)
{
	char path[PATH_MAX + 64];
	struct error err;

	snprintf(path, sizeof(path), "%s/run", folder);
	if (report_make(path, &err))
		fail_msg("%s", err.text);
}
