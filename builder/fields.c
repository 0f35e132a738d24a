// SPDX-License-Identifier: GPL-2.0
#include "builder/fields.h"

#include "builder/conditions.h"

#include <stdarg.h>
#include <string.h>

static const char *const type_names[] = {
	[JSON_OBJECT] = "an object",   [JSON_ARRAY] = "an array",  [JSON_STRING] = "a string",
	[JSON_INTEGER] = "an integer", [JSON_REAL] = "a fraction", [JSON_TRUE] = "true",
	[JSON_FALSE] = "false",	       [JSON_NULL] = "null",
};

/* "file:line:column: path", as far as they are known. */
static void describe(struct reader *reader, const struct place *place, char *buffer, size_t size)
{
	const struct seccomp_context *context = reader->context;
	char path[256];

	size_t line, column;

	place_path(place, path, sizeof(path));
	if (context->locate) {
		if (context->locate(context->locate_context, path, sizeof(path), &line, &column))
			snprintf(buffer, size, "%s:%zu:%zu%s%s", context->file, line, column,
				 path[0] ? ": " : "", path);
		else
			snprintf(buffer, size, "%s%s%s", context->file, path[0] ? ": " : "", path);
	} else if (context->text) {
		struct position position = place_find(place, context->text, &reader->memory);

		snprintf(buffer, size, "%s:%zu:%zu%s%s", context->file, position.line,
			 position.column, path[0] ? ": " : "", path);
	} else {
		snprintf(buffer, size, "%s%s%s", context->file, path[0] ? ": " : "", path);
	}
}

int refuse_at(struct reader *reader, const struct place *place, const char *format, ...)
{
	char where[1024], text[1024];
	va_list arguments;

	describe(reader, place, where, sizeof(where));
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return error_set(reader->err, EXIT_USAGE, "%s: %s", where, text);
}

void tell_ignored(struct reader *reader, const struct place *place, const char *what,
		  const char *name)
{
	char where[1024], sentence[1536];

	if (!reader->context->ignored)
		return;
	describe(reader, place, where, sizeof(where));
	snprintf(sentence, sizeof(sentence), "%s: ignored: %s \"%.256s\"", where, what, name);
	reader->context->ignored(reader->context->ignored_context, sentence);
}

size_t entry_line(struct reader *reader, unsigned int index)
{
	const struct place syscalls = {.parent = reader->root, .key = "syscalls"};
	const struct place entry = {.parent = &syscalls, .index = index};
	const struct seccomp_context *context = reader->context;
	size_t line, column;
	char path[256];

	if (context->locate) {
		place_path(&entry, path, sizeof(path));
		return context->locate(context->locate_context, path, sizeof(path), &line, &column)
			       ? line
			       : 0;
	}
	if (!reader->context->text)
		return 0;
	return place_find(&entry, reader->context->text, &reader->memory).line;
}

static const struct field *find_field(const struct field *fields, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(fields[i].key, key))
			return &fields[i];
	return NULL;
}

static int read_field(struct reader *reader, const struct place *place, json_t *value,
		      const struct field *field, void *into)
{
	if (!field && !reader->context->lenient)
		return refuse_at(reader, place,
				 "unknown key; what it asks for would not be enforced");
	if (!field) {
		tell_ignored(reader, place, "unknown key", place->key);
		return 0;
	}
	if (field->type == JSON_TRUE || json_is_null(value))
		return 0;
	if (json_typeof(value) != field->type)
		return refuse_at(reader, place, "must be %s, not %s", type_names[field->type],
				 type_names[json_typeof(value)]);
	*(const json_t **)((char *)into + field->offset) = value;
	return 0;
}

int read_fields(struct reader *reader, const struct place *place, const json_t *object,
		const struct field *fields, size_t count, void *into)
{
	struct place at = {.parent = place};
	json_t *value;

	/* jansson's iteration takes an object that is not const, and does not change it. */
	json_object_foreach((json_t *)object, at.key, value)
		if (read_field(reader, &at, value, find_field(fields, count, at.key), into))
			return -1;
	return 0;
}

int read_number(struct reader *reader, const struct place *place, const json_t *value, __u64 most,
		__u64 absent, __u64 *number)
{
	*number = absent;
	if (!value)
		return 0;
	if (json_integer_value(value) < 0 || (__u64)json_integer_value(value) > most)
		return refuse_at(reader, place, "%lld is not within 0 to %llu",
				 (long long)json_integer_value(value), (unsigned long long)most);
	*number = json_integer_value(value);
	return 0;
}

int read_element(struct reader *reader, const struct place *place, const json_t *value,
		 const char **text)
{
	if (!json_is_string(value))
		return refuse_at(reader, place, "must be a string, not %s",
				 type_names[json_typeof(value)]);
	*text = json_string_value(value);
	return 0;
}

int reader_start(struct reader *reader, const struct seccomp_context *context,
		 struct profile *profile, struct error *err)
{
	char *rest = NULL, *key;
	size_t count = 0;

	*reader = (struct reader){.context = context, .profile = profile, .err = err};
	snprintf(reader->keys, sizeof(reader->keys), "%s", context->path ? context->path : "");
	for (key = strtok_r(reader->keys, ".", &rest); key && count < PATH_STEPS;
	     key = strtok_r(NULL, ".", &rest), count++) {
		reader->steps[count] = (struct place){.parent = reader->root, .key = key};
		reader->root = &reader->steps[count];
	}
	return read_kernel_release(reader, context->kernel);
}
