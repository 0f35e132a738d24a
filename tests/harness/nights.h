/* SPDX-License-Identifier: GPL-2.0 */
/* Runs made up for tests: a folder with samples.jsonl, env.json and summary.json each. */
#ifndef TESTS_HARNESS_NIGHTS_H
#define TESTS_HARNESS_NIGHTS_H

#include <limits.h>
#include <stddef.h>

#define MADE_BOOTS 6

struct made_figure {
	const char *workload, *configuration, *metric, *unit, *better;
	double median, half;  /* half of its boots' spread */
	const double *values; /* of MADE_BOOTS boots; NULL: some around median */
};

struct made_night {
	const char *kernel, *clock, *processor, *command_line, *commit;
	unsigned int number; /* day of the month: its name and time follow */
	const struct made_figure *figures;
	size_t count;
};

/* A scratch folder as a cmocka fixture: *state is its path. */
int nights_folder_make(void **state);
int nights_folder_remove(void **state);

/* Writes the run folder/name; the test fails where that does not work. */
void nights_write(const char *folder, const char *name, const struct made_night *night);

/* Writes text to folder/name. */
void nights_put(const char *folder, const char *name, const char *text);

#endif
