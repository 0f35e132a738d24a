// SPDX-License-Identifier: GPL-2.0
/* A configuration is cut where its members are, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/cut.h"

static void expect(const char *text, const char *seccomp, const char *rest, const char *lean)
{
	struct cut cut;

	assert_true(cut_config(text, strlen(text), &cut));
	assert_string_equal(cut.rest, rest);
	assert_string_equal(cut.lean, lean);
	assert_int_equal(cut.lean_size, strlen(lean));
	if (seccomp) {
		assert_int_equal(cut.seccomp_size, strlen(seccomp));
		assert_memory_equal(cut.seccomp, seccomp, strlen(seccomp));
	} else {
		assert_null(cut.seccomp);
	}
	cut_free(&cut);
}

static void seccomp_is_apart_and_what_is_for_others_is_not_in_lean(void **state)
{
	(void)state;
	expect("{ \"mounts\" : [1] , \"a\" : [ 2 ],\"process\":{\"args\":[\"x\"],\"cap\":\"/\",\n"
	       "\"env\":[]}, \"linux\":{\"resources\":{},\"seccomp\": {\"b\": 1} ,\"c\":3,"
	       "\"devices\":[{}]}}\n",
	       "{\"b\": 1}",
	       "{\"mounts\":[1],\"a\":[ 2 ],\"process\":{\"args\":[\"x\"],\"cap\":\"/\","
	       "\"env\":[]},\"linux\":{\"resources\":{},\"c\":3,\"devices\":[{}]}}",
	       "{\"a\":[ 2 ],\"process\":{\"cap\":\"/\"},\"linux\":{\"c\":3}}");
	expect("{\"linux\":{\"seccomp\":{}}}", "{}", "{\"linux\":{}}", "{\"linux\":{}}");
	expect("{}", NULL, "{}", "{}");
}

static void brackets_and_quotes_in_strings_are_text(void **state)
{
	(void)state;
	expect("{\"linux\":{\"seccomp\":{\"a\":\"}\\\"}\\\\\"},\"b\":\"{\\\\\"}}",
	       "{\"a\":\"}\\\"}\\\\\"}", "{\"linux\":{\"b\":\"{\\\\\"}}",
	       "{\"linux\":{\"b\":\"{\\\\\"}}");
}

/* The same name elsewhere is another member. */
static void what_only_looks_like_it_stays(void **state)
{
	static const char *const texts[] = {
		"{\"seccomp\":{},\"linux\":{}}",
		"{\"x\":{\"linux\":{\"seccomp\":{},\"mounts\":[]}}}",
		"{\"linux\":{\"x\":{\"seccomp\":{}},\"args\":[],\"mounts\":[]}}",
		"{\"x\":\"linux\",\"y\":[\"seccomp\"]}",
		"{\"linux\":{\"seccomp2\":{},\"seccom\":{}}}",
		"{\"linux\":[],\"process\":null}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		expect(texts[i], NULL, texts[i], texts[i]);
}

static void what_is_not_plain_is_left_to_the_parser(void **state)
{
	static const char *const texts[] = {
		"{\"linux\":{\"seccomp\":{}},\"linux\":{}}",
		"{\"linux\":{\"seccomp\":{},\"seccomp\":{}}}",
		"{\"linux\":{\"seccomp\":null}}",
		"{\"mounts\":[],\"mounts\":[]}",
		"{\"process\":{\"args\":[],\"args\":[]}}",
		"{\"linux\":{\"sec\\u0063omp\":{}}}",
		"{\"l\\u0069nux\":{}}",
		"{\"linux\":{\"seccomp\":{}}",
		"{\"linux\":{\"seccomp\":{",
		"{\"linux\":{\"seccomp\":{\"",
		"{\"linux\":{\"seccomp\":{\"\\",
		"{\"linux\":{\"seccomp\"",
		"{\"linux\":{\"seccomp\":",
		"{\"linux\":{,\"seccomp\":{}}}",
		"{\"a\":1,}",
		"{\"a\":}",
		"{\"a\" 1}",
		"{a:1}",
		"{\"a\":1/**/}",
		"{\"a\":[/*\"*/]}",
		"{/**/\"a\":1}",
		"{\"mounts\":['\"'],\"linux\":{\"seccomp\":{}}}",
		"{} {}",
		"[]",
		"",
	};
	struct cut cut;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (cut_config(texts[i], strlen(texts[i]), &cut))
			fail_msg("%s was cut", texts[i]);
		assert_null(cut.rest);
	}
	assert_false(cut_config("{\"a\":\0}", 7, &cut));
}

/* What stands behind the zero byte cannot be read. */
static void no_text_is_read_beyond_its_end(void **state)
{
	static const char text[] =
		"{\"mounts\":[{\"a\":\"\\\"]\"}],\"process\":{\"args\":[\"\"],\"x\":1},\"linux\":{"
		"\"seccomp\":{\"b\":[]},\"y\":null}}";
	const size_t page = sysconf(_SC_PAGESIZE);
	char *memory =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_true(memory != MAP_FAILED);
	assert_int_equal(mprotect(memory + page, page, PROT_NONE), 0);
	for (size_t size = 0; size < sizeof(text); size++) {
		char *at = memory + page - size - 1;
		struct cut cut;

		memcpy(at, text, size);
		at[size] = '\0';
		assert_int_equal(cut_config(at, size, &cut), size == sizeof(text) - 1);
		cut_free(&cut);
	}
	munmap(memory, 2 * page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seccomp_is_apart_and_what_is_for_others_is_not_in_lean),
		cmocka_unit_test(brackets_and_quotes_in_strings_are_text),
		cmocka_unit_test(what_only_looks_like_it_stays),
		cmocka_unit_test(what_is_not_plain_is_left_to_the_parser),
		cmocka_unit_test(no_text_is_read_beyond_its_end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
