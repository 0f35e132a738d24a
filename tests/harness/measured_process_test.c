// SPDX-License-Identifier: GPL-2.0
/* The children that are measured: their output, their end, their deadline. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "harness/guest/measure/expand.h"
#include "harness/guest/measure/process.h"

static void start(struct process *process, const char *script)
{
	const char *const argv[] = {"sh", "-c", script, NULL};
	struct error err;

	assert_int_equal(process_start(process, argv, &err), 0);
	process_release(process);
}

static void output_and_time_are_kept(void **state)
{
	struct process process;
	struct error err;

	(void)state;
	start(&process, "echo one; sleep 0.05; echo two");
	assert_int_equal(process_wait(&process, 20000, &err), 1);
	assert_int_equal(process_succeeded(&process, &err), 0);
	assert_string_equal(process.streams[PROCESS_OUTPUT].text, "one\ntwo\n");
	assert_true(process.elapsed_ns >= 50000000);
	process_free(&process);
}

static void a_failure_quotes_the_last_line_of_errors(void **state)
{
	struct process process;
	struct error err;

	(void)state;
	start(&process, "echo first >&2; echo the cause >&2; exit 7");
	assert_int_equal(process_wait(&process, 20000, &err), 1);
	assert_int_equal(process_succeeded(&process, &err), -1);
	assert_string_equal(err.text, "sh ended with status 7: the cause");
	process_free(&process);
}

static void a_program_that_is_not_there_is_said_to_be_missing(void **state)
{
	const char *const argv[] = {"/nonexistent/program", NULL};
	struct process process;
	struct error err;

	(void)state;
	assert_int_equal(process_start(&process, argv, &err), 0);
	process_release(&process);
	assert_int_equal(process_wait(&process, 20000, &err), 1);
	assert_int_equal(process_succeeded(&process, &err), -1);
	assert_non_null(strstr(err.text, "cannot run /nonexistent/program: No such file"));
	process_free(&process);
}

static void a_deadline_is_not_an_end(void **state)
{
	struct process process;
	struct error err;
	pid_t pid;

	(void)state;
	start(&process, "exec sleep 100");
	pid = process.pid;
	assert_int_equal(process_wait(&process, 20, &err), 0);
	process_free(&process);
	assert_int_equal(kill(pid, 0), -1);
}

/* Whoever has ended in time may have left somebody, too. */
static void what_a_program_leaves_ends_with_it(void **state)
{
	static const char *const scripts[] = {"sleep 100 & echo $!; wait", "sleep 100 & echo $!"};

	(void)state;
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	for (int i = 0; i < 2; i++) {
		struct process process;
		struct error err;
		int status;
		pid_t left;

		start(&process, scripts[i]);
		assert_int_equal(process_wait(&process, 1000, &err), i);
		left = atoi(process.streams[PROCESS_OUTPUT].text);
		assert_true(left > 1);
		assert_int_equal(kill(left, 0), 0);
		process_free(&process);
		assert_int_equal(waitpid(left, &status, 0), left);
		assert_true(WIFSIGNALED(status));
	}
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
}

static void more_output_than_is_kept_does_not_block(void **state)
{
	struct process process;
	struct error err;

	(void)state;
	start(&process, "head -c 3000000 /dev/zero; echo end >&2");
	assert_int_equal(process_wait(&process, 20000, &err), 1);
	assert_int_equal(process.streams[PROCESS_OUTPUT].size, 1 << 20);
	assert_string_equal(process.streams[PROCESS_ERRORS].text, "end\n");
	process_free(&process);
}

static void output_without_an_end_is_no_excuse(void **state)
{
	struct process process;
	struct error err;

	(void)state;
	start(&process, "exec yes");
	alarm(20);
	assert_int_equal(process_wait(&process, 200, &err), 0);
	alarm(0);
	assert_int_equal(process.streams[PROCESS_OUTPUT].size, 1 << 20);
	process_free(&process);
}

/* A child that is left behind holds the pipe, and goes on. */
static void an_end_is_an_end_whoever_goes_on_writing(void **state)
{
	struct process process;
	struct error err;
	int left;

	(void)state;
	start(&process, "yes & echo $! >&2");
	alarm(20);
	assert_int_equal(process_wait(&process, 10000, &err), 1);
	alarm(0);
	left = atoi(process.streams[PROCESS_ERRORS].text);
	assert_true(left > 1);
	kill(left, SIGKILL);
	process_free(&process);
}

static void values_are_filled_in_wherever_they_stand(void **state)
{
	const char *const argv[] = {"wrk", "http://h:{port}/{directory}{port}", "{folder}",
				    "{answer}", NULL};
	const struct expansion values = {.directory = "/tmp/x", .port = 80, .answer = "refused"};
	char **filled = expand(argv, &values);

	(void)state;
	assert_string_equal(filled[0], "wrk");
	assert_string_equal(filled[1], "http://h:80//tmp/x80");
	assert_string_equal(filled[2], "{folder}");
	assert_string_equal(filled[3], "refused");
	assert_null(filled[4]);
	expand_free(filled);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_and_time_are_kept),
		cmocka_unit_test(a_failure_quotes_the_last_line_of_errors),
		cmocka_unit_test(a_program_that_is_not_there_is_said_to_be_missing),
		cmocka_unit_test(a_deadline_is_not_an_end),
		cmocka_unit_test(what_a_program_leaves_ends_with_it),
		cmocka_unit_test(more_output_than_is_kept_does_not_block),
		cmocka_unit_test(output_without_an_end_is_no_excuse),
		cmocka_unit_test(an_end_is_an_end_whoever_goes_on_writing),
		cmocka_unit_test(values_are_filled_in_wherever_they_stand),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
