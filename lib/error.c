// SPDX-License-Identifier: GPL-2.0
#include "error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

int error_set(struct error *err, enum exit_status status, const char *format, ...)
{
	va_list arguments;

	err->status = status;
	va_start(arguments, format);
	vsnprintf(err->text, sizeof(err->text), format, arguments);
	va_end(arguments);
	return -1;
}

int error_set_errno(struct error *err, enum exit_status status, int number, const char *format, ...)
{
	va_list arguments;
	size_t length;

	err->status = status;
	va_start(arguments, format);
	vsnprintf(err->text, sizeof(err->text), format, arguments);
	va_end(arguments);
	length = strlen(err->text);
	snprintf(err->text + length, sizeof(err->text) - length, ": %s", strerror(number));
	return -1;
}

int error_context(struct error *err, const char *format, ...)
{
	char context[2 * sizeof(err->text) + 2];
	va_list arguments;
	size_t length;

	va_start(arguments, format);
	vsnprintf(context, sizeof(err->text), format, arguments);
	va_end(arguments);
	length = strlen(context);
	snprintf(context + length, sizeof(context) - length, ": %s", err->text);
	context[sizeof(err->text) - 1] = '\0';
	memcpy(err->text, context, sizeof(err->text));
	return -1;
}

int error_report(const struct error *err, const char *program)
{
	fflush(stdout);
	fprintf(stderr, "%s: ", program);
	print_plain(stderr, err->text);
	fputc('\n', stderr);
	return err->status;
}

/* The length of the UTF-8 character at text, whose bytes are all there; 0: it is none. */
static size_t character_length(const unsigned char *text)
{
	const size_t length = text[0] < 0xc2   ? 0
			      : text[0] < 0xe0 ? 2
			      : text[0] < 0xf0 ? 3
			      : text[0] < 0xf5 ? 4
					       : 0;

	for (size_t i = 1; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	/* Longer than the character needs. */
	if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xf0 && text[1] < 0x90))
		return 0;
	return length;
}

/* U+0080 to U+009F are control characters, as the bytes below a blank are. */
static bool steers(const unsigned char *text, size_t length)
{
	return !length || (length == 2 && text[0] == 0xc2 && text[1] < 0xa0);
}

void print_plain(FILE *stream, const char *text)
{
	while (*text) {
		const unsigned char *at = (const unsigned char *)text;
		size_t length = 1;

		if (*at >= 0x80) {
			length = character_length(at);
			if (steers(at, length))
				fputc('?', stream);
			else
				fwrite(text, 1, length, stream);
			length += !length;
		} else {
			fputc((*at < ' ' && *at != '\n' && *at != '\t') || *at == 0x7f ? '?' : *at,
			      stream);
		}
		text += length;
	}
}
