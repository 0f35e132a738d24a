// SPDX-License-Identifier: GPL-2.0
#include "runtime/cut.h"

#include <stdlib.h>
#include <string.h>

/* A member of an object: from its name's quote to the value's end. */
struct member {
	char *start, *value, *end;
};

static char *skip_blank(char *at)
{
	return at + strspn(at, " \t\r\n");
}

/* Behind the string whose opening quote is at at; NULL: it has no end. */
static char *skip_string(char *at)
{
	for (at++;; at += 2) {
		at += strcspn(at, "\"\\");
		if (*at == '"')
			return at + 1;
		if (!at[0] || !at[1])
			return NULL;
	}
}

/* Behind the value at at, whose brackets are counted and not told apart; NULL: it has no end. */
static char *skip_value(char *at)
{
	size_t depth = 0;

	if (*at == '"')
		return skip_string(at);
	if (*at != '{' && *at != '[')
		return at + strcspn(at, ",]} \t\r\n");
	do {
		at += strcspn(at, "\"{}[]");
		if (!*at)
			return NULL;
		if (*at == '"') {
			at = skip_string(at);
			if (!at)
				return NULL;
			continue;
		}
		depth += *at == '{' || *at == '[' ? 1 : -1;
		at++;
	} while (depth);
	return at;
}

/* The member at at, whose name has no escapes; false: it is not that plain. */
static bool read_member(char *at, struct member *member)
{
	char *end;

	if (*at != '"')
		return false;
	end = at + 1 + strcspn(at + 1, "\"\\");
	if (*end != '"')
		return false;
	member->start = at;
	at = skip_blank(end + 1);
	if (*at != ':')
		return false;
	member->value = skip_blank(at + 1);
	member->end = skip_value(member->value);
	return member->end && member->end > member->value;
}

static bool is_named(const struct member *member, const char *name, size_t length)
{
	return !strncmp(member->start + 1, name, length) && member->start[1 + length] == '"';
}

/* The one member called name of the object at at. */
static bool find_member(char *at, const char *name, struct member *found)
{
	const size_t length = strlen(name);
	struct member member;
	bool is_found = false;

	if (*at != '{')
		return false;
	do {
		at = skip_blank(at + 1);
		if (!read_member(at, &member))
			return false;
		if (is_named(&member, name, length)) {
			if (is_found)
				return false;
			is_found = true;
			*found = member;
		}
		at = skip_blank(member.end);
	} while (*at == ',');
	return *at == '}' && is_found;
}

/* With the comma behind it, else the one before it: an object's only member has neither. */
static void take_out(const struct member *member, char *text, size_t *size)
{
	char *start = member->start, *end = skip_blank(member->end);

	if (*end == ',') {
		end++;
	} else {
		while (start > text && strchr(" \t\r\n", start[-1]))
			start--;
		if (start > text && start[-1] == ',')
			start--;
	}
	memmove(start, end, text + *size - end + 1);
	*size -= end - start;
}

char *cut_seccomp(char *text, size_t *size)
{
	struct member linux_, seccomp;
	char *value;

	if (strlen(text) != *size || !find_member(skip_blank(text), "linux", &linux_) ||
	    !find_member(linux_.value, "seccomp", &seccomp) || *seccomp.value != '{')
		return NULL;
	value = strndup(seccomp.value, seccomp.end - seccomp.value);
	if (value)
		take_out(&seccomp, text, size);
	return value;
}
