// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/yaml_places.h"

#define PATH_SIZE 256

/* A value that is checked, and the way to it. */
struct place {
	const struct yaml_places *places;
	char path[PATH_SIZE];
	struct error *err;
};

#define REFUSE(place, ...) yaml_refuse((place)->places, (place)->path, (place)->err, __VA_ARGS__)

static int check(struct place *place, const struct yaml_node *node,
		 const struct cyaml_schema_value *schema);

static const char *const kind_words[] = {
	[YAML_SCALAR] = "a single value",
	[YAML_SEQUENCE] = "a list",
	[YAML_MAPPING] = "a mapping (\"key: value\" lines)",
};

static int check_kind(struct place *place, const struct yaml_node *node, enum yaml_kind kind)
{
	if (node->kind == YAML_SCALAR && kind != YAML_SCALAR && node->plain && !*node->scalar)
		return REFUSE(place, "has no value; it must be %s", kind_words[kind]);
	if (node->kind != kind)
		return REFUSE(place, "must be %s, not %s", kind_words[kind],
			      kind_words[node->kind]);
	return 0;
}

static const struct cyaml_schema_field *find_field(const struct cyaml_schema_value *schema,
						   const char *key)
{
	const struct cyaml_schema_field *field = schema->mapping.fields;

	while (field->key && strcmp(field->key, key))
		field++;
	return field->key ? field : NULL;
}

static int refuse_key(struct place *place, const struct cyaml_schema_value *schema)
{
	const struct cyaml_schema_field *field;
	char known[512] = "";
	size_t used = 0;

	for (field = schema->mapping.fields; field->key; field++)
		if (used < sizeof(known) && field->value.type != CYAML_IGNORE)
			used += snprintf(known + used, sizeof(known) - used, "%s%s",
					 used ? ", " : "", field->key);
	return REFUSE(place, "unknown key; there are: %s", known);
}

static int check_entries(struct place *place, const struct yaml_node *node,
			 const struct cyaml_schema_value *schema)
{
	const size_t length = strlen(place->path);

	for (size_t i = 0; i < node->count; i++) {
		const char *key = node->children[i].key;
		const struct cyaml_schema_field *field = find_field(schema, key);

		snprintf(place->path + length, sizeof(place->path) - length, "%s%.64s",
			 length ? "." : "", key);
		if (field ? check(place, &node->children[i], &field->value)
			  : refuse_key(place, schema))
			return -1;
		place->path[length] = '\0';
	}
	return 0;
}

static int check_mapping(struct place *place, const struct yaml_node *node,
			 const struct cyaml_schema_value *schema)
{
	const struct cyaml_schema_field *field;

	if (check_kind(place, node, YAML_MAPPING) || check_entries(place, node, schema))
		return -1;
	for (field = schema->mapping.fields; field->key; field++)
		if (!(field->value.flags & CYAML_FLAG_OPTIONAL) && !yaml_child(node, field->key))
			return REFUSE(place, "key \"%s\" is missing", field->key);
	return 0;
}

static int check_sequence(struct place *place, const struct yaml_node *node,
			  const struct cyaml_schema_value *schema)
{
	const size_t length = strlen(place->path);

	if (check_kind(place, node, YAML_SEQUENCE))
		return -1;
	if (node->count < schema->sequence.min || node->count > schema->sequence.max)
		return REFUSE(place, "has %zu elements; %u to %u may be there", node->count,
			      schema->sequence.min, schema->sequence.max);
	for (size_t i = 0; i < node->count; i++) {
		snprintf(place->path + length, sizeof(place->path) - length, "[%zu]", i);
		if (check(place, &node->children[i], schema->sequence.entry))
			return -1;
		place->path[length] = '\0';
	}
	return 0;
}

static int check_word(struct place *place, const char *scalar,
		      const struct cyaml_schema_value *schema)
{
	char known[512] = "";
	size_t used = 0;

	for (uint32_t i = 0; i < schema->enumeration.count; i++) {
		const char *word = schema->enumeration.strings[i].str;

		if (!strcmp(word, scalar))
			return 0;
		if (used < sizeof(known))
			used += snprintf(known + used, sizeof(known) - used, "%s%s",
					 used ? ", " : "", word);
	}
	return REFUSE(place, "\"%.64s\" is none of: %s", scalar, known);
}

static int check_number(struct place *place, const char *scalar,
			const struct cyaml_schema_value *schema)
{
	const unsigned int bits = 8 * schema->data_size;
	const bool hexadecimal = scalar[0] == '0' && (scalar[1] | 0x20) == 'x';
	unsigned long long number;
	char *end;

	/* libcyaml would take 010 for 8, and -1 for the largest number. */
	if (!isdigit((unsigned char)*scalar) || (*scalar == '0' && scalar[1] && !hexadecimal))
		return REFUSE(place, "\"%.64s\" is no number; write it as 16 or 0x10", scalar);
	errno = 0;
	number = strtoull(scalar, &end, 0);
	if (*end)
		return REFUSE(place, "\"%.64s\" is no number; write it as 16 or 0x10", scalar);
	if (errno || (bits < 64 && number >> bits))
		return REFUSE(place, "%.64s is too large", scalar);
	return 0;
}

static int check_bool(struct place *place, const char *scalar)
{
	/* For libcyaml every other word is true. */
	if (!strcmp(scalar, "true") || !strcmp(scalar, "false"))
		return 0;
	return REFUSE(place, "\"%.64s\" is neither true nor false", scalar);
}

static int check_scalar(struct place *place, const struct yaml_node *node,
			const struct cyaml_schema_value *schema)
{
	if (check_kind(place, node, YAML_SCALAR))
		return -1;
	if (!*node->scalar || (node->plain && !strcmp(node->scalar, "~")))
		return REFUSE(place, "has no value; leave the key out, or give it one");
	switch (schema->type) {
	case CYAML_ENUM:
		return check_word(place, node->scalar, schema);
	case CYAML_UINT:
		return check_number(place, node->scalar, schema);
	case CYAML_BOOL:
		return check_bool(place, node->scalar);
	case CYAML_STRING:
		if (strlen(node->scalar) <= schema->string.max)
			return 0;
		return REFUSE(place, "has %zu bytes; at most %u may be there", strlen(node->scalar),
			      schema->string.max);
	default:
		return 0; /* libcyaml's own checks come behind these */
	}
}

/* libcyaml checks all of this as well, but what it says names neither column nor remedy. */
static int check(struct place *place, const struct yaml_node *node,
		 const struct cyaml_schema_value *schema)
{
	switch (schema->type) {
	case CYAML_IGNORE:
		return 0;
	case CYAML_MAPPING:
		return check_mapping(place, node, schema);
	case CYAML_SEQUENCE:
		return check_sequence(place, node, schema);
	default:
		return check_scalar(place, node, schema);
	}
}

/* Keeps the first line of what libcyaml says: the later ones say where it was. */
static void keep_line(cyaml_log_t level, void *context, const char *format, va_list arguments)
{
	char *line = context;

	(void)level;
	if (*line)
		return;
	vsnprintf(line, PATH_SIZE, format, arguments);
	line[strcspn(line, "\n")] = '\0';
}

static int load(const struct yaml_text *text, const struct cyaml_schema_value *schema, void **data,
		struct error *err)
{
	char line[PATH_SIZE] = "";
	const cyaml_config_t config = {.log_fn = keep_line,
				       .log_ctx = line,
				       .log_level = CYAML_LOG_ERROR,
				       .mem_fn = cyaml_mem,
				       .flags = CYAML_CFG_NO_ALIAS};
	cyaml_err_t result;

	*data = NULL;
	result = cyaml_load_data((const uint8_t *)text->text, text->size, &config, schema, data,
				 NULL);
	if (result == CYAML_OK && *data)
		return 0;
	if (result == CYAML_ERR_OOM)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for %s", text->file);
	return error_set(err, EXIT_USAGE, "%s: libcyaml: %s", text->file,
			 *line ? line : cyaml_strerror(result));
}

int yaml_read(const struct yaml_text *text, const struct cyaml_schema_value *schema, void **data,
	      struct yaml_places **places, struct error *err)
{
	struct yaml_places *made;
	struct place place = {.err = err};

	if (yaml_places_read(text, &made, err))
		return -1;
	place.places = made;
	if (check(&place, &made->root, schema) || load(text, schema, data, err)) {
		yaml_places_free(made);
		return -1;
	}
	*places = made;
	return 0;
}

void yaml_release(const struct cyaml_schema_value *schema, void *data, struct yaml_places *places)
{
	const cyaml_config_t config = {.mem_fn = cyaml_mem};

	if (data)
		cyaml_free(&config, schema, data, 0);
	yaml_places_free(places);
}
