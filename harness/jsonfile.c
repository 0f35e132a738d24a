// SPDX-License-Identifier: GPL-2.0
#include "harness/jsonfile.h"

#include <stdio.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/file.h"

#define SIZE_MAX_READ ((size_t)64 << 20)
#define PRECISION     10 /* digits */

static json_t *parse(const char *path, const char *text, size_t size, struct error *err)
{
	json_error_t fault;
	json_t *object = json_loadb(text, size, JSON_REJECT_DUPLICATES, &fault);

	if (json_is_object(object))
		return object;
	if (!object)
		error_set(err, EXIT_USAGE, "%s:%d:%d: %s", path, fault.line, fault.column,
			  fault.text);
	else
		error_set(err, EXIT_USAGE, "%s is not a JSON object", path);
	json_decref(object);
	return NULL;
}

json_t *jsonfile_read(const char *folder, const char *name, struct error *err)
{
	autofree char *path = NULL, *text = NULL;
	size_t size;

	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		path = NULL;
		error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
		return NULL;
	}
	return file_read(path, SIZE_MAX_READ, &text, &size, err) ? NULL
								 : parse(path, text, size, err);
}

json_t *jsonfile_read_schema(const char *folder, const char *name, int schema, struct error *err)
{
	json_t *document = jsonfile_read(folder, name, err);
	const json_t *its = json_object_get(document, "schema");

	if (!its || (json_is_integer(its) && json_integer_value(its) == schema))
		return document;
	error_set(err, EXIT_USAGE,
		  "%s/%s is of schema %lld, and this vkbench reads %d: use the one that wrote it",
		  folder, name, (long long)json_integer_value(its), schema);
	json_decref(document);
	return NULL;
}

static int dump(const json_t *value, FILE *out, unsigned int depth, unsigned int indent);

static int dump_members(const json_t *object, FILE *out, unsigned int depth, unsigned int indent)
{
	const char *key, *separator = "";
	json_t *value;

	json_object_foreach((json_t *)object, key, value) {
		autofree char *name = NULL;
		json_t *text = json_string(key);

		name = text ? json_dumps(text, JSON_ENCODE_ANY) : NULL;
		json_decref(text);
		if (!name)
			return -1;
		fprintf(out, "%s\n%*s%s: ", separator, indent, "", name);
		if (dump(value, out, depth - 1, indent + 1))
			return -1;
		separator = ",";
	}
	return 0;
}

static int dump_items(const json_t *array, FILE *out, unsigned int depth, unsigned int indent)
{
	const char *separator = "";
	json_t *value;
	size_t i;

	json_array_foreach(array, i, value) {
		fprintf(out, "%s\n%*s", separator, indent, "");
		if (dump(value, out, depth - 1, indent + 1))
			return -1;
		separator = ",";
	}
	return 0;
}

static int dump(const json_t *value, FILE *out, unsigned int depth, unsigned int indent)
{
	bool object = json_is_object(value);
	int result;

	if (!depth || !(object ? json_object_size(value) : json_array_size(value)))
		return json_dumpf(value, out, JSON_ENCODE_ANY | JSON_REAL_PRECISION(PRECISION));
	fputc(object ? '{' : '[', out);
	result = object ? dump_members(value, out, depth, indent)
			: dump_items(value, out, depth, indent);
	fprintf(out, "\n%*s%c", indent - 1, "", object ? '}' : ']');
	return result;
}

int jsonfile_write(const char *folder, const char *name, json_t *document, unsigned int depth,
		   struct error *err)
{
	autofree char *path = NULL, *text = NULL;
	size_t size = 0;
	FILE *out = document ? open_memstream(&text, &size) : NULL;
	int failed = !out || dump(document, out, depth, 1);

	json_decref(document);
	if (out)
		failed |= fputc('\n', out) == EOF || fclose(out);
	if (failed || asprintf(&path, "%s/%s", folder, name) < 0) {
		path = NULL;
		return error_set(err, EXIT_ENVIRONMENT, "no memory for %s", name);
	}
	return file_write(path, text, size, err);
}

bool json_same_text(const json_t *one, const json_t *other, const char *key)
{
	const char *a = json_string_value(json_object_get(one, key));
	const char *b = json_string_value(json_object_get(other, key));

	return a && b && !strcmp(a, b);
}
