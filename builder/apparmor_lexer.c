// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder/apparmor.h"

static int refuse(struct aa_reader *reader, const struct aa_token *token, size_t column,
		  const char *format, va_list list)
{
	char text[1024];

	vsnprintf(text, sizeof(text), format, list);
	return error_set(reader->err, EXIT_USAGE, "%s:%zu:%zu: %s", token->source->name,
			 token->line, column, text);
}

int aa_refuse_at(struct aa_reader *reader, const struct aa_token *token, size_t offset,
		 const char *format, ...)
{
	const size_t mark = token->kind == AA_QUOTED ? 1 : 0;
	va_list list;

	va_start(list, format);
	refuse(reader, token, token->column + mark + offset, format, list);
	va_end(list);
	return -1;
}

int aa_refuse(struct aa_reader *reader, const struct aa_token *token, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	refuse(reader, token, token->column, format, list);
	va_end(list);
	return -1;
}

int aa_no_memory(struct aa_reader *reader)
{
	return error_set(reader->err, EXIT_ENVIRONMENT, "no memory for an AppArmor profile");
}

int aa_expected(struct aa_reader *reader, const char *what)
{
	const struct aa_token *token = &reader->token;

	if (token->kind == AA_END)
		return aa_refuse(reader, token, "the file ends where %s should be", what);
	return aa_refuse(reader, token, "\"%.*s\" stands where %s should be",
			 token->size > 64 ? 64 : (int)token->size, token->start, what);
}

bool aa_is(const struct aa_token *token, const char *text)
{
	return token->size == strlen(text) && !memcmp(token->start, text, token->size);
}

bool aa_is_text(const struct aa_token *token)
{
	return token->kind == AA_WORD || token->kind == AA_PATH || token->kind == AA_QUOTED;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

static bool begins(const struct aa_input *input, const char *text)
{
	const size_t size = strlen(text);

	return (size_t)(input->source->end - input->at) >= size && !memcmp(input->at, text, size);
}

/* A comment that is an include, as AppArmor has it: also where nothing stands between it and the name. */
static bool at_hash_include(const struct aa_input *input)
{
	return begins(input, "#include");
}

static void skip_blank(struct aa_input *input, bool lines)
{
	const char *end = input->source->end;

	while (input->at < end) {
		if (*input->at == '#' && lines && !at_hash_include(input)) {
			while (input->at < end && *input->at != '\n')
				input->at++;
		} else if (*input->at == '\n' && !lines) {
			return;
		} else if (*input->at == '\n') {
			input->line++;
			input->line_start = ++input->at;
			input->indent = 0;
		} else if (is_space(*input->at)) {
			input->at++;
		} else {
			return;
		}
	}
}

static struct aa_token here(const struct aa_input *input)
{
	return (struct aa_token){
		.kind = AA_END,
		.source = input->source,
		.line = input->line,
		.column = input->at - input->line_start + input->indent + 1,
		.start = input->at,
	};
}

/* A comma belongs to a path if what follows could: "lib{,32}" but not "r, ". */
static bool ends_path(const struct aa_input *input, const char *at, unsigned int braces)
{
	const char *end = input->source->end;

	if (is_space(*at) || *at == '"' || *at == '!')
		return true;
	if (input->parentheses && !braces && (*at == ',' || *at == ')'))
		return true;
	if (*at != ',')
		return false;
	return at + 1 == end || is_space(at[1]) || strchr("\"!,", at[1]);
}

/* The variable that is assigned to ends before the equals sign. */
static bool ends_variable(const struct aa_token *token, const char *at, const char *end)
{
	const char *brace = memchr(token->start, '}', at - token->start);

	if (*token->start != '@' || !brace || brace + 1 != at)
		return false;
	return *at == '=' || (*at == '+' && at + 1 < end && at[1] == '=');
}

static int lex_path(struct aa_reader *reader, struct aa_token *token)
{
	struct aa_input *input = reader->input;
	const char *at = input->at, *end = input->source->end;
	unsigned int braces = 0;

	for (; at < end && !ends_variable(token, at, end) && !ends_path(input, at, braces); at++) {
		if (*at == '\\' && at + 1 < end && at[1] != '\n')
			at++;
		else if (*at == '{')
			braces++;
		else if (*at == '}' && braces)
			braces--;
	}
	token->kind = AA_PATH;
	token->size = at - token->start;
	input->at = at;
	return 0;
}

/* Braces are part of a word that they do not begin. */
static int lex_word(struct aa_input *input, struct aa_token *token)
{
	const char *at = input->at, *end = input->source->end;
	unsigned int braces = 0;

	for (; at < end && !is_space(*at) && !strchr("()=\"", *at); at++) {
		if (*at == '{')
			braces++;
		else if (!braces && strchr(",}", *at))
			break;
		else if (*at == '}')
			braces--;
	}
	token->kind = AA_WORD;
	token->size = at - token->start;
	input->at = at;
	return 0;
}

void aa_take_braces(struct aa_reader *reader)
{
	if (reader->token.kind != AA_OPEN)
		return;
	reader->input->at = reader->token.start;
	lex_word(reader->input, &reader->token);
}

/* What stands between two marks, on one line. */
static int lex_between(struct aa_reader *reader, struct aa_token *token, enum aa_kind kind,
		       char last)
{
	struct aa_input *input = reader->input;
	const char *at = input->at + 1, *end = input->source->end;

	for (; at < end && *at != last && *at != '\n'; at++)
		if (*at == '\\' && at + 1 < end && at[1] != '\n')
			at++;
	if (at >= end || *at != last)
		return aa_refuse(reader, token, "no '%c' on this line ends what begins here", last);
	token->kind = kind;
	token->start = input->at + 1;
	token->size = at - token->start;
	input->at = at + 1;
	return 0;
}

static const struct {
	const char *text;
	enum aa_kind kind;
} marks[] = {
	{.text = ",", .kind = AA_COMMA},	  {.text = "=", .kind = AA_EQUAL},
	{.text = "+=", .kind = AA_PLUS_EQUAL},	  {.text = "->", .kind = AA_ARROW},
	{.text = "{", .kind = AA_OPEN},		  {.text = "}", .kind = AA_CLOSE},
	{.text = "(", .kind = AA_PARENTHESIS},	  {.text = ")", .kind = AA_PARENTHESIS_END},
	{.text = "#include", .kind = AA_INCLUDE},
};

static bool lex_mark(struct aa_input *input, struct aa_token *token)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (!begins(input, marks[i].text))
			continue;
		token->kind = marks[i].kind;
		token->size = strlen(marks[i].text);
		input->at += token->size;
		if (token->kind == AA_PARENTHESIS)
			input->parentheses++;
		else if (token->kind == AA_PARENTHESIS_END && input->parentheses)
			input->parentheses--;
		return true;
	}
	return false;
}

int aa_advance(struct aa_reader *reader)
{
	struct aa_input *input = reader->input;
	struct aa_token *token = &reader->token;
	unsigned char first;

	skip_blank(input, true);
	*token = here(input);
	if (input->at == input->source->end)
		return 0;
	first = *input->at;
	if (first < ' ' || first == 0x7f)
		return aa_refuse(reader, token, "byte 0x%02x has no place in a profile", first);
	if (lex_mark(input, token))
		return 0;
	if (first == '"')
		return lex_between(reader, token, AA_QUOTED, '"');
	if (first == '<' && !begins(input, "<="))
		return lex_between(reader, token, AA_ANGLE, '>');
	if (first == '/' || begins(input, "@{"))
		return lex_path(reader, token);
	return lex_word(input, token);
}

bool aa_path_follows(const struct aa_reader *reader)
{
	struct aa_input ahead = *reader->input;

	skip_blank(&ahead, true);
	return begins(&ahead, "/") || begins(&ahead, "@{") || begins(&ahead, "\"");
}

static int lex_value(struct aa_reader *reader, struct aa_token *token)
{
	struct aa_input *input = reader->input;
	const char *at = input->at, *end = input->source->end;

	*token = here(input);
	if (*at == '#')
		return aa_refuse(
			reader, token,
			"AppArmor takes the words of a comment behind values for values: put "
			"it on a line of its own");
	if (*at == '"')
		return lex_between(reader, token, AA_QUOTED, '"');
	for (; at < end && !is_space(*at) && *at != '"'; at++)
		if (*at == '\\' && at + 1 < end && at[1] != '\n')
			at++;
	token->kind = AA_PATH;
	token->size = at - token->start;
	input->at = at;
	if (at[-1] == ',' && (token->size < 2 || at[-2] != '\\'))
		return aa_refuse(reader, token, "values of a variable have no comma behind them");
	return 0;
}

static void skip_to_value(struct aa_input *input)
{
	skip_blank(input, false);
	while (begins(input, "\\\n")) {
		input->at += 2;
		input->line++;
		input->line_start = input->at;
		input->indent = 0;
		skip_blank(input, false);
	}
}

int aa_values(struct aa_reader *reader, struct aa_variable *variable)
{
	struct aa_input *input = reader->input;
	struct aa_token *values;

	for (;;) {
		skip_to_value(input);
		if (input->at == input->source->end || *input->at == '\n')
			break;
		if (variable->count == AA_VARIABLES_MAX)
			return aa_refuse(reader, &variable->values[0],
					 "the variable that gets this value has more than %d",
					 AA_VARIABLES_MAX);
		values = realloc(variable->values, (variable->count + 1) * sizeof(*values));
		if (!values)
			return aa_no_memory(reader);
		variable->values = values;
		if (lex_value(reader, &values[variable->count]))
			return -1;
		variable->count++;
	}
	return 0;
}

int aa_end_of_rule(struct aa_reader *reader)
{
	if (reader->token.kind != AA_COMMA)
		return aa_expected(reader, "a comma");
	return aa_advance(reader);
}
