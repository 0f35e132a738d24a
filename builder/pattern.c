// SPDX-License-Identifier: GPL-2.0
#include "builder/pattern.h"

#include <stdlib.h>
#include <string.h>

#include "builder/files.h"

/*
 * A path has no zero byte, so no set needs to tell whether it is in: it is where that makes a set
 * larger, so that "all others" need no exception.
 */
static const struct byte_set any_byte = {{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}};
static const struct byte_set not_slash = {
	{~(UINT64_C(1) << '/'), UINT64_MAX, UINT64_MAX, UINT64_MAX}};

struct reader {
	const char *text, *next;
	struct pattern *pattern;
	/* Of each open group: where its brace is, and how many commas it has. */
	const char *braces[PATTERN_DEPTH_MAX + 1];
	unsigned int commas[PATTERN_DEPTH_MAX + 1];
	unsigned int depth;
	bool after_slash; /* the last thing read is a '/', with nothing between */
	struct error *err;
};

static int refuse(struct reader *reader, const char *where, const char *reason)
{
	reader->next = where;
	return error_set(reader->err, EXIT_USAGE, "%s", reason);
}

static void add(struct reader *reader, enum token_kind kind, const struct byte_set *set)
{
	struct token *token = &reader->pattern->tokens[reader->pattern->count++];

	*token = (struct token){.kind = kind};
	if (set)
		token->set = *set;
	reader->after_slash = false;
}

/* AppArmor makes one slash of several; two at the beginning it leaves, and they match nothing. */
static void add_byte(struct reader *reader, unsigned char byte)
{
	struct byte_set set = {0};

	if (byte == '/' && reader->after_slash)
		return;
	byte_set_add(&set, byte);
	add(reader, TOKEN_BYTE, &set);
	reader->after_slash = byte == '/';
}

/* At most `most` digits of a number up to 255, as many as there are; -1: there is none. */
static int read_number(const char **next, unsigned int base, unsigned int most)
{
	static const char digits[] = "0123456789abcdef";
	const char *const start = *next;
	unsigned int value = 0;

	for (; most && **next; most--, ++*next) {
		const char lower = **next >= 'A' && **next <= 'F' ? **next + 'a' - 'A' : **next;
		const char *digit = strchr(digits, lower);
		const unsigned int more = digit ? digit - digits : base;

		if (more >= base || value * base + more > 255)
			break;
		value = value * base + more;
	}
	return *next == start ? -1 : (int)value;
}

/* Reads what stands behind a backslash; returns the byte, or -1 with err set. */
static int read_escape(struct reader *reader)
{
	static const char controls[][2] = {{'a', '\a'}, {'e', '\033'}, {'f', '\f'},
					   {'n', '\n'}, {'r', '\r'},   {'t', '\t'}};
	const char *const start = reader->next - 1;
	unsigned char byte = *reader->next;
	int number;

	if (!byte)
		return refuse(reader, start, "a backslash stands at the end of the pattern");
	if (byte >= '0' && byte <= '7') {
		number = read_number(&reader->next, 8, 3);
	} else {
		reader->next++;
		for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++)
			if (byte == controls[i][0])
				return controls[i][1];
		if (byte != 'x' && byte != 'd')
			return byte;
		number = read_number(&reader->next, byte == 'x' ? 16 : 10, byte == 'x' ? 2 : 3);
	}
	if (number < 0)
		return refuse(reader, start, "an escaped byte has no number");
	if (!number)
		return refuse(reader, start, "a path has no zero byte");
	return number;
}

static void add_range(struct byte_set *set, unsigned char from, unsigned char to)
{
	const unsigned char low = from < to ? from : to, high = from < to ? to : from;

	for (unsigned int byte = low; byte <= high; byte++)
		byte_set_add(set, byte);
}

/* Reads one member of [...]; returns the byte, or -1 with err set. */
static int read_member(struct reader *reader, bool first)
{
	const char *const start = reader->next;
	const unsigned char byte = *reader->next++;
	int escaped;

	if (byte == '*' || byte == '?')
		return refuse(reader, start,
			      "in brackets, AppArmor reads * and ? as wildcards: put a backslash "
			      "before them");
	if (byte == '-' && !first)
		return refuse(reader, start, "in brackets, a - that is no range must stand first");
	if (byte != '\\')
		return byte;
	escaped = read_escape(reader);
	if ((escaped == '-' || escaped == '^') && start[1] == escaped)
		return refuse(reader, start,
			      "in brackets, AppArmor ignores a backslash before - and ^: put - "
			      "first, and ^ not first");
	return escaped;
}

/* Reads [...] after the first bracket. */
static int read_class(struct reader *reader)
{
	const char *const open = reader->next - 1;
	struct byte_set set = {0};
	const bool inverted = *reader->next == '^';
	bool first = true;

	reader->next += inverted;
	for (; *reader->next != ']'; first = false) {
		int from, to;

		if (!*reader->next)
			return refuse(reader, open, "this [ has no ]");
		from = to = read_member(reader, first);
		if (from < 0)
			return -1;
		if (*reader->next == '-' && reader->next[1] != ']' && reader->next[1]) {
			reader->next++;
			to = read_member(reader, true);
		}
		if (to < 0)
			return -1;
		add_range(&set, from, to);
	}
	if (first)
		return refuse(reader, open, "brackets with nothing in them");
	reader->next++;
	for (size_t i = 0; inverted && i < sizeof(set.bits) / sizeof(set.bits[0]); i++)
		set.bits[i] = ~set.bits[i];
	add(reader, TOKEN_BYTE, &set);
	return 0;
}

/*
 * Reads the rest of * or **. All of a name, between two slashes or after the last one, has at least
 * one byte, which is no slash.
 */
static void read_stars(struct reader *reader)
{
	const char *end = reader->next;

	while (*end == '*')
		end++;
	if (reader->after_slash && (*end == '/' || !*end))
		add(reader, TOKEN_BYTE, &not_slash);
	if (*reader->next == '*') {
		reader->next++;
		add(reader, TOKEN_REPEAT, &any_byte);
	} else {
		add(reader, TOKEN_REPEAT, &not_slash);
	}
}

static int open_group(struct reader *reader)
{
	if (reader->depth == PATTERN_DEPTH_MAX)
		return refuse(reader, reader->next - 1, "braces are nested more than 49 deep");
	reader->braces[++reader->depth] = reader->next - 1;
	reader->commas[reader->depth] = 0;
	add(reader, TOKEN_OPEN, NULL);
	return 0;
}

static int close_group(struct reader *reader)
{
	if (!reader->depth)
		return refuse(reader, reader->next - 1, "this } has no {");
	if (!reader->commas[reader->depth])
		return refuse(reader, reader->next - 1,
			      "braces with only one alternative: a comma is missing");
	reader->depth--;
	add(reader, TOKEN_CLOSE, NULL);
	return 0;
}

static int read_next(struct reader *reader)
{
	const char byte = *reader->next++;
	int escaped;

	switch (byte) {
	case '\\':
		escaped = read_escape(reader);
		if (escaped < 0)
			return -1;
		/* A slash by its number is one of several; "/\/" stays two, and matches nothing. */
		if (reader->next[-1] == '/')
			reader->after_slash = false;
		add_byte(reader, escaped);
		return 0;
	case '*':
		read_stars(reader);
		return 0;
	case '?':
		add(reader, TOKEN_BYTE, &not_slash);
		return 0;
	case '[':
		return read_class(reader);
	case ']':
		return refuse(reader, reader->next - 1, "this ] has no [");
	case '{':
		return open_group(reader);
	case '}':
		return close_group(reader);
	case ',':
		if (!reader->depth)
			break;
		reader->commas[reader->depth]++;
		add(reader, TOKEN_OR, NULL);
		return 0;
	}
	add_byte(reader, byte);
	return 0;
}

static int read_all(struct reader *reader)
{
	if (*reader->text != '/')
		return refuse(reader, reader->text, "a path begins with /");
	if (reader->text[1] == '/' && reader->text[2] != '/')
		return refuse(reader, reader->text,
			      "a path that begins with two slashes matches nothing");
	while (*reader->next)
		if (read_next(reader))
			return -1;
	if (reader->depth)
		return refuse(reader, reader->braces[reader->depth], "this { has no }");
	return 0;
}

int pattern_read(const char *text, struct pattern *pattern, size_t *at, struct error *err)
{
	struct reader reader = {.text = text, .next = text, .pattern = pattern, .err = err};
	int ret;

	/* No byte of the text gives more than two tokens. */
	*pattern = (struct pattern){.tokens = calloc(2 * strlen(text) + 1, sizeof(struct token))};
	*at = 0;
	if (!pattern->tokens)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a pattern");
	ret = read_all(&reader);
	if (ret)
		pattern_free(pattern);
	*at = reader.next - text;
	return ret;
}

void pattern_free(struct pattern *pattern)
{
	free(pattern->tokens);
	*pattern = (struct pattern){0};
}

/* The only byte of a token, or -1. */
static int only_byte(const struct token *token)
{
	int found = -1;

	if (token->kind != TOKEN_BYTE)
		return -1;
	for (unsigned int i = 0; i < sizeof(token->set.bits) / sizeof(token->set.bits[0]); i++) {
		const uint64_t bits = token->set.bits[i];

		if (!bits)
			continue;
		if (found >= 0 || bits & (bits - 1))
			return -1;
		found = i * 64 + __builtin_ctzll(bits);
	}
	return found;
}

/*
 * Whether nothing follows but a group whose alternatives are each empty or begin with a slash, as in
 * "/name{,/x}": what stands before it is then a whole name.
 */
static bool only_goes_below(const struct pattern *pattern, size_t at)
{
	unsigned int depth = 0;

	for (; at < pattern->count; at++) {
		const struct token *token = &pattern->tokens[at];

		depth += token->kind == TOKEN_OPEN;
		depth -= token->kind == TOKEN_CLOSE;
		if (!depth)
			return token->kind == TOKEN_CLOSE && at + 1 == pattern->count;
		if (depth > 1 || (token->kind != TOKEN_OPEN && token->kind != TOKEN_OR))
			continue;
		if (only_byte(token + 1) != '/' && token[1].kind != TOKEN_OR &&
		    token[1].kind != TOKEN_CLOSE)
			return false;
	}
	return false;
}

char *pattern_prefix(const struct pattern *pattern)
{
	char *prefix = malloc(pattern->count + 2);
	size_t length = 0;
	int byte;

	if (!prefix)
		return NULL;
	for (; length < pattern->count; length++) {
		byte = only_byte(&pattern->tokens[length]);
		if (byte < 0)
			break;
		prefix[length] = byte;
	}
	if (length < pattern->count && !only_goes_below(pattern, length))
		while (prefix[length - 1] != '/')
			length--;
	if (length > 1 && prefix[length - 1] == '/')
		length--;
	prefix[length] = '\0';
	return prefix;
}

int file_pattern_check(const char *pattern, size_t *at, struct error *err)
{
	struct pattern read;

	if (pattern_read(pattern, &read, at, err))
		return -1;
	pattern_free(&read);
	return 0;
}
