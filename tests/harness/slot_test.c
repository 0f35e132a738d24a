// SPDX-License-Identifier: GPL-2.0
/* Places for guests, taken by several processes. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/scratch.h"
#include "harness/slot.h"
#include "harness/vm.h"

static char folder[PATH_MAX];

static int make_cache(void **state)
{
	struct error err;

	(void)state;
	if (scratch_make(folder, &err) < 0)
		return error_report(&err, "slot_test");
	return setenv("VKERNEL_CACHE", folder, 1);
}

static int remove_cache(void **state)
{
	(void)state;
	scratch_remove(folder);
	return 0;
}

static int take(void)
{
	struct error err;
	int fd = slot_take(20, &err);

	if (fd < 0)
		fail_msg("%s", err.text);
	return fd;
}

static void interrupt(int signal)
{
	(void)signal;
	vm_interrupt();
}

/* A process that waits for a place, writes mark, and ends; its status is that of slot_take(). */
static pid_t wait_elsewhere(int out, char mark)
{
	pid_t child = fork();
	struct error err;

	if (child != 0)
		return child;
	/* The places that this test holds are not this process's. */
	close_range(STDERR_FILENO + 1, (unsigned int)out - 1, 0);
	close_range((unsigned int)out + 1, ~0u, 0);
	signal(SIGINT, interrupt);
	if (slot_take(20, &err) < 0)
		_exit(err.status);
	if (write(out, &mark, 1) != 1)
		_exit(1);
	_exit(0);
}

static int status_of(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void two_places_are_there_and_no_third(void **state)
{
	int first = take(), second = take();
	struct error err;

	(void)state;
	assert_int_equal(slot_take(1, &err), -1);
	assert_int_equal(err.status, EXIT_ENVIRONMENT);
	close(first);
	close(take());
	close(second);
}

static void who_waits_longest_is_served_first(void **state)
{
	int first = take(), second = take(), ends[2];
	char order[4] = "";
	pid_t waiting[3];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	for (int i = 0; i < 3; i++) {
		waiting[i] = wait_elsewhere(ends[1], (char)('a' + i));
		usleep(300000);
	}
	close(first);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(status_of(waiting[i]), 0);
		assert_int_equal(read(ends[0], order + i, 1), 1);
	}
	assert_string_equal(order, "abc");
	close(second);
	close(ends[0]);
	close(ends[1]);
}

static void who_is_interrupted_or_killed_while_waiting_holds_up_nobody(void **state)
{
	int first = take(), second = take(), ends[2];
	pid_t head, interrupted, killed, last;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	head = wait_elsewhere(ends[1], 'h');
	usleep(200000);
	interrupted = wait_elsewhere(ends[1], 'i');
	killed = wait_elsewhere(ends[1], 'k');
	usleep(200000);
	last = wait_elsewhere(ends[1], 'l');
	usleep(200000);
	kill(interrupted, SIGINT);
	assert_int_equal(status_of(interrupted), EXIT_INTERRUPTED);
	kill(killed, SIGKILL);
	assert_int_equal(status_of(killed), -1);
	kill(head, SIGKILL);
	assert_int_equal(status_of(head), -1);
	close(first);
	assert_int_equal(status_of(last), 0);
	close(second);
	close(ends[0]);
	close(ends[1]);
}

static void *take_in_thread(void *unused)
{
	struct error err;
	int fd = slot_take(5, &err);

	(void)unused;
	if (fd >= 0)
		close(fd);
	return fd >= 0 ? "taken" : NULL;
}

static void threads_of_one_process_do_not_hold_up_each_other(void **state)
{
	int first = take(), second = take();
	pthread_t waiting[2];
	void *result;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pthread_create(&waiting[i], NULL, take_in_thread, NULL), 0);
		usleep(300000);
	}
	close(first);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pthread_join(waiting[i], &result), 0);
		assert_non_null(result);
	}
	close(second);
}

static void a_cache_of_another_user_will_do(void **state)
{
	static const char *const names[] = {"slot-line.lock", "slot-0.lock", "slot-1.lock"};
	char path[PATH_MAX + 32];
	struct error err;
	pid_t child;

	(void)state;
	close(take());
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		chmod(path, 0444);
	}
	chmod(folder, 0555);
	child = fork();
	if (child == 0) {
		if (getuid() == 0 && setuid(65534) < 0)
			_exit(1);
		_exit(slot_take(1, &err) < 0 ? err.status : 0);
	}
	assert_int_equal(status_of(child), 0);
	chmod(folder, 0755);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_places_are_there_and_no_third),
		cmocka_unit_test(who_waits_longest_is_served_first),
		cmocka_unit_test(who_is_interrupted_or_killed_while_waiting_holds_up_nobody),
		cmocka_unit_test(threads_of_one_process_do_not_hold_up_each_other),
		cmocka_unit_test(a_cache_of_another_user_will_do),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("places for guests", tests, make_cache, remove_cache);
}
