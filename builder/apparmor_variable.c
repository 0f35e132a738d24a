// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "builder/apparmor.h"

/* A text that is being made: what its variables have been replaced by so far, and what is left. */
struct expansion {
	const struct aa_token *token; /* whose it is, for messages */
	bool in_token;		      /* text leads into token, so that a place can be told */
	bool is_value;		      /* of a variable, whose values come one by one */
	unsigned int depth;
	struct aa_texts *texts;
};

/* What a variable becomes in a text. */
struct piece {
	const char *bytes;
	size_t size;
	bool edge, edge_behind; /* an EDGE belongs there */
};

/*
 * apparmor_parser puts several values into a pattern as {one,two}, where a * beside a brace is not
 * beside the slash that stands behind it, so that it need match nothing, and slashes there are not made
 * one. Here each value becomes a pattern of its own, with this in place of the brace where that
 * matters.
 */
#define EDGE	  "{,}"
#define EDGE_SIZE (sizeof(EDGE) - 1)

static int expand(struct aa_reader *reader, const struct expansion *expansion, const char *done,
		  size_t done_size, const char *rest, size_t rest_size);

/* The first @{ in text, or NULL. */
static const char *find_reference(const char *text, size_t size)
{
	for (size_t i = 0; i + 1 < size; i++) {
		if (text[i] == '\\')
			i++;
		else if (text[i] == '@' && text[i + 1] == '{')
			return text + i;
	}
	return NULL;
}

bool aa_has_variables(const struct aa_token *token)
{
	return find_reference(token->start, token->size);
}

static struct aa_variable *find_variable(const struct aa_reader *reader, const char *name,
					 size_t size)
{
	struct aa_variable *variable = reader->variables;

	while (variable &&
	       (variable->name.size != size || memcmp(variable->name.bytes, name, size)))
		variable = variable->next;
	return variable;
}

static size_t offset_in(const struct expansion *expansion, const char *at)
{
	return expansion->in_token ? (size_t)(at - expansion->token->start) : 0;
}

static int add_expanded(struct aa_reader *reader, const struct expansion *expansion,
			const char *text, size_t size)
{
	if (expansion->texts->count == AA_EXPANSION_MAX)
		return aa_refuse(reader, expansion->token,
				 "with the values of its variables this becomes more than %d "
				 "texts",
				 AA_EXPANSION_MAX);
	return aa_add_text(reader, expansion->texts, text, size);
}

static int check_limits(struct aa_reader *reader, const struct expansion *expansion)
{
	if (expansion->depth == AA_DEPTH_MAX)
		return aa_refuse(reader, expansion->token,
				 "more than %d variables to replace; does one stand in its own "
				 "value?",
				 AA_DEPTH_MAX);
	if (reader->replaced++ < AA_REPLACED_MAX)
		return 0;
	return aa_refuse(reader, expansion->token,
			 "in the rules so far more than %u variables are replaced",
			 AA_REPLACED_MAX);
}

/* done + value + rest, from where rest begins. */
static int replace(struct aa_reader *reader, const struct expansion *expansion, const char *done,
		   size_t done_size, const struct piece *piece, const char *rest, size_t rest_size)
{
	const size_t size = done_size + piece->size + rest_size;
	struct expansion deeper = *expansion;
	char *text, *at;
	int ret;

	deeper.in_token = false;
	deeper.depth++;
	if (size > AA_PATTERN_MAX)
		return aa_refuse(reader, expansion->token,
				 "with the values of its variables this has more than %d bytes",
				 AA_PATTERN_MAX);
	text = malloc(size + 2 * EDGE_SIZE + 1);
	if (!text)
		return aa_no_memory(reader);
	at = mempcpy(text, done, done_size);
	at = mempcpy(at, EDGE, piece->edge ? EDGE_SIZE : 0);
	at = mempcpy(at, piece->bytes, piece->size);
	at = mempcpy(at, EDGE, piece->edge_behind ? EDGE_SIZE : 0);
	memcpy(at, rest, rest_size);
	ret = expand(reader, &deeper, text, at - text, at, rest_size);
	free(text);
	return ret;
}

/* Whether a value says the same between {, commas and }. */
static bool stands_alone(const struct aa_text *value)
{
	unsigned int braces = 0;
	bool brackets = false;

	for (size_t i = 0; i < value->size; i++) {
		const char byte = value->bytes[i];

		if (byte == '\\')
			i++;
		else if (byte == '[' || byte == ']')
			brackets = byte == '[';
		else if (brackets)
			continue;
		else if (byte == '{')
			braces++;
		else if ((byte == '}' || byte == ',') && !braces)
			return false;
		else if (byte == '}')
			braces--;
	}
	return !braces && !brackets;
}

static bool ends_with_star(const char *bytes, size_t size)
{
	size_t backslashes = 0;

	if (!size || bytes[size - 1] != '*')
		return false;
	while (backslashes < size - 1 && bytes[size - 2 - backslashes] == '\\')
		backslashes++;
	return backslashes % 2 == 0;
}

/* One of several values in a pattern; slashes that meet are one, as in apparmor_parser. */
static struct piece one_of_several(const struct aa_text *value, const char *done, size_t done_size,
				   const char *rest, size_t rest_size)
{
	struct piece piece = {.bytes = value->bytes, .size = value->size};
	const char before = done_size ? done[done_size - 1] : 0, behind = rest_size ? *rest : 0;

	for (; before == '/' && piece.size && *piece.bytes == '/'; piece.size--)
		piece.bytes++;
	while (behind == '/' && piece.size && piece.bytes[piece.size - 1] == '/')
		piece.size--;
	if (piece.size)
		piece.edge = before == '/' && *piece.bytes == '*';
	else
		piece.edge = before == '*' || behind == '*' ||
			     (before == '/' && (behind == '/' || behind == '@'));
	piece.edge_behind = ends_with_star(piece.bytes, piece.size) ||
			    (piece.size && piece.bytes[piece.size - 1] == '/' &&
			     (behind == '*' || behind == '@'));
	return piece;
}

/* Of what follows a value, whose own last slashes go, too. */
static void skip_slashes(const char **rest, size_t *size)
{
	for (; *size > 1 && (*rest)[0] == '/' && (*rest)[1] == '/'; --*size)
		++*rest;
}

static int replace_by(struct aa_reader *reader, const struct expansion *expansion, const char *done,
		      size_t done_size, const struct aa_texts *values, const char *rest,
		      size_t rest_size)
{
	if (values->count > 1 && !expansion->is_value)
		skip_slashes(&rest, &rest_size);
	for (size_t i = 0; i < values->count; i++) {
		const struct aa_text *value = &values->texts[i];
		struct piece piece = {.bytes = value->bytes, .size = value->size};

		if (values->count > 1 && !expansion->is_value) {
			if (!stands_alone(value))
				return aa_refuse(
					reader, expansion->token,
					"of the value \"%.64s\", which stands beside others, "
					"AppArmor would make several: put a backslash before its "
					"comma, or close its braces",
					value->bytes);
			piece = one_of_several(value, done, done_size, rest, rest_size);
		}
		if (replace(reader, expansion, done, done_size, &piece, rest, rest_size))
			return -1;
	}
	return 0;
}

/* The values of the variable name, with variables in them replaced. */
static int find_values(struct aa_reader *reader, const struct expansion *expansion,
		       const char *name, size_t size, struct aa_texts *values)
{
	static const char profile_name[] = "profile_name";
	const struct aa_variable *variable = find_variable(reader, name, size);
	struct expansion inner = *expansion;

	if (size == strlen(profile_name) && !memcmp(name, profile_name, size) && reader->name)
		return aa_add_text(reader, values, reader->name, strlen(reader->name));
	if (!variable)
		return aa_refuse_at(reader, expansion->token, offset_in(expansion, name - 2),
				    "variable @{%.*s} is not set; many are in tunables/global, "
				    "which is included before the profile",
				    (int)size, name);
	inner.in_token = false;
	inner.is_value = true;
	inner.depth++;
	inner.texts = values;
	for (size_t i = 0; i < variable->count; i++) {
		const struct aa_token *value = &variable->values[i];

		if (expand(reader, &inner, value->start, 0, value->start, value->size))
			return -1;
	}
	return 0;
}

/* done lies directly before rest in memory. */
static int expand(struct aa_reader *reader, const struct expansion *expansion, const char *done,
		  size_t done_size, const char *rest, size_t rest_size)
{
	const char *at = find_reference(rest, rest_size), *close;
	struct aa_texts values = {0};
	int ret;

	if (!at)
		return add_expanded(reader, expansion, done, done_size + rest_size);
	close = memchr(at, '}', rest + rest_size - at);
	if (!close)
		return aa_refuse_at(reader, expansion->token, offset_in(expansion, at),
				    "the variable that begins here has no '}'");
	done_size = at - done;
	rest_size -= close + 1 - rest;
	ret = check_limits(reader, expansion);
	if (!ret)
		ret = find_values(reader, expansion, at + 2, close - at - 2, &values);
	if (!ret)
		ret = replace_by(reader, expansion, done, done_size, &values, close + 1, rest_size);
	aa_free_texts(&values);
	return ret;
}

int aa_expand(struct aa_reader *reader, const struct aa_token *token, struct aa_texts *texts)
{
	const struct expansion expansion = {.token = token, .in_token = true, .texts = texts};

	return expand(reader, &expansion, token->start, 0, token->start, token->size);
}

bool aa_at_assignment(const struct aa_reader *reader)
{
	const struct aa_token *token = &reader->token;
	const char *at = token->start + token->size, *end = token->source->end;

	if (token->kind != AA_PATH || token->size < 3 || *token->start != '@' ||
	    memchr(token->start, '}', token->size) != at - 1)
		return false;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at < end && (*at == '=' || (*at == '+' && at + 1 < end && at[1] == '='));
}

static struct aa_variable *new_variable(struct aa_reader *reader, const char *name, size_t size)
{
	struct aa_variable *variable = calloc(1, sizeof(*variable));

	if (variable)
		variable->name = (struct aa_text){.bytes = strndup(name, size), .size = size};
	if (!variable || !variable->name.bytes) {
		free(variable);
		aa_no_memory(reader);
		return NULL;
	}
	variable->next = reader->variables;
	reader->variables = variable;
	return variable;
}

/* At `@{NAME} = values` or `+=`. */
int aa_assign(struct aa_reader *reader)
{
	const struct aa_token token = reader->token;
	const char *name = token.start + 2;
	const size_t size = token.size - 3;
	struct aa_variable *variable = find_variable(reader, name, size);
	size_t before;

	if (aa_advance(reader))
		return -1;
	if (reader->token.kind == AA_EQUAL && variable)
		return aa_refuse(reader, &token,
				 "%.*s is set already, in line %zu of %s; add to it with +=",
				 (int)token.size, token.start, variable->values[0].line,
				 variable->values[0].source->name);
	if (reader->token.kind == AA_PLUS_EQUAL && !variable)
		return aa_refuse(reader, &token, "%.*s is not set, so nothing can be added to it",
				 (int)token.size, token.start);
	if (!size || (size == 12 && !memcmp(name, "profile_name", size)))
		return aa_refuse(reader, &token, "this variable cannot be set");
	if (!variable && reader->variables_count++ == AA_VARIABLES_MAX)
		return aa_refuse(reader, &token, "there are more than %d variables",
				 AA_VARIABLES_MAX);
	if (!variable)
		variable = new_variable(reader, name, size);
	if (!variable)
		return -1;
	before = variable->count;
	if (aa_values(reader, variable))
		return -1;
	if (variable->count == before)
		return aa_refuse(reader, &token, "%.*s gets no value", (int)token.size,
				 token.start);
	return aa_advance(reader);
}
