// SPDX-License-Identifier: GPL-2.0
#include "lib/text.h"

#include <stdarg.h>
#include <string.h>

size_t text_join(char *to, size_t size, ...)
{
	size_t used = 0;
	const char *text;
	va_list texts;

	va_start(texts, size);
	while ((text = va_arg(texts, const char *))) {
		const size_t length = strlen(text), room = used < size ? size - used - 1 : 0;

		memcpy(to + (used < size ? used : size), text, length < room ? length : room);
		used += length;
	}
	va_end(texts);
	to[used < size ? used : size - 1] = '\0';
	return used;
}
