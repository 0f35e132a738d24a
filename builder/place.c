// SPDX-License-Identifier: GPL-2.0
#include "builder/place.h"

#include <stdbool.h>
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

static const char *find_key(const char *from, const char *key)
{
	const size_t size = strlen(key);
	const char *at = from;

	while (at && *at == '"') {
		if (!strncmp(at + 1, key, size) && at[size + 1] == '"')
			return at;
		at = next_element(value_of(at));
	}
	return NULL;
}

/* Keys are asked for in the order of the text, most often. */
static const char *find_key_again(const char *object, const char *key, const char *remembered)
{
	const char *at = remembered ? find_key(remembered, key) : NULL;

	return at ? at : find_key(skip_space(object + 1), key);
}

static const char *find_index(const char *from, size_t index)
{
	const char *at = from;

	while (at && index--)
		at = next_element(at);
	return at;
}

/* The key or element that a step names in the value at container, depth steps below the text. */
static const char *step(const struct place *place, const char *container, size_t depth,
			struct place_memory *memory)
{
	const bool known = depth < PLACE_DEPTH && memory->steps[depth].container == container;
	const char *remembered = known ? memory->steps[depth].at : NULL;
	const char *at = NULL;

	if (place->key && *container == '{')
		at = find_key_again(container, place->key, remembered);
	else if (!place->key && *container == '[' && remembered &&
		 memory->steps[depth].index <= place->index)
		at = find_index(remembered, place->index - memory->steps[depth].index);
	else if (!place->key && *container == '[')
		at = find_index(skip_space(container + 1), place->index);
	if (at && depth < PLACE_DEPTH) {
		memory->steps[depth].container = container;
		memory->steps[depth].at = at;
		memory->steps[depth].index = place->index;
	}
	return at;
}

static size_t depth_of(const struct place *place)
{
	size_t depth = 0;

	for (; place; place = place->parent)
		depth++;
	return depth;
}

/* The key or element that place names; *value is the value it has. NULL if it is not there. */
static const char *find(const struct place *place, const char *text, struct place_memory *memory,
			const char **value)
{
	const char *container, *at;

	if (!place)
		return *value = skip_space(text);
	if (!find(place->parent, text, memory, &container))
		return NULL;
	at = step(place, container, depth_of(place->parent), memory);
	*value = at && place->key ? value_of(at) : at;
	return at;
}

static struct position count(const char *text, const char *at, struct place_memory *memory)
{
	if (!memory->counted || memory->counted > at) {
		memory->counted = text;
		memory->position = (struct position){.line = 1, .column = 1};
	}
	for (; memory->counted < at; memory->counted++) {
		memory->position.column++;
		if (*memory->counted == '\n') {
			memory->position.line++;
			memory->position.column = 1;
		}
	}
	return memory->position;
}

struct position place_find(const struct place *place, const char *text, struct place_memory *memory)
{
	const char *at = NULL, *value;

	while (!at) {
		at = find(place, text, memory, &value);
		if (place)
			place = place->parent;
	}
	return count(text, at, memory);
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
