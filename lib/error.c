// SPDX-License-Identifier: GPL-2.0
#include "error.h"

#include <stdarg.h>
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

void print_plain(FILE *stream, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		fputc((c < ' ' && c != '\n' && c != '\t') || c == 0x7f ? '?' : c, stream);
	}
}
