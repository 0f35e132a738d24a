// SPDX-License-Identifier: GPL-2.0
#include "lib/yaml_places.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "lib/cleanup.h"

/* A mapping's keys are compared with each other, so there may not be any number of them. */
#define KEYS_MAX 256

struct reader {
	const struct yaml_text *text;
	yaml_parser_t parser;
	unsigned int depth;
	struct error *err;
};

static struct yaml_position position_of(const yaml_mark_t *mark)
{
	return (struct yaml_position){.line = mark->line + 1, .column = mark->column + 1};
}

static int refuse(struct reader *reader, struct yaml_position at, const char *format, ...)
{
	va_list arguments;
	char words[512];

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	return error_set(reader->err, EXIT_USAGE, "%s:%zu:%zu: %s", reader->text->file, at.line,
			 at.column, words);
}

static int no_memory(struct reader *reader)
{
	return error_set(reader->err, EXIT_ENVIRONMENT, "no memory for %s", reader->text->file);
}

/* Of a byte that is no character: libyaml tells its offset only. */
static struct yaml_position position_at(const struct yaml_text *text, size_t offset)
{
	struct yaml_position at = {.line = 1, .column = 1};

	for (size_t i = 0; i < offset && i < text->size; i++) {
		at.column++;
		if (text->text[i] == '\n')
			at = (struct yaml_position){.line = at.line + 1, .column = 1};
	}
	return at;
}

static bool is_tab(const struct yaml_text *text, const yaml_mark_t *mark)
{
	return mark->index < text->size && text->text[mark->index] == '\t';
}

/* What libyaml has to say. */
static int refuse_syntax(struct reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;

	switch (parser->error) {
	case YAML_MEMORY_ERROR:
		return no_memory(reader);
	case YAML_READER_ERROR:
		return refuse(reader, position_at(reader->text, parser->problem_offset),
			      "not YAML: %s", parser->problem);
	default:
		break;
	}
	if (is_tab(reader->text, &parser->problem_mark))
		return refuse(reader, position_of(&parser->problem_mark),
			      "a tab stands here; YAML indents with spaces");
	if (!parser->context)
		return refuse(reader, position_of(&parser->problem_mark), "not YAML: %s",
			      parser->problem);
	return refuse(reader, position_of(&parser->problem_mark), "not YAML: %s, %s (line %zu)",
		      parser->problem, parser->context, parser->context_mark.line + 1);
}

static int next_event(struct reader *reader, yaml_event_t *event)
{
	if (!yaml_parser_parse(&reader->parser, event))
		return refuse_syntax(reader);
	return 0;
}

static void free_node(struct yaml_node *node)
{
	for (size_t i = 0; i < node->count; i++)
		free_node(&node->children[i]);
	free(node->children);
	free(node->key);
	free(node->scalar);
}

static struct yaml_node *add_child(struct reader *reader, struct yaml_node *node)
{
	if (node->count == node->capacity) {
		const size_t capacity = node->capacity ? 2 * node->capacity : 8;
		struct yaml_node *grown =
			reallocarray(node->children, capacity, sizeof(*node->children));

		if (!grown) {
			no_memory(reader);
			return NULL;
		}
		node->children = grown;
		node->capacity = capacity;
	}
	node->children[node->count] = (struct yaml_node){0};
	return &node->children[node->count++];
}

/* A copy of event's scalar in *scalar; the schema's strings end with a zero byte. */
static int take_scalar(struct reader *reader, const yaml_event_t *event, char **scalar)
{
	const char *value = (const char *)event->data.scalar.value;

	if (strlen(value) != event->data.scalar.length)
		return refuse(reader, position_of(&event->start_mark),
			      "a zero byte stands in this text");
	*scalar = strdup(value);
	return *scalar ? 0 : no_memory(reader);
}

static int refuse_extras(struct reader *reader, const yaml_event_t *event, const void *anchor,
			 const void *tag)
{
	if (anchor)
		return refuse(reader, position_of(&event->start_mark),
			      "anchors and aliases are not read; write the value out");
	if (tag)
		return refuse(reader, position_of(&event->start_mark),
			      "tags (!...) are not read; leave it out");
	return 0;
}

static int read_node(struct reader *reader, const yaml_event_t *event, struct yaml_node *node);

static int read_sequence(struct reader *reader, struct yaml_node *node)
{
	yaml_event_t event;
	int ret = 0;

	for (bool ended = false; !ended && !ret;) {
		struct yaml_node *child;

		if (next_event(reader, &event))
			return -1;
		ended = event.type == YAML_SEQUENCE_END_EVENT;
		if (!ended) {
			child = add_child(reader, node);
			ret = child ? read_node(reader, &event, child) : -1;
		}
		yaml_event_delete(&event);
	}
	return ret;
}

static int check_key(struct reader *reader, const struct yaml_node *node,
		     const struct yaml_node *entry)
{
	if (node->count > KEYS_MAX)
		return refuse(reader, entry->at, "a mapping with more than %d keys", KEYS_MAX);
	for (size_t i = 0; i + 1 < node->count; i++)
		if (!strcmp(node->children[i].key, entry->key))
			return refuse(reader, entry->at,
				      "key \"%.64s\" stands twice; the first is on line %zu",
				      entry->key, node->children[i].at.line);
	return 0;
}

static int read_key(struct reader *reader, const yaml_event_t *event, struct yaml_node *node,
		    struct yaml_node **entry)
{
	char *key;

	if (event->type != YAML_SCALAR_EVENT)
		return refuse(reader, position_of(&event->start_mark),
			      "a key must be a plain word");
	if (refuse_extras(reader, event, event->data.scalar.anchor, event->data.scalar.tag) ||
	    take_scalar(reader, event, &key))
		return -1;
	*entry = add_child(reader, node);
	if (!*entry) {
		free(key);
		return -1;
	}
	(*entry)->key = key;
	(*entry)->at = position_of(&event->start_mark);
	return check_key(reader, node, *entry);
}

static int read_value(struct reader *reader, struct yaml_node *entry)
{
	yaml_event_t event;
	int ret;

	if (next_event(reader, &event))
		return -1;
	ret = read_node(reader, &event, entry);
	yaml_event_delete(&event);
	return ret;
}

static int read_mapping(struct reader *reader, struct yaml_node *node)
{
	int ret = 0;

	for (bool ended = false; !ended && !ret;) {
		struct yaml_node *entry = NULL;
		yaml_event_t event;

		if (next_event(reader, &event))
			return -1;
		ended = event.type == YAML_MAPPING_END_EVENT;
		if (!ended)
			ret = read_key(reader, &event, node, &entry);
		yaml_event_delete(&event);
		if (entry && !ret)
			ret = read_value(reader, entry);
	}
	return ret;
}

static int read_inside(struct reader *reader, struct yaml_node *node)
{
	int ret;

	if (reader->depth == YAML_DEPTH_MAX)
		return refuse(reader, node->value_at, "more than %d levels of nesting",
			      YAML_DEPTH_MAX);
	reader->depth++;
	ret = node->kind == YAML_MAPPING ? read_mapping(reader, node) : read_sequence(reader, node);
	reader->depth--;
	return ret;
}

static int read_node(struct reader *reader, const yaml_event_t *event, struct yaml_node *node)
{
	node->value_at = position_of(&event->start_mark);
	if (!node->key)
		node->at = node->value_at;
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		node->kind = YAML_SCALAR;
		node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
		node->quoted = event->data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
			       event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
		if (refuse_extras(reader, event, event->data.scalar.anchor, event->data.scalar.tag))
			return -1;
		return take_scalar(reader, event, &node->scalar);
	case YAML_SEQUENCE_START_EVENT:
		node->kind = YAML_SEQUENCE;
		if (refuse_extras(reader, event, event->data.sequence_start.anchor,
				  event->data.sequence_start.tag))
			return -1;
		return read_inside(reader, node);
	case YAML_MAPPING_START_EVENT:
		node->kind = YAML_MAPPING;
		if (refuse_extras(reader, event, event->data.mapping_start.anchor,
				  event->data.mapping_start.tag))
			return -1;
		return read_inside(reader, node);
	case YAML_ALIAS_EVENT:
		return refuse_extras(reader, event, event, NULL);
	default:
		return refuse(reader, node->value_at, "a value must stand here");
	}
}

/* The next event that is of neither type. */
static int skip_to(struct reader *reader, yaml_event_type_t type, yaml_event_type_t other,
		   yaml_event_t *event)
{
	for (;;) {
		if (next_event(reader, event))
			return -1;
		if (event->type != type && event->type != other)
			return 0;
		yaml_event_delete(event);
	}
}

static int read_document(struct reader *reader, struct yaml_node *root)
{
	yaml_event_t event;
	int ret;

	if (skip_to(reader, YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT, &event))
		return -1;
	if (event.type == YAML_STREAM_END_EVENT)
		ret = error_set(reader->err, EXIT_USAGE, "%s is empty", reader->text->file);
	else
		ret = read_node(reader, &event, root);
	yaml_event_delete(&event);
	if (ret || skip_to(reader, YAML_DOCUMENT_END_EVENT, YAML_NO_EVENT, &event))
		return -1;
	if (event.type != YAML_STREAM_END_EVENT)
		ret = refuse(reader, position_of(&event.start_mark),
			     "a second document begins here; a file holds one");
	yaml_event_delete(&event);
	return ret;
}

void yaml_places_free(struct yaml_places *places)
{
	if (!places)
		return;
	free_node(&places->root);
	free(places->file);
	free(places);
}

int yaml_places_read(const struct yaml_text *text, struct yaml_places **places, struct error *err)
{
	struct reader reader = {.text = text, .err = err};
	struct yaml_places *made;
	int ret;

	if (text->size > YAML_SIZE_MAX)
		return error_set(err, EXIT_USAGE, "%s has %zu bytes; at most %u are read",
				 text->file, text->size, YAML_SIZE_MAX);
	made = calloc(1, sizeof(*made));
	if (made)
		made->file = strdup(text->file);
	if (!made || !made->file || !yaml_parser_initialize(&reader.parser)) {
		yaml_places_free(made);
		return no_memory(&reader);
	}
	yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text->text, text->size);
	ret = read_document(&reader, &made->root);
	yaml_parser_delete(&reader.parser);
	if (ret)
		yaml_places_free(made);
	else
		*places = made;
	return ret;
}

const struct yaml_node *yaml_child(const struct yaml_node *mapping, const char *key)
{
	for (size_t i = 0; mapping->kind == YAML_MAPPING && i < mapping->count; i++)
		if (!strcmp(mapping->children[i].key, key))
			return &mapping->children[i];
	return NULL;
}

const char *yaml_file(const struct yaml_places *places)
{
	return places->file;
}

/* "[3]" at *path, or "name" up to a dot or bracket. */
static const struct yaml_node *step(const struct yaml_node *node, const char **path)
{
	autofree char *key = NULL;
	size_t size, index;
	char *end;

	if (**path == '[') {
		index = strtoul(*path + 1, &end, 10);
		*path = *end == ']' ? end + 1 : end;
		return node->kind == YAML_SEQUENCE && index < node->count ? &node->children[index]
									  : NULL;
	}
	size = strcspn(*path, ".[");
	key = strndup(*path, size);
	*path += size;
	return key ? yaml_child(node, key) : NULL;
}

static const struct yaml_node *find_node(const struct yaml_places *places, const char *path)
{
	const struct yaml_node *node = &places->root;

	while (node && path && *path) {
		path += *path == '.';
		node = step(node, &path);
	}
	return node;
}

bool yaml_find(const struct yaml_places *places, const char *path, struct yaml_position *position)
{
	const struct yaml_node *node = find_node(places, path);

	if (node)
		*position = node->at;
	return node;
}

bool yaml_find_text(const struct yaml_places *places, const char *path,
		    struct yaml_position *position)
{
	const struct yaml_node *node = find_node(places, path);

	if (!node)
		return false;
	*position = node->value_at;
	position->column += node->quoted;
	return true;
}

int yaml_refuse(const struct yaml_places *places, const char *path, struct error *err,
		const char *format, ...)
{
	struct yaml_position at = places->root.at;
	const bool named = path && *path;
	char words[1024];
	va_list arguments;

	yaml_find(places, path, &at);
	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	return error_set(err, EXIT_USAGE, "%s:%zu:%zu: %s%s%s", places->file, at.line, at.column,
			 named ? path : "", named ? ": " : "", words);
}
