/* SPDX-License-Identifier: GPL-2.0 */
/*
 * YAML into C structures by a libcyaml schema, every refusal with file, line and column.
 *
 * libyaml reads the text first, and where each value stands is kept. What libcyaml would take and a
 * reader would trip over is refused: keys that stand twice, anchors and aliases, tags, several
 * documents, texts beyond YAML_SIZE_MAX bytes or YAML_DEPTH_MAX levels. Context: any thread.
 */
#ifndef VKERNEL_LIB_YAML_H
#define VKERNEL_LIB_YAML_H

#include <cyaml/cyaml.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"

#define YAML_SIZE_MAX  (1u << 20)
#define YAML_DEPTH_MAX 16

struct yaml_text {
	const char *file; /* for messages */
	const char *text;
	size_t size; /* bytes */
};

/* Where values stand; owned by whoever got it from yaml_read(). */
struct yaml_places;

struct yaml_position {
	size_t line, column; /* from 1; of a mapping's entry the key's */
};

/*
 * Reads text into *data, a structure as schema (a mapping, CYAML_FLAG_POINTER) has it, and into
 * *places. Both are freed by yaml_release(). Returns 0, or -1 with err set (EXIT_USAGE, and
 * EXIT_ENVIRONMENT without memory) and nothing to free.
 */
int yaml_read(const struct yaml_text *text, const struct cyaml_schema_value *schema, void **data,
	      struct yaml_places **places, struct error *err);

/* data, which schema describes, and places; NULL is fine for each. */
void yaml_release(const struct cyaml_schema_value *schema, void *data, struct yaml_places *places);

/* The name that messages begin with; as long as places. */
const char *yaml_file(const struct yaml_places *places);

/* Where the value at path ("syscalls[3].action") stands; false: there is none. */
bool yaml_find(const struct yaml_places *places, const char *path, struct yaml_position *position);

/* The same for the first character of a value's text. */
bool yaml_find_text(const struct yaml_places *places, const char *path,
		    struct yaml_position *position);

/* Sets err to "file:line:column: path: text" (EXIT_USAGE); path NULL or "": the document. */
int yaml_refuse(const struct yaml_places *places, const char *path, struct error *err,
		const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
