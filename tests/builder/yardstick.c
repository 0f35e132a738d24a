// SPDX-License-Identifier: GPL-2.0
#include "tests/builder/yardstick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/builder/agree.h"

/*
 * What stars are replaced by, because what stands beside them changes when a group is replaced by
 * one of its alternatives.
 */
enum star {
	ONE = '\001', /* one byte that is no slash */
	SOME,	      /* any number of them */
	ANY,	      /* any number of any bytes */
};

/* The byte that stands at *place, which moves behind it. */
static unsigned char read_byte(const char **place)
{
	unsigned int number;

	if (**place != '\\')
		return *(*place)++;
	if ((*place)[1] == 'x' && sscanf(*place + 2, "%2x", &number) == 1) {
		*place += 4;
		return number;
	}
	*place += 2;
	return (*place)[-1];
}

static bool class_has(const char *class, const char *end, unsigned char byte)
{
	const bool inverted = *class == '^';
	bool found = false;

	class += inverted;
	while (class < end) {
		const unsigned char from = read_byte(&class);
		unsigned char to = from;

		if (*class == '-' && class + 1 < end) {
			class ++;
			to = read_byte(&class);
		}
		found |= byte >= from && byte <= to;
	}
	return found != inverted;
}

/* Where what begins at open ("{" or "[") ends. */
static const char *end_of(const char *open)
{
	const bool class = *open == '[';
	int depth = 0;

	for (;; open++) {
		if (*open == '\\')
			open++;
		else if (class && *open == ']')
			return open;
		else if (!class && *open == '[')
			open = end_of(open);
		else if (!class && *open == '{')
			depth++;
		else if (!class && *open == '}' && !--depth)
			return open;
	}
}

/* The comma that ends the alternative at `from`, or the brace at end. */
static const char *alternative_end(const char *from, const char *end)
{
	for (; from < end && *from != ','; from++) {
		if (*from == '\\')
			from++;
		else if (*from == '[' || *from == '{')
			from = end_of(from);
	}
	return from;
}

static bool matches(const char *pattern, const char *path)
{
	const char *end;

	switch (*pattern) {
	case '\0':
		return !*path;
	case ONE:
		return *path && *path != '/' && matches(pattern + 1, path + 1);
	case '?':
		return *path && *path != '/' && matches(pattern + 1, path + 1);
	case SOME:
	case ANY:
		for (;; path++) {
			if (matches(pattern + 1, path))
				return true;
			if (!*path || (*path == '/' && *pattern == SOME))
				return false;
		}
	case '[':
		end = end_of(pattern);
		return *path && class_has(pattern + 1, end, *path) && matches(end + 1, path + 1);
	case '{':
		end = end_of(pattern);
		while (pattern < end) {
			const char *stop = alternative_end(pattern + 1, end);
			char whole[2 * YARDSTICK_MAX];

			snprintf(whole, sizeof(whole), "%.*s%s", (int)(stop - pattern - 1),
				 pattern + 1, end + 1);
			if (matches(whole, path))
				return true;
			pattern = stop;
		}
		return false;
	}
	return *path && read_byte(&pattern) == (unsigned char)*path && matches(pattern, path + 1);
}

bool yardstick_matches(const char *pattern, const char *path)
{
	char marked[2 * YARDSTICK_MAX];
	bool slash = false;
	size_t length = 0;

	for (const char *next = pattern; *next; next++) {
		const size_t stars = strspn(next, "*");

		if (*next == '/' && slash)
			continue;
		if (stars && slash && (next[stars] == '/' || !next[stars]))
			marked[length++] = ONE;
		slash = *next == '/';
		if (stars) {
			marked[length++] = stars > 1 ? ANY : SOME;
			next += stars > 1;
			continue;
		}
		if (*next == '\\')
			marked[length++] = *next++;
		marked[length++] = *next;
	}
	marked[length] = '\0';
	return matches(marked, path);
}

static unsigned int below(unsigned int limit)
{
	return next_random() % limit;
}

static void append_random(char *pattern, size_t most, unsigned int depth)
{
	static const char *const parts[] = {"a",    "b",      "c",     ".",   "a",  "b",    "/",
					    "/",    "*",      "**",    "/**", "/*", "?",    "[ab]",
					    "[^a]", "[a-b.]", "[^/b]", "\\*", "ab", "\\{c", "\\x61",
					    "/a/",  "[\\]a]", "[a,{]", "//",  "/a", "/b"};

	for (unsigned int left = 1 + below(6); left; left--) {
		char group[YARDSTICK_MAX] = "{";

		if (strlen(pattern) > most)
			return;
		if (depth == 3 || below(6)) {
			strcat(pattern, parts[below(sizeof(parts) / sizeof(parts[0]))]);
			continue;
		}
		for (unsigned int more = 1 + below(2); more; more--) {
			if (below(4))
				append_random(group, 20, depth + 1);
			strcat(group, ",");
		}
		if (below(4))
			append_random(group, 20, depth + 1);
		strcat(pattern, group);
		strcat(pattern, "}");
	}
}

void random_pattern(char pattern[YARDSTICK_MAX])
{
	do {
		strcpy(pattern, "/");
		append_random(pattern, 40, 0);
	} while (pattern[1] == '/' && pattern[2] != '/');
}

void random_path(const char *pattern, char path[YARDSTICK_MAX])
{
	static const char letters[] = "aabbc.//*{],";
	const unsigned int copied = below(2) ? strlen(pattern) : 0;
	size_t length = 0;

	path[length++] = '/';
	for (unsigned int i = 1; i < copied && length < 40; i++) {
		const char letter = strchr("*?[^-\\", pattern[i]) ? letters[below(12)] : pattern[i];

		if (below(16) && !strchr("{,}]", pattern[i]))
			path[length++] = letter;
	}
	for (unsigned int more = below(copied ? 3 : 12); more; more--)
		path[length++] = letters[below(sizeof(letters) - 1)];
	path[length] = '\0';
}
