// SPDX-License-Identifier: GPL-2.0
/* Numbers of a configuration go to the runtime below as the engine wrote them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/cleanup.h"
#include "runtime/json.h"

/* Compact JSON in jansson's own spelling comes out as it went in. */
static const char *const kept[] = {
	"{\"hard\":18446744073709551615,\"soft\":18446744073709551615}",
	"[9223372036854775807,9223372036854775808,-9223372036854775808,-9223372036854775809]",
	"[0,-1,1,10,123456789012345678901234567890]",
	"{\"a\":[{\"b\":[[18446744073709551615]]},18446744073709551615]}",
	"[1e3,1E+3,-2.50e-07,0.1,1.0,-0.0,1e999,123456789.123456789123456789]",
	"[\"18446744073709551615\",\"1e3\",\"a\\\"18446744073709551615\",\"\\\\\","
	"99999999999999999999]",
	"{\"\\\"\":1.50,\"\\\\\":2.50}",
	"{\"18446744073709551615\":true,\"vkernel:\":\"vkernel:numbe\"}",
};

static const char *const refused[] = {
	"[18446744073709551615",
	"[018446744073709551615]",
	"[+18446744073709551615]",
	"[--18446744073709551615]",
	"[18446744073709551615.]",
	"[1.5.5]",
	"[1.5e]",
	"[.5]",
	"[18446744073709551615x]",
	"[18446744073709551615 18446744073709551615]",
	"[18446744073709551615-1]",
	"{18446744073709551615:1}",
	"{1.5:18446744073709551615}",
	"{\"a\":1,\"a\":18446744073709551615}",
	"[\"vkernel:number:5\"]",
	"[\"x vkernel:number:5\"]",
	"[\"\\u0076kernel:number:5\"]",
	"{\"vkernel:number:5\":1}",
	"{\"vkernel:number:5\":18446744073709551615}",
	"[\"unended 18446744073709551615",
	"[\"\\",
	"",
	"-",
};

static void every_digit_is_kept(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		autofree char *text = NULL;
		struct error err;
		json_t *root;

		if (json_read("f", kept[i], strlen(kept[i]), &root, &err))
			fail_msg("%s: %s", kept[i], err.text);
		text = json_write(root);
		assert_string_equal(text, kept[i]);
		json_decref(root);
	}
}

static void what_is_no_json_is_refused(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct error err;
		json_t *root;

		if (!json_read("f", refused[i], strlen(refused[i]), &root, &err))
			fail_msg("%s was taken", refused[i]);
		assert_int_equal(err.status, EXIT_USAGE);
		assert_ptr_equal(strstr(err.text, "f:"), err.text);
	}
}

static void a_string_of_our_own_may_hold_anything(void **state)
{
	json_t *root = json_pack("[s, s]", "/a\"vkernel:number:5", "/\\");
	autofree char *text = json_write(root);

	(void)state;
	assert_string_equal(text, "[\"/a\\\"vkernel:number:5\",\"/\\\\\"]");
	json_decref(root);
}

static void a_long_text_takes_no_longer_than_its_length(void **state)
{
	static const char number[] = "18446744073709551615,";
	const size_t count = 1000000, length = sizeof(number) - 1;
	autofree char *text = malloc(count * length + 2), *written = NULL;
	struct error err;
	json_t *root;
	size_t i;

	(void)state;
	text[0] = '[';
	for (i = 0; i < count; i++)
		memcpy(text + 1 + i * length, number, length);
	text[count * length] = ']';
	text[count * length + 1] = '\0';
	assert_int_equal(json_read("f", text, count * length + 1, &root, &err), 0);
	assert_int_equal(json_array_size(root), count);
	written = json_write(root);
	assert_int_equal(strcmp(written, text), 0);
	json_decref(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_digit_is_kept),
		cmocka_unit_test(what_is_no_json_is_refused),
		cmocka_unit_test(a_string_of_our_own_may_hold_anything),
		cmocka_unit_test(a_long_text_takes_no_longer_than_its_length),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
