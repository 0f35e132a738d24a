// SPDX-License-Identifier: GPL-2.0
#include "builder/place.h"

#include <stdio.h>
#include <string.h>

static const char *skip_space(const char *at)
{
	return at + strspn(at, " \t\r\n");
}

/* From the opening quote to behind the closing one. */
static const char *skip_string(const char *at)
{
	for (at++; *at && *at != '"'; at++)
		if (*at == '\\' && at[1])
			at++;
	return *at ? at + 1 : at;
}

static const char *skip_value(const char *at)
{
	size_t depth = 0;

	do {
		at = skip_space(at);
		if (*at == '"') {
			at = skip_string(at);
		} else if (*at && strchr("{[", *at)) {
			depth++;
			at++;
		} else if (*at && strchr("}]", *at)) {
			depth--;
			at++;
		} else if (*at && strchr(",:", *at)) {
			at++;
		} else {
			at += strcspn(at, " \t\r\n\",:{}[]");
		}
	} while (*at && depth);
	return at;
}

/* The value behind a key whose opening quote is at `at`. */
static const char *value_of(const char *at)
{
	at = skip_space(skip_string(at));
	return *at == ':' ? skip_space(at + 1) : at;
}

static const char *next_element(const char *at)
{
	at = skip_space(skip_value(at));
	return *at == ',' ? skip_space(at + 1) : NULL;
}

static const char *find_key(const char *object, const char *key)
{
	const char *at = skip_space(object + 1);
	const size_t size = strlen(key);

	while (at && *at == '"') {
		if (!strncmp(at + 1, key, size) && at[size + 1] == '"')
			return at;
		at = next_element(value_of(at));
	}
	return NULL;
}

static const char *find_index(const char *array, size_t index)
{
	const char *at = skip_space(array + 1);

	while (at && index--)
		at = next_element(at);
	return at;
}

/* The key or element that place names; *value is the value it has. NULL if it is not there. */
static const char *find(const struct place *place, const char *text, const char **value)
{
	const char *parent, *at;

	if (!place)
		return *value = skip_space(text);
	parent = find(place->parent, text, &at);
	if (!parent)
		return NULL;
	if (place->key) {
		parent = *at == '{' ? find_key(at, place->key) : NULL;
		*value = parent ? value_of(parent) : NULL;
	} else {
		parent = *at == '[' ? find_index(at, place->index) : NULL;
		*value = parent;
	}
	return parent;
}

struct position place_find(const struct place *place, const char *text)
{
	struct position position = {.line = 1, .column = 1};
	const char *at = NULL, *value;

	while (!at) {
		at = find(place, text, &value);
		if (place)
			place = place->parent;
	}
	for (; text < at; text++) {
		position.column++;
		if (*text == '\n') {
			position.line++;
			position.column = 1;
		}
	}
	return position;
}

void place_path(const struct place *place, char *buffer, size_t size)
{
	size_t used;

	buffer[0] = '\0';
	if (!place)
		return;
	place_path(place->parent, buffer, size);
	used = strlen(buffer);
	if (place->key)
		snprintf(buffer + used, size - used, "%s%s", used ? "." : "", place->key);
	else
		snprintf(buffer + used, size - used, "[%zu]", place->index);
}
