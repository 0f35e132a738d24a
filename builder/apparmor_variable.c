// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "builder/apparmor.h"

/* A text that is being made: what its variables have been replaced by so far, and what is left. */
struct expansion {
	const struct aa_token *token; /* whose it is, for messages */
	bool quoted_in_token;	      /* text leads into token, so that a place can be told */
	unsigned int depth;
	struct aa_texts *texts;
};

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
	return expansion->quoted_in_token ? (size_t)(at - expansion->token->start) : 0;
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

/* done + value + rest, from where value begins. */
static int replace(struct aa_reader *reader, const struct expansion *expansion, const char *done,
		   size_t done_size, const struct aa_text *value, const char *rest,
		   size_t rest_size)
{
	struct expansion deeper = *expansion;
	const size_t size = value->size + rest_size;
	char *text;
	int ret;

	deeper.quoted_in_token = false;
	deeper.depth++;
	if (deeper.depth > AA_DEPTH_MAX)
		return aa_refuse(reader, expansion->token,
				 "more than %d variables to replace; does one stand in its own "
				 "value?",
				 AA_DEPTH_MAX);
	if (done_size + size > AA_PATTERN_MAX)
		return aa_refuse(reader, expansion->token,
				 "with the values of its variables this has more than %d bytes",
				 AA_PATTERN_MAX);
	text = malloc(done_size + size + 1);
	if (!text)
		return aa_no_memory(reader);
	memcpy(text, done, done_size);
	memcpy(text + done_size, value->bytes, value->size);
	memcpy(text + done_size + value->size, rest, rest_size);
	ret = expand(reader, &deeper, text, done_size, text + done_size, size);
	free(text);
	return ret;
}

/* done lies directly before rest in memory. */
static int expand(struct aa_reader *reader, const struct expansion *expansion, const char *done,
		  size_t done_size, const char *rest, size_t rest_size)
{
	const char *at = find_reference(rest, rest_size), *close;
	const struct aa_variable *variable;
	struct aa_text value;

	if (!at)
		return add_expanded(reader, expansion, done, done_size + rest_size);
	close = memchr(at, '}', rest + rest_size - at);
	if (!close)
		return aa_refuse_at(reader, expansion->token, offset_in(expansion, at),
				    "the variable that begins here has no '}'");
	done_size = at - done;
	rest_size -= close + 1 - rest;
	if (close - at == 14 && !memcmp(at, "@{profile_name", 14) && reader->name) {
		value = (struct aa_text){.bytes = reader->name, .size = strlen(reader->name)};
		return replace(reader, expansion, done, done_size, &value, close + 1, rest_size);
	}
	variable = find_variable(reader, at + 2, close - at - 2);
	if (!variable)
		return aa_refuse_at(reader, expansion->token, offset_in(expansion, at),
				    "variable %.*s is not set; many are in tunables/global, which "
				    "is included before the profile",
				    (int)(close + 1 - at), at);
	for (size_t i = 0; i < variable->count; i++) {
		value = (struct aa_text){.bytes = (char *)variable->values[i].start,
					 .size = variable->values[i].size};
		if (replace(reader, expansion, done, done_size, &value, close + 1, rest_size))
			return -1;
	}
	return 0;
}

int aa_expand(struct aa_reader *reader, const struct aa_token *token, struct aa_texts *texts)
{
	const struct expansion expansion = {
		.token = token, .quoted_in_token = true, .texts = texts};

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
