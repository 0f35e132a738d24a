// SPDX-License-Identifier: GPL-2.0
#include "operator/trace_paths.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "operator/trace_text.h"

#define DIGITS "[0-9]*"

/* Who makes a file here gives it a name that nobody else uses. */
static const char *const temporary[] = {"/tmp/", "/var/tmp/", "/dev/shm/", "/run/shm/"};

/* Folders of libraries: behind ".so." stands a version. */
static const char *const libraries[] = {"/lib", "/usr/lib", "/usr/local/lib", "/opt/"};

static size_t component(const char *at)
{
	return strcspn(at, "/");
}

static size_t digits(const char *at)
{
	size_t count = 0;

	while (isdigit((unsigned char)at[count]))
		count++;
	return count;
}

/* All of a component is digits, as a process's number. */
static bool is_number(const char *at)
{
	const size_t count = digits(at);

	return count && count == component(at);
}

/*
 * Bytes that mean something in a pattern get a backslash; what is not printable, a quote or a
 * backslash goes by its number, which AppArmor's parser and ours both take.
 */
static void put_byte(FILE *stream, unsigned char byte)
{
	if (strchr("*?[]{}^,@", byte))
		fprintf(stream, "\\%c", byte);
	else if (byte == '\\')
		fputs("\\\\", stream);
	else if (byte < ' ' || byte > '~' || byte == '"')
		fprintf(stream, "\\%03o", byte);
	else
		putc(byte, stream);
}

static void put_bytes(FILE *stream, const char *bytes, size_t count)
{
	while (count--)
		put_byte(stream, *bytes++);
}

/* A name that the container gave: numbers of two digits and more differ the next time. */
static void put_made_name(FILE *stream, const char *at, size_t size)
{
	const char *const end = at + size;

	while (at < end) {
		const size_t count = digits(at);

		if (count >= 2)
			fputs(DIGITS, stream);
		else
			put_bytes(stream, at, count ? count : 1);
		at += count ? count : 1;
	}
}

/* "libz.so.1.2.13" is "libz.so.[0-9]*". */
static void put_library(FILE *stream, const char *at, size_t size)
{
	const char *version = memmem(at, size, ".so.", 4);

	if (!version || !isdigit((unsigned char)version[4])) {
		put_bytes(stream, at, size);
		return;
	}
	put_bytes(stream, at, version + 4 - at);
	fputs(DIGITS, stream);
}

static const char *under(const char *path, const char *const *folders, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strncmp(path, folders[i], strlen(folders[i])))
			return path + strlen(folders[i]);
	return NULL;
}

#define UNDER(path, folders) under(path, folders, sizeof(folders) / sizeof(*(folders)))

/* /proc/12/task/13/x is @{PROC}/[0-9]*\/task/[0-9]*\/x. */
static void put_proc(FILE *stream, const char *at)
{
	bool process = is_number(at);

	fputs("@{PROC}/", stream);
	if (process) {
		fputs(DIGITS, stream);
		at += component(at);
		if (!strncmp(at, "/task/", 6) && is_number(at + 6)) {
			fputs("/task/" DIGITS, stream);
			at += 6 + component(at + 6);
		}
	}
	put_bytes(stream, at, strlen(at));
}

/* What the container made in a folder for temporary files, or in a folder that it made there. */
static void put_temporary(FILE *stream, const char *path, const char *rest)
{
	const size_t size = component(rest);
	const char *below = rest + size;

	put_bytes(stream, path, rest - path);
	putc('*', stream);
	if (!*below)
		return;
	putc('/', stream);
	if (below[1])
		fputs("**", stream);
}

/* The other parts stay; the name itself was given by the container. */
static void put_made(FILE *stream, const char *path)
{
	size_t size = strlen(path), end = size && path[size - 1] == '/' ? size - 1 : size;
	size_t start = end;

	while (start && path[start - 1] != '/')
		start--;
	put_bytes(stream, path, start);
	put_made_name(stream, path + start, end - start);
	put_bytes(stream, path + end, size - end);
}

static void put_file(FILE *stream, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!strncmp(path, "/dev/pts/", 9) && is_number(path + 9)) {
		fputs("/dev/pts/" DIGITS, stream);
		return;
	}
	put_bytes(stream, path, slash + 1 - path);
	if (UNDER(path, libraries))
		put_library(stream, slash + 1, strlen(slash + 1));
	else
		put_bytes(stream, slash + 1, strlen(slash + 1));
}

/* Whether the container made the file, or the first folder below a folder of temporary files. */
static bool was_made(const struct recording *recording, const char *path, size_t size)
{
	for (size_t low = 0, high = recording->files_count; low < high;) {
		const size_t middle = low + (high - low) / 2;
		const char *other = recording->files[middle].path;
		const int order = strncmp(other, path, size);

		if (!order && !other[size])
			return recording->files[middle].access & TRACE_CREATED;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static char *make_pattern(const struct recording *recording, const struct recorded_file *file,
			  struct error *err)
{
	const char *path = file->path, *rest = UNDER(path, temporary);
	struct text text;

	if (text_open(&text, err))
		return NULL;
	if (!strncmp(path, "/proc/", 6))
		put_proc(text.stream, path + 6);
	else if (rest && *rest &&
		 was_made(recording, path, rest - path + component(rest) + !!rest[component(rest)]))
		put_temporary(text.stream, path, rest);
	else if (file->access & TRACE_CREATED)
		put_made(text.stream, path);
	else
		put_file(text.stream, path);
	return text_close(&text, err) ? NULL : text.bytes;
}

static int compare(const void *one, const void *other)
{
	const struct path_rule *a = one, *b = other;

	return strcmp(a->pattern, b->pattern);
}

static void unite(struct path_rules *rules)
{
	size_t kept = 0;

	if (rules->count)
		qsort(rules->list, rules->count, sizeof(*rules->list), compare);
	for (size_t i = 0; i < rules->count; i++) {
		if (kept && !compare(&rules->list[kept - 1], &rules->list[i])) {
			rules->list[kept - 1].access |= rules->list[i].access;
			free(rules->list[i].pattern);
		} else {
			rules->list[kept++] = rules->list[i];
		}
	}
	rules->count = kept;
}

/* A link may be used for no more than what it leads to. */
static void allow_linked(struct path_rules *rules)
{
	unsigned int access = 0;

	for (size_t i = 0; i < rules->count; i++)
		if (rules->list[i].access & TRACE_LINK)
			access |= rules->list[i].access & ~(TRACE_CREATED | TRACE_LINKED);
	for (size_t i = 0; i < rules->count; i++)
		if (rules->list[i].access & TRACE_LINKED)
			rules->list[i].access |= access;
}

int path_rules_make(const struct recording *recording, struct path_rules *rules, struct error *err)
{
	*rules = (struct path_rules){
		.list = calloc(recording->files_count + 1, sizeof(*rules->list))};
	if (!rules->list)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for file rules");
	for (size_t i = 0; i < recording->files_count; i++) {
		struct path_rule *rule = &rules->list[rules->count];

		rule->access = recording->files[i].access;
		rule->pattern = make_pattern(recording, &recording->files[i], err);
		if (!rule->pattern) {
			path_rules_free(rules);
			return -1;
		}
		rules->count++;
	}
	unite(rules);
	allow_linked(rules);
	return 0;
}

void path_rules_free(struct path_rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		free(rules->list[i].pattern);
	free(rules->list);
	*rules = (struct path_rules){0};
}

void path_letters(unsigned int access, char letters[16])
{
	snprintf(letters, 16, "%s%s%s%s%s%s", access & TRACE_READ ? "r" : "",
		 access & TRACE_WRITE	 ? "w"
		 : access & TRACE_APPEND ? "a"
					 : "",
		 access & TRACE_MAP ? "m" : "", access & TRACE_LINK ? "l" : "",
		 access & TRACE_LOCK ? "k" : "", access & TRACE_EXECUTE ? "ix" : "");
}
