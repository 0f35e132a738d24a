// SPDX-License-Identifier: GPL-2.0
/* What the agent makes of a command's output, tried on this machine. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "harness/guest/command.h"
#include "harness/guest/utf8.h"
#include "lib/cleanup.h"

#define TEXT_MAX (4 * PROTOCOL_TEXT_MAX)

/* Lines as they came, each as "<stream>:<text>|"; only lengths where they are long. */
struct heard {
	char text[TEXT_MAX];
	size_t used;
};

static int hear(void *context, int stream, const char *bytes, size_t length)
{
	struct heard *heard = context;

	if (length > 1000)
		heard->used += (size_t)snprintf(heard->text + heard->used,
						sizeof(heard->text) - heard->used, "%d:%zu bytes|",
						stream, length);
	else
		heard->used += (size_t)snprintf(heard->text + heard->used,
						sizeof(heard->text) - heard->used, "%d:%.*s|",
						stream, (int)length, bytes);
	return 0;
}

static int run(const char *script, struct heard *heard)
{
	char *argv[] = {"sh", "-c", (char *)script, NULL};
	static struct command command;
	struct error err;

	heard->used = 0;
	heard->text[0] = 0;
	assert_int_equal(command_start(&command, argv, &err), 0);
	for (;;) {
		struct pollfd sources[] = {
			{.fd = command.pidfd, .events = POLLIN},
			{.fd = command.stream[0], .events = POLLIN},
			{.fd = command.stream[1], .events = POLLIN},
		};

		assert_true(poll(sources, 3, 10000) > 0);
		for (int i = 0; i < 2; i++) {
			if (sources[i + 1].revents)
				command_read(&command, i, hear, heard);
		}
		if (sources[0].revents)
			return command_end(&command, hear, heard);
	}
}

static struct heard heard;

static void the_exit_status_is_the_commands(void **state)
{
	(void)state;
	assert_int_equal(run("exit 7", &heard), 7);
}

static void a_signal_is_128_and_its_number(void **state)
{
	(void)state;
	assert_int_equal(run("kill -TERM $$", &heard), 128 + 15);
}

static void lines_keep_their_stream(void **state)
{
	(void)state;
	assert_int_equal(run("echo one; echo two >&2", &heard), 0);
	assert_non_null(strstr(heard.text, "1:one|"));
	assert_non_null(strstr(heard.text, "2:two|"));
}

static void an_empty_line_is_a_line(void **state)
{
	(void)state;
	run("printf 'a\\n\\nb\\n'", &heard);
	assert_string_equal(heard.text, "1:a|1:|1:b|");
}

static void a_last_line_without_newline_is_heard(void **state)
{
	(void)state;
	run("printf 'a\\nb'", &heard);
	assert_string_equal(heard.text, "1:a|1:b|");
}

static void a_line_written_in_pieces_is_one_line(void **state)
{
	(void)state;
	run("printf a; sleep 0.1; printf b; sleep 0.1; echo c", &heard);
	assert_string_equal(heard.text, "1:abc|");
}

static void a_long_line_is_split_and_nothing_is_lost(void **state)
{
	char expected[64];

	(void)state;
	snprintf(expected, sizeof(expected), "1:%d bytes|1:%d bytes|", PROTOCOL_TEXT_MAX,
		 100000 - PROTOCOL_TEXT_MAX);
	run("head -c 100000 /dev/zero | tr '\\0' x; echo", &heard);
	assert_string_equal(heard.text, expected);
}

static void a_child_that_keeps_the_output_open_does_not_delay_the_end(void **state)
{
	time_t begin = time(NULL);

	(void)state;
	assert_int_equal(run("echo begun; sleep 5 & exit 3", &heard), 3);
	assert_string_equal(heard.text, "1:begun|");
	assert_true(time(NULL) - begin < 4);
}

static void a_missing_program_is_127(void **state)
{
	char *argv[] = {"/nonexistent", NULL};
	static struct command command;
	struct error err;

	(void)state;
	heard.used = 0;
	assert_int_equal(command_start(&command, argv, &err), 0);
	assert_int_equal(poll(&(struct pollfd){.fd = command.pidfd, .events = POLLIN}, 1, 10000),
			 1);
	assert_int_equal(command_end(&command, hear, &heard), 127);
	assert_string_equal(heard.text, "2:/nonexistent: No such file or directory|");
}

static void check_clean(const char *bytes, size_t length, const char *expected)
{
	autofree char *text = utf8_clean(bytes, length);

	assert_string_equal(text, expected);
}

static void text_that_is_utf8_is_kept(void **state)
{
	(void)state;
	check_clean("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 10,
		    "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}

static void bytes_that_are_not_utf8_are_replaced(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		unsigned int replaced; /* then follows "z" */
	} cases[] = {
		{"\xffz", 2, 1},	     /* never a byte of UTF-8 */
		{"\x80z", 2, 1},	     /* a continuation alone */
		{"\xc0\x80z", 3, 2},	     /* overlong */
		{"\xe0\x80\x80z", 4, 3},     /* overlong */
		{"\xed\xa0\x80z", 4, 3},     /* a surrogate */
		{"\xf4\x90\x80\x80z", 5, 4}, /* above U+10FFFF */
		{"\0z", 2, 1},		     /* what no C string can hold */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char expected[32] = "";

		for (unsigned int n = 0; n < cases[i].replaced; n++)
			strcat(expected, "\xef\xbf\xbd");
		strcat(expected, "z");
		check_clean(cases[i].bytes, cases[i].length, expected);
	}
	check_clean("\xe2\x82", 2, "\xef\xbf\xbd\xef\xbf\xbd"); /* cut short */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_exit_status_is_the_commands),
		cmocka_unit_test(a_signal_is_128_and_its_number),
		cmocka_unit_test(lines_keep_their_stream),
		cmocka_unit_test(an_empty_line_is_a_line),
		cmocka_unit_test(a_last_line_without_newline_is_heard),
		cmocka_unit_test(a_line_written_in_pieces_is_one_line),
		cmocka_unit_test(a_long_line_is_split_and_nothing_is_lost),
		cmocka_unit_test(a_child_that_keeps_the_output_open_does_not_delay_the_end),
		cmocka_unit_test(a_missing_program_is_127),
		cmocka_unit_test(text_that_is_utf8_is_kept),
		cmocka_unit_test(bytes_that_are_not_utf8_are_replaced),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("the agent's commands", tests, NULL, NULL);
}
