// SPDX-License-Identifier: GPL-2.0
#include "runtime/json.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"

#define MARK_LENGTH (sizeof(JSON_MARK) - 1)

/* Where a number stands in the text. */
struct number {
	const char *start;
	size_t length;
};

static const char *digits(const char *at)
{
	while (isdigit((unsigned char)*at))
		at++;
	return at;
}

/*
 * The length of the number at text by JSON's grammar, 0 where there is none; *integer where it
 * has neither a fraction nor an exponent. The text ends with a zero byte.
 */
static size_t number_length(const char *text, bool *integer)
{
	const char *at = text + (*text == '-'), *end;

	*integer = true;
	end = *at == '0' ? at + 1 : digits(at);
	if (end == at)
		return 0;
	if (*end == '.') {
		*integer = false;
		at = end + 1;
		end = digits(at);
		if (end == at)
			return 0;
	}
	if (*end == 'e' || *end == 'E') {
		*integer = false;
		at = end + 1 + (end[1] == '+' || end[1] == '-');
		end = digits(at);
		if (end == at)
			return 0;
	}
	return end - text;
}

static bool fits(const char *text)
{
	errno = 0;
	strtoll(text, NULL, 10);
	return !errno;
}

/* The end of the string whose opening quote is at text. */
static const char *string_end(const char *text, const char *end)
{
	for (text++; text < end && *text != '"'; text++) {
		if (*text == '\\')
			text++;
	}
	return text < end ? text + 1 : end;
}

/*
 * The next number from *at on that has to be marked; *at moves behind it. What only looks like a
 * number is left to the parser, which refuses it. (end[0] is a zero byte.)
 */
static bool next_number(const char **at, const char *end, struct number *number)
{
	bool integer;

	while (*at < end) {
		const char *start = *at;

		if (*start == '"') {
			*at = string_end(start, end);
		} else if (*start == '-' || isdigit((unsigned char)*start)) {
			size_t length = number_length(start, &integer);

			*at = start + (length ? length : 1);
			*number = (struct number){.start = start, .length = length};
			if (length && (!integer || !fits(start)))
				return true;
			while (*at < end && **at && strchr("+-.eE0123456789", **at))
				(*at)++;
		} else {
			*at = start + 1;
		}
	}
	return false;
}

static size_t count_numbers(const char *text, size_t size)
{
	const char *at = text;
	struct number number;
	size_t count = 0;

	while (next_number(&at, text + size, &number))
		count++;
	return count;
}

static char *append(char *to, const char *from, size_t length)
{
	memcpy(to, from, length);
	return to + length;
}

/* A copy of text, *size bytes, with count numbers marked; *size becomes the copy's. */
static char *mark(const char *text, size_t *size, size_t count)
{
	char *marked = malloc(*size + count * (MARK_LENGTH + 2) + 1);
	const char *at = text, *copied = text;
	char *to = marked;
	struct number number;

	if (!marked)
		return NULL;
	while (next_number(&at, text + *size, &number)) {
		to = append(to, copied, number.start - copied);
		to = append(to, "\"" JSON_MARK, MARK_LENGTH + 1);
		to = append(to, number.start, number.length);
		*to++ = '"';
		copied = number.start + number.length;
	}
	to = append(to, copied, text + *size - copied);
	*to = '\0';
	*size = to - marked;
	return marked;
}

/* How many strings of value contain the mark; a key that does counts for two, which never fits. */
static size_t count_marks(const json_t *value)
{
	const char *key;
	size_t index, count = 0;
	json_t *member;

	if (json_is_string(value))
		return !!strstr(json_string_value(value), JSON_MARK);
	json_array_foreach(value, index, member)
		count += count_marks(member);
	json_object_foreach((json_t *)value, key, member)
		count += (strstr(key, JSON_MARK) ? 2 : 0) + count_marks(member);
	return count;
}

int json_read(const char *file, const char *text, size_t size, json_t **root, struct error *err)
{
	size_t count = count_numbers(text, size);
	autofree char *marked = NULL;
	json_error_t fault;

	if (count) {
		marked = mark(text, &size, count);
		if (!marked)
			return error_set(err, EXIT_ENVIRONMENT, "%s: no memory", file);
		text = marked;
	}
	*root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &fault);
	if (!*root)
		return error_set(err, EXIT_USAGE, "%s:%d:%d: %s", file, fault.line, fault.column,
				 fault.text);
	if (count_marks(*root) == count)
		return 0;
	json_decref(*root);
	*root = NULL;
	return error_set(err, EXIT_USAGE,
			 "%s: a string contains \"" JSON_MARK "\", which this program keeps for "
			 "itself",
			 file);
}

/*
 * The next marked string from text on, or NULL. Only strings that this program added, as a path,
 * may contain the mark beside those; a quote inside a string has a backslash before it, one that
 * opens a string never.
 */
static char *next_mark(char *text, const char *begin)
{
	while ((text = strstr(text, "\"" JSON_MARK))) {
		if (text == begin || text[-1] != '\\')
			return text;
		text++;
	}
	return NULL;
}

/* Takes quotes and marks off, in place: what is left is never longer. */
static void unmark(char *text)
{
	char *to = text, *from = text, *found;

	while ((found = next_mark(from, text))) {
		char *number = found + 1 + MARK_LENGTH;
		size_t length = strcspn(number, "\"");

		memmove(to, from, found - from);
		to += found - from;
		memmove(to, number, length);
		to += length;
		from = number + length + 1;
	}
	memmove(to, from, strlen(from) + 1);
}

char *json_write(const json_t *root)
{
	char *text = json_dumps(root, JSON_COMPACT);

	if (text)
		unmark(text);
	return text;
}
