// SPDX-License-Identifier: GPL-2.0
/* The end of a container is where one byte after the other says that it is, in texts of any length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/scan.h"

#define TEXTS  200000
#define LENGTH 200

static const char *string_end(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		if (*at == '\\')
			at++;
	return at < end ? at + 1 : NULL;
}

static const char *slowly(const char *at, const char *end)
{
	size_t depth = 0;

	while (at < end) {
		if (strchr("/'\\", *at))
			return NULL;
		if (*at == '"') {
			at = string_end(at, end);
			if (!at)
				return NULL;
			continue;
		}
		if (*at == '{' || *at == '[')
			depth++;
		if ((*at == '}' || *at == ']') && !--depth)
			return at + 1;
		at++;
	}
	return NULL;
}

static void fill(char *text, size_t size, const char *characters)
{
	const size_t kinds = strlen(characters);

	text[0] = random() % 2 ? '{' : '[';
	for (size_t i = 1; i < size; i++)
		text[i] = characters[random() % kinds];
}

static void all_texts_end_where_they_do_byte_by_byte(void **state)
{
	/* Some end soon, some late, some in strings, and some have what may not stand there. */
	static const char *const kinds[] = {"a\"{}[]\\/'",
					    "aaaaaaaaa\"\"{[}]",
					    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\"\"\"\\\\{[}]",
					    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\"/{}",
					    "{}aaaaaaaa",
					    "\\\\\"\"}aa"};
	size_t found = 0;

	(void)state;
	srandom(1);
	for (size_t i = 0; i < TEXTS; i++) {
		const size_t size = 1 + random() % LENGTH;
		char *text = malloc(size); /* of this size: nothing behind it is read */
		const char *end;

		fill(text, size, kinds[i % (sizeof(kinds) / sizeof(kinds[0]))]);
		end = slowly(text, text + size);
		found += end && end - text > 64;
		if (scan_container(text, text + size) != end)
			fail_msg("%.*s ends elsewhere", (int)size, text);
		free(text);
	}
	assert_true(found > TEXTS / 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_texts_end_where_they_do_byte_by_byte),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
