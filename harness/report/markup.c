// SPDX-License-Identifier: GPL-2.0
#include "harness/report/markup.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

static void print_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char letter = (unsigned char)*text;

		if (letter == '<')
			fputs("&lt;", out);
		else if (letter == '>')
			fputs("&gt;", out);
		else if (letter == '&')
			fputs("&amp;", out);
		else if (letter == '"')
			fputs("&quot;", out);
		else if (letter == '\'')
			fputs("&#39;", out);
		else
			fputc(letter < ' ' && letter != '\n' && letter != '\t' ? ' ' : letter, out);
	}
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void print_number(FILE *out, const char *conversion, double value)
{
	fprintf(out, conversion, value);
}
#pragma GCC diagnostic pop

/* One conversion, which begins at format; returns what comes after it. */
static const char *print_conversion(FILE *out, const char *format, va_list *arguments)
{
	size_t length = 1 + strcspn(format + 1, "sducfgz%");
	char conversion[16] = "";

	if (length < sizeof(conversion) - 1)
		memcpy(conversion, format, length + 1);
	switch (format[length]) {
	case 's':
		print_escaped(out, va_arg(*arguments, const char *));
		break;
	case 'd':
		fprintf(out, "%d", va_arg(*arguments, int));
		break;
	case 'u':
		fprintf(out, "%u", va_arg(*arguments, unsigned int));
		break;
	case 'z':
		fprintf(out, "%zu", va_arg(*arguments, size_t));
		length++;
		break;
	case 'c':
		fputc(va_arg(*arguments, int), out);
		break;
	case 'f':
	case 'g':
		print_number(out, conversion, va_arg(*arguments, double));
		break;
	default:
		fputc('%', out);
	}
	return format + length + (format[length] != '\0');
}

void html(FILE *out, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	while (*format) {
		size_t plain = strcspn(format, "%");

		fwrite(format, 1, plain, out);
		format += plain;
		if (*format)
			format = print_conversion(out, format, &arguments);
	}
	va_end(arguments);
}

void html_link_text(FILE *out, const char *text)
{
	for (; *text; text++)
		fprintf(out, isalnum((unsigned char)*text) ? "%c" : "%%%02X", (unsigned char)*text);
}

void html_base64(FILE *out, const char *bytes, size_t size)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < size; i += 3) {
		size_t left = size - i;
		unsigned int three = (unsigned char)bytes[i] << 16;

		if (left > 1)
			three |= (unsigned char)bytes[i + 1] << 8;
		if (left > 2)
			three |= (unsigned char)bytes[i + 2];
		fputc(digits[three >> 18], out);
		fputc(digits[three >> 12 & 63], out);
		fputc(left > 1 ? digits[three >> 6 & 63] : '=', out);
		fputc(left > 2 ? digits[three & 63] : '=', out);
	}
}
