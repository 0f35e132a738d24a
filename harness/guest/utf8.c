// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char replacement[] = "\xef\xbf\xbd";

/* Length in bytes of the character at text, or 0 where there is no valid one. */
static size_t character(const unsigned char *text, size_t left)
{
	static const uint32_t smallest[] = {0, 1, 0x80, 0x800, 0x10000};
	size_t length;
	uint32_t code;

	if (text[0] < 0x80)
		return text[0] ? 1 : 0;
	if (text[0] >> 5 == 0x6)
		length = 2;
	else if (text[0] >> 4 == 0xe)
		length = 3;
	else if (text[0] >> 3 == 0x1e)
		length = 4;
	else
		return 0;
	if (length > left)
		return 0;
	code = text[0] & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if (text[i] >> 6 != 0x2)
			return 0;
		code = code << 6 | (text[i] & 0x3fu);
	}
	if (code < smallest[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	return length;
}

char *utf8_clean(const char *bytes, size_t length)
{
	const size_t width = sizeof(replacement) - 1;
	char *text = malloc(width * length + 1), *end = text;

	if (!text)
		return NULL;
	for (size_t at = 0; at < length;) {
		size_t count = character((const unsigned char *)bytes + at, length - at);

		memcpy(end, count ? bytes + at : replacement, count ? count : width);
		end += count ? count : width;
		at += count ? count : 1;
	}
	*end = 0;
	return text;
}
