// SPDX-License-Identifier: GPL-2.0
#include "operator/record.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/error.h"

#define MICROSECONDS 1000000

static const char *const levels[RECORD_LEVELS] = {
	"emerg", "alert", "crit", "err", "warn", "notice", "info", "debug",
};

const char *record_level(unsigned int priority)
{
	return levels[priority % RECORD_LEVELS];
}

/* A number that ends with `end`, before `limit`; moves *at behind that. */
static bool parse_number(const char **at, const char *limit, char end, uint64_t *number)
{
	const char *begin = *at;

	*number = 0;
	for (; *at < limit && isdigit((unsigned char)**at); (*at)++)
		if (__builtin_mul_overflow(*number, 10, number) ||
		    __builtin_add_overflow(*number, **at - '0', number))
			return false;
	return *at > begin && *at < limit && *(*at)++ == end;
}

/* What stands before the text; more parts may come between the last comma and the semicolon. */
static bool parse_head(const char *bytes, const char *line_end, struct record *record)
{
	const char *at = bytes, *text = memchr(bytes, ';', line_end - bytes);
	uint64_t priority;

	if (!text || !parse_number(&at, text, ',', &priority) || priority > UINT16_MAX ||
	    !parse_number(&at, text, ',', &record->sequence) ||
	    !parse_number(&at, text, ',', &record->microseconds))
		return false;
	record->priority = priority;
	record->text = text + 1;
	record->text_size = line_end - record->text;
	return true;
}

ssize_t record_parse(const char *bytes, size_t size, struct record *record)
{
	const char *end = bytes + size, *line_end = memchr(bytes, '\n', size), *at;

	if (!line_end || !parse_head(bytes, line_end, record))
		return -1;
	record->fields = at = line_end + 1;
	while (at < end && *at == ' ') {
		line_end = memchr(at, '\n', end - at);
		if (!line_end)
			return -1;
		at = line_end + 1;
	}
	record->fields_size = at - record->fields;
	record->bytes = bytes;
	record->size = at - bytes;
	return record->size;
}

static int hex(char digit)
{
	return isdigit((unsigned char)digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}

/* The text as it was written, with a zero byte behind it; a zero byte in it becomes a blank. */
static char *decode(const char *text, size_t size)
{
	char *decoded = malloc(size + 1), *to = decoded;

	if (!decoded)
		return NULL;
	for (size_t i = 0; i < size; i++) {
		unsigned char c = text[i];

		if (c == '\\' && size - i > 3 && text[i + 1] == 'x' &&
		    isxdigit((unsigned char)text[i + 2]) && isxdigit((unsigned char)text[i + 3])) {
			c = hex(text[i + 2]) << 4 | hex(text[i + 3]);
			i += 3;
		}
		*to++ = c ? c : ' ';
	}
	*to = '\0';
	return decoded;
}

void record_print(FILE *stream, const struct record *record)
{
	autofree char *text = decode(record->text, record->text_size);
	char *rest = text, *line;

	while ((line = strsep(&rest, "\n"))) {
		fprintf(stream, "[%5" PRIu64 ".%06" PRIu64 "] ",
			record->microseconds / MICROSECONDS, record->microseconds % MICROSECONDS);
		print_plain(stream, line);
		fputc('\n', stream);
	}
}

/* Control characters were the kernel's to make harmless, but who knows where this was kept. */
void record_print_raw(FILE *stream, const struct record *record)
{
	autofree char *text = strndup(record->bytes, record->size);

	if (text)
		print_plain(stream, text);
}

static json_t *fields_json(const struct record *record)
{
	const char *at = record->fields, *end = at + record->fields_size;
	json_t *object = json_object();

	while (object && at < end) {
		const char *line_end = memchr(at, '\n', end - at);
		autofree char *line = decode(at + 1, line_end - at - 1);
		char *value = line ? strchr(line, '=') : NULL;

		if (value) {
			*value++ = '\0';
			json_object_set_new(object, line, json_string(value));
		}
		at = line_end + 1;
	}
	return object;
}

/* What is not UTF-8 stays as it stands in the log, which is ASCII. */
static json_t *text_json(const struct record *record)
{
	autofree char *text = decode(record->text, record->text_size);
	json_t *string = text ? json_string(text) : NULL;

	return string ? string : json_stringn(record->text, record->text_size);
}

json_t *record_json(const struct record *record)
{
	return json_pack("{s:I, s:s, s:i, s:I, s:o, s:o}", "sequence", (json_int_t)record->sequence,
			 "level", record_level(record->priority), "facility",
			 (int)(record->priority / RECORD_LEVELS), "microseconds",
			 (json_int_t)record->microseconds, "text", text_json(record), "fields",
			 fields_json(record));
}
