/* SPDX-License-Identifier: GPL-2.0 */
/* What held: isolation.json of a run's folder, as a matrix of scenarios and configurations. */
#ifndef VKERNEL_HARNESS_REPORT_ISOLATION_H
#define VKERNEL_HARNESS_REPORT_ISOLATION_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/error.h"

#define ISOLATION_FILE "isolation.json"

enum isolation_verdict {
	ISOLATION_BLOCKED,
	ISOLATION_VIRTUAL,
	ISOLATION_LEAKED,
	ISOLATION_UNREACHED,
	ISOLATION_BROKEN,
	ISOLATION_VERDICTS, /* none of these */
};

struct isolation {
	json_t *document;	/* NULL: the run has none, and all below is empty */
	json_t *scenarios;	/* names, in the order in which they first appear */
	json_t *configurations; /* the same */
	unsigned int unexpected;
	unsigned int untried; /* cells of the matrix without a verdict */
};

struct isolation_count {
	unsigned int verdicts[ISOLATION_VERDICTS];
	unsigned int tried;	 /* scenarios */
	unsigned int unexpected; /* verdicts other than the scenario's table says */
};

/*
 * Reads folder's isolation.json; where there is none, *isolation is empty. Returns 0, or -1 with
 * err set: the file is there and is not such a file. The caller ends it with isolation_release().
 */
int isolation_load(const char *folder, struct isolation *isolation, struct error *err);
void isolation_release(struct isolation *isolation);

/* Whether that configuration was attacked at all. */
bool isolation_has(const struct isolation *isolation, const char *configuration);

/* The verdict's object, or NULL: it was not tried. */
const json_t *isolation_find(const struct isolation *isolation, const char *scenario,
			     const char *configuration);

/* The attempts that worked there, with commas between, for the caller to free; NULL: none, or no memory. */
char *isolation_leaks(const struct isolation *isolation, const char *configuration);

struct isolation_count isolation_count(const struct isolation *isolation,
				       const char *configuration);

/* The word as it stands in the file, its meaning for a reader, and its place in the enum. */
const char *isolation_word(const json_t *verdict);
const char *isolation_meaning(enum isolation_verdict verdict);
const char *isolation_name(enum isolation_verdict verdict);
enum isolation_verdict isolation_kind(const json_t *verdict);

#endif
