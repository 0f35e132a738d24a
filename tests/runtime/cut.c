// SPDX-License-Identifier: GPL-2.0
/* What is cut out of a configuration is linux.seccomp and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/cut.h"

/* rest is NULL where nothing is to be cut. */
static void expect(const char *text, const char *value, const char *rest)
{
	char *copy = strdup(text);
	size_t size = strlen(text);
	char *cut = cut_seccomp(copy, &size);

	if (rest) {
		assert_non_null(cut);
		assert_string_equal(cut, value);
		assert_string_equal(copy, rest);
	} else {
		assert_null(cut);
		assert_string_equal(copy, text);
	}
	assert_int_equal(size, strlen(copy));
	free(cut);
	free(copy);
}

static void the_member_is_taken_out_wherever_it_stands(void **state)
{
	(void)state;
	expect("{\"linux\":{\"seccomp\":{\"a\":1}}}", "{\"a\":1}", "{\"linux\":{}}");
	expect("{\"linux\":{\"seccomp\":{},\"b\":2}}", "{}", "{\"linux\":{\"b\":2}}");
	expect("{\"linux\":{\"b\":2 , \"seccomp\": { } } , \"c\":3}", "{ }",
	       "{\"linux\":{\"b\":2 } , \"c\":3}");
	expect("{\"a\":[{\"b\":[]}],\"linux\":{\"x\":1,\"seccomp\":{},\"y\":[]}}", "{}",
	       "{\"a\":[{\"b\":[]}],\"linux\":{\"x\":1,\"y\":[]}}");
}

static void brackets_and_quotes_in_strings_are_text(void **state)
{
	(void)state;
	expect("{\"linux\":{\"seccomp\":{\"a\":\"}\\\"}\\\\\"},\"b\":\"{\"}}",
	       "{\"a\":\"}\\\"}\\\\\"}", "{\"linux\":{\"b\":\"{\"}}");
}

static void what_only_looks_like_it_stays(void **state)
{
	(void)state;
	expect("{\"seccomp\":{},\"linux\":{}}", NULL, NULL);
	expect("{\"x\":{\"linux\":{\"seccomp\":{}}}}", NULL, NULL);
	expect("{\"linux\":{\"x\":{\"seccomp\":{}}}}", NULL, NULL);
	expect("{\"x\":\"linux\",\"y\":\"seccomp\"}", NULL, NULL);
	expect("{\"linux\":{\"seccomp2\":{}}}", NULL, NULL);
	expect("{\"linux\":{\"seccomp\":null}}", NULL, NULL);
}

static void what_is_not_plain_is_left_to_the_parser(void **state)
{
	static const char *const texts[] = {
		"{\"linux\":{\"seccomp\":{}},\"linux\":{}}",
		"{\"linux\":{\"seccomp\":{},\"seccomp\":{}}}",
		"{\"linux\":{\"seccomp\":{},\"sec\\u0063omp\":{}}}",
		"{\"l\\u0069nux\":{},\"linux\":{\"seccomp\":{}}}",
		"{\"linux\":{\"seccomp\":{}}",
		"{\"linux\":{\"seccomp\":{",
		"{\"linux\":{\"seccomp\":{\"",
		"{\"linux\":{\"seccomp\":{\"\\",
		"{\"linux\":{\"seccomp\"",
		"{\"linux\":{\"seccomp\":",
		"{\"linux\":{,\"seccomp\":{}}}",
		"[]",
		"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		expect(texts[i], NULL, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_member_is_taken_out_wherever_it_stands),
		cmocka_unit_test(brackets_and_quotes_in_strings_are_text),
		cmocka_unit_test(what_only_looks_like_it_stays),
		cmocka_unit_test(what_is_not_plain_is_left_to_the_parser),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
