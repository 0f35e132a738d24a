// SPDX-License-Identifier: GPL-2.0
#include "operator/trace_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int text_open(struct text *text, struct error *err)
{
	*text = (struct text){0};
	text->stream = open_memstream(&text->bytes, &text->size);
	if (text->stream)
		return 0;
	return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make a text");
}

int text_close(struct text *text, struct error *err)
{
	const int failed = ferror(text->stream), ret = fclose(text->stream);

	text->stream = NULL;
	if (!failed && !ret)
		return 0;
	free(text->bytes);
	text->bytes = NULL;
	return error_set(err, EXIT_ENVIRONMENT, "no memory for a text");
}

char *path_to_plain(const char *path)
{
	char *plain = malloc(strlen(path) * 4 + 1), *at = plain;

	for (; plain && *path; path++) {
		const unsigned char byte = *path;

		if (byte < ' ' || byte > '~' || byte == '\\')
			at += sprintf(at, "\\x%02x", byte);
		else
			*at++ = byte;
	}
	if (plain)
		*at = '\0';
	return plain;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *path_from_plain(const char *text)
{
	char *path = malloc(strlen(text) + 1), *at = path;

	for (; path && *text; at++) {
		int high, low;

		if (*text != '\\') {
			*at = *text++;
			continue;
		}
		high = text[1] == 'x' ? hex_digit(text[2]) : -1;
		low = high < 0 ? -1 : hex_digit(text[3]);
		if (low < 0 || high * 16 + low == 0) {
			free(path);
			return NULL;
		}
		*at = (char)(high * 16 + low);
		text += 4;
	}
	if (path)
		*at = '\0';
	return path;
}
