// SPDX-License-Identifier: GPL-2.0
#include "harness/report/lines.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"

#define FILE_MAX ((size_t)256 << 20)

struct reader {
	int schema;
	int (*take)(void *context, const json_t *line, struct error *err);
	void *context;
};

static int read_line(const struct reader *reader, const char *text, size_t size, struct error *err)
{
	json_error_t fault;
	json_t *line = json_loadb(text, size, JSON_REJECT_DUPLICATES, &fault);
	int result;

	if (!json_is_object(line))
		result = error_set(err, EXIT_USAGE, "%s", line ? "no JSON object" : fault.text);
	else if (json_integer_value(json_object_get(line, "schema")) != reader->schema)
		result = error_set(err, EXIT_USAGE, "its schema is not %d", reader->schema);
	else
		result = reader->take(reader->context, line, err);
	json_decref(line);
	return result;
}

static int read_all(const struct reader *reader, const char *path, const char *text,
		    struct error *err)
{
	for (unsigned int number = 1; *text; number++) {
		const char *end = strchr(text, '\n');

		if (!end)
			return error_set(err, EXIT_USAGE, "%s:%u: the last line is cut off", path,
					 number);
		if (read_line(reader, text, end - text, err))
			return error_context(err, "%s:%u", path, number);
		text = end + 1;
	}
	return 0;
}

int lines_read(const char *folder, const char *name, int schema,
	       int (*take)(void *context, const json_t *line, struct error *err), void *context,
	       struct error *err)
{
	struct reader reader = {schema, take, context};
	autofree char *path = NULL, *text = NULL;
	size_t size;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (access(path, F_OK))
		return 0;
	if (file_read(path, FILE_MAX, &text, &size, err))
		return -1;
	return read_all(&reader, path, text, err);
}
