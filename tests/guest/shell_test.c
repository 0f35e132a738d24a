// SPDX-License-Identifier: GPL-2.0
/* vkbench shell, at a terminal: a pty on which this program types. One guest. */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define PROMPT	 "vkernel guest:"
#define PATIENCE 4000 /* seconds: the wait for a place among the machine's guests is in it */

struct session {
	int master;
	pid_t child;
	struct termios before;
	char said[65536]; /* since the last look */
	size_t used;
};

static int open_session(void **state)
{
	const char *folder = getenv("O"), *kernel = getenv("KERNEL");
	const struct winsize size = {.ws_row = 33, .ws_col = 101};
	struct session *session = calloc(1, sizeof(*session));
	char program[4096];

	snprintf(program, sizeof(program), "%s/bin/vkbench", folder ? folder : "build");
	*state = session;
	session->child = forkpty(&session->master, NULL, NULL, &size);
	if (!session->child) {
		setenv("TERM", "dumb", 1); /* no escape sequences around what is printed */
		execl(program, "vkbench", "shell", "--kernel", kernel ? kernel : "6.12", NULL);
		_exit(127);
	}
	tcgetattr(session->master, &session->before);
	return session->child < 0 ? -1 : 0;
}

static int close_session(void **state)
{
	struct session *session = *state;

	if (session->child > 0) {
		kill(session->child, SIGTERM);
		waitpid(session->child, NULL, 0);
	}
	close(session->master);
	free(session);
	return 0;
}

static void type(const struct session *session, const char *text)
{
	assert_int_equal(write(session->master, text, strlen(text)), strlen(text));
}

/* Reads until text has come; what was before it is forgotten with it. */
static void expect(struct session *session, const char *text)
{
	time_t end = time(NULL) + PATIENCE;
	const char *at;

	while (!(at = strstr(session->said, text))) {
		struct pollfd ready = {.fd = session->master, .events = POLLIN};
		ssize_t count = 0;

		if (poll(&ready, 1, 1000) > 0)
			count = read(session->master, session->said + session->used,
				     sizeof(session->said) - 1 - session->used);
		if (count < 0 || time(NULL) > end)
			fail_msg("\"%s\" did not come, but: %s", text, session->said);
		session->used += count;
		session->said[session->used] = '\0';
	}
	at += strlen(text);
	session->used -= at - session->said;
	memmove(session->said, at, session->used + 1);
}

static void a_prompt_comes_with_the_framework_loaded(void **state)
{
	struct session *session = *state;

	expect(session, PROMPT);
	type(session, "echo $((6 * 7)) $(grep -c '^vkm ' /proc/modules)\r");
	expect(session, "\n42 1\r\n");
	expect(session, PROMPT);
}

static void it_is_a_terminal_of_the_size_of_this_one(void **state)
{
	struct session *session = *state;

	type(session, "echo \"<$(tty) $(stty size)>\"\r");
	expect(session, "\n</dev/hvc0 33 101>\r\n");
	expect(session, PROMPT);
}

/* The byte goes to the guest: it is its terminal that makes a signal of it. */
static void ctrl_c_interrupts_the_command_and_not_the_guest(void **state)
{
	struct session *session = *state;

	type(session, "echo begun; sleep 1000\r");
	expect(session, "\nbegun\r\n");
	sleep(1);
	type(session, "\003");
	expect(session, PROMPT);
	type(session, "echo \"status $?\"\r");
	expect(session, "\nstatus 130\r\n");
	expect(session, PROMPT);
}

static void its_end_is_the_programs_and_the_terminal_is_what_it_was(void **state)
{
	struct session *session = *state;
	struct termios after;
	int status;

	type(session, "exit 7\r");
	assert_int_equal(waitpid(session->child, &status, 0), session->child);
	session->child = 0;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
	assert_int_equal(tcgetattr(session->master, &after), 0);
	assert_int_equal(after.c_lflag, session->before.c_lflag);
	assert_int_equal(after.c_iflag, session->before.c_iflag);
	assert_int_equal(after.c_oflag, session->before.c_oflag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_prompt_comes_with_the_framework_loaded),
		cmocka_unit_test(it_is_a_terminal_of_the_size_of_this_one),
		cmocka_unit_test(ctrl_c_interrupts_the_command_and_not_the_guest),
		cmocka_unit_test(its_end_is_the_programs_and_the_terminal_is_what_it_was),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_session, close_session);
}
