/* SPDX-License-Identifier: GPL-2.0 */
/* The JSON files of a run's folder. */
#ifndef VKERNEL_HARNESS_JSONFILE_H
#define VKERNEL_HARNESS_JSONFILE_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/error.h"

/*
 * The object in folder/name; the caller owns it. NULL with err set: it cannot be read, is no JSON
 * (EXIT_USAGE, with line and column), or is no object.
 */
json_t *jsonfile_read(const char *folder, const char *name, struct error *err);

/* The same; one that names another schema is refused, too: what it says may mean something else. */
json_t *jsonfile_read_schema(const char *folder, const char *name, int schema, struct error *err);

/*
 * Writes document, whose reference it takes, whole or not at all: a line for each member of an
 * object or array, as deep as depth; what is below stands in one line. NULL: there was no memory.
 */
int jsonfile_write(const char *folder, const char *name, json_t *document, unsigned int depth,
		   struct error *err);

/* Whether both have the same text under key; false where one has none. */
bool json_same_text(const json_t *one, const json_t *other, const char *key);

#endif
