// SPDX-License-Identifier: GPL-2.0
/* The host's end of the port against a peer that says anything: the other end of a socket pair. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/channel.h"
#include "harness/guest/protocol.h"
#include "harness/vm.h"
#include "lib/cleanup.h"

struct ends {
	struct channel channel;
	int guest;    /* what the agent would write to */
	int alive[2]; /* a pipe in the pidfd's place: readable when its writer is closed */
};

static int open_ends(void **state)
{
	struct ends *ends = calloc(1, sizeof(*ends));
	struct error err;
	int pair[2];

	if (!ends || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0 || pipe(ends->alive) < 0)
		return -1;
	ends->guest = pair[1];
	*state = ends;
	return channel_open(&ends->channel, pair[0], ends->alive[0], &err);
}

static int close_ends(void **state)
{
	struct ends *ends = *state;

	close(ends->channel.fd);
	if (ends->guest >= 0)
		close(ends->guest);
	close(ends->alive[0]);
	if (ends->alive[1] >= 0)
		close(ends->alive[1]);
	channel_close(&ends->channel);
	free(ends);
	return 0;
}

static void say(struct ends *ends, const char *text)
{
	assert_int_equal(write(ends->guest, text, strlen(text)), strlen(text));
}

static void expect_number(struct ends *ends, json_int_t number)
{
	struct error err;
	json_t *message;

	assert_int_equal(channel_receive(&ends->channel, now_ms() + 5000, &message, &err),
			 CHANNEL_MESSAGE);
	assert_int_equal(json_integer_value(json_object_get(message, "n")), number);
	json_decref(message);
}

static void several_messages_in_one_read_come_one_by_one(void **state)
{
	say(*state, "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
	for (int i = 1; i <= 3; i++)
		expect_number(*state, i);
}

static void a_message_in_pieces_comes_whole(void **state)
{
	struct error err;
	struct ends *ends = *state;
	json_t *message;

	say(ends, "{\"n\":");
	assert_int_equal(channel_receive(&ends->channel, now_ms() + 50, &message, &err),
			 CHANNEL_TIMEOUT);
	say(ends, "5}\n");
	expect_number(ends, 5);
}

static void expect_refusal(struct ends *ends, const char *text, const char *words)
{
	struct error err;
	json_t *message;

	say(ends, text);
	assert_int_equal(channel_receive(&ends->channel, now_ms() + 5000, &message, &err), -1);
	assert_int_equal(err.status, EXIT_ENVIRONMENT);
	assert_non_null(strstr(err.text, words));
}

static void what_is_not_json_is_refused_and_quoted(void **state)
{
	expect_refusal(*state, "kernel noise\n", "'kernel noise'");
	expect_refusal(*state, "[1]\n", "'[1]'");
	expect_refusal(*state, "\n", "no JSON object");
}

static void silence_ends_at_the_deadline(void **state)
{
	int64_t begin = now_ms();
	struct ends *ends = *state;
	struct error err;
	json_t *message;

	assert_int_equal(channel_receive(&ends->channel, begin + 100, &message, &err),
			 CHANNEL_TIMEOUT);
	assert_true(now_ms() - begin >= 100);
	assert_true(now_ms() - begin < 3000);
}

static void the_guests_end_is_told_after_its_last_words(void **state)
{
	struct ends *ends = *state;
	struct error err;
	json_t *message;

	say(ends, "{\"n\":9}\n");
	close(ends->guest);
	ends->guest = -1;
	close(ends->alive[1]);
	ends->alive[1] = -1;
	expect_number(ends, 9);
	assert_int_equal(channel_receive(&ends->channel, now_ms() + 5000, &message, &err),
			 CHANNEL_ENDED);
}

static void a_request_beyond_the_limit_is_refused_before_it_is_sent(void **state)
{
	autofree char *text = malloc(PROTOCOL_MESSAGE_MAX + 1);
	struct ends *ends = *state;
	struct error err;
	char byte;

	memset(text, 'x', PROTOCOL_MESSAGE_MAX);
	text[PROTOCOL_MESSAGE_MAX] = 0;
	assert_int_equal(channel_send(&ends->channel, json_pack("{s:s}", "text", text),
				      now_ms() + 1000, &err),
			 -1);
	assert_int_equal(err.status, EXIT_USAGE);
	assert_int_equal(recv(ends->guest, &byte, 1, MSG_DONTWAIT), -1);
}

static void a_guest_that_does_not_read_ends_at_the_deadline(void **state)
{
	struct ends *ends = *state;
	struct error err;
	int status = 0;

	for (int i = 0; i < 100 && status == 0; i++) {
		autofree char *text = calloc(1, 100001);

		memset(text, 'x', 100000);
		status = channel_send(&ends->channel, json_pack("{s:s}", "text", text),
				      now_ms() + 100, &err);
	}
	assert_int_equal(status, -1);
	assert_non_null(strstr(err.text, "does not read"));
}

static void ask_for_interrupt(int signal)
{
	(void)signal;
	vm_interrupt();
}

/* The last of the group: an interrupt stays. */
static void an_interrupt_wakes_who_waits(void **state)
{
	int64_t begin = now_ms();
	struct ends *ends = *state;
	struct error err;
	json_t *message;

	signal(SIGALRM, ask_for_interrupt);
	alarm(1);
	assert_int_equal(channel_receive(&ends->channel, begin + 20000, &message, &err), -1);
	assert_int_equal(err.status, EXIT_INTERRUPTED);
	assert_true(now_ms() - begin < 10000);
}

#define test(function) cmocka_unit_test_setup_teardown(function, open_ends, close_ends)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(several_messages_in_one_read_come_one_by_one),
		test(a_message_in_pieces_comes_whole),
		test(what_is_not_json_is_refused_and_quoted),
		test(silence_ends_at_the_deadline),
		test(the_guests_end_is_told_after_its_last_words),
		test(a_request_beyond_the_limit_is_refused_before_it_is_sent),
		test(a_guest_that_does_not_read_ends_at_the_deadline),
		test(an_interrupt_wakes_who_waits),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("the host's end of the port", tests, NULL, NULL);
}
