// SPDX-License-Identifier: GPL-2.0
/* Containers whose ids begin alike get modules of their own, and never each other's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "runtime/claim.h"
#include "runtime/state.h"
#include "tests/operator/fake.h"

#define FIRST "vkernel_0123456789ab"

static struct owner one, twin, elsewhere;
static char name[INSTANCE_NAME_SIZE];
static struct error err;

static int begin(void **state)
{
	(void)state;
	fake_begin("3");
	owner_set(&one, "0123456789abcd", "/run/crun", "crun", &err);
	owner_set(&twin, "0123456789abef", "/run/crun", "crun", &err);
	owner_set(&elsewhere, "0123456789abcd", "/run/other", "crun", &err);
	return 0;
}

static int end(void **state)
{
	(void)state;
	fake_end();
	return 0;
}

static int take(const struct owner *owner)
{
	return claim_take(owner, name, NULL, &err);
}

static void a_name_is_the_id_s_first_digits(void **state)
{
	int lock = take(&one);

	(void)state;
	assert_true(lock >= 0);
	assert_string_equal(name, FIRST);
	assert_true(state_is_owned(FIRST, &one));
	assert_false(state_is_owned(FIRST, &elsewhere));
	close(lock);
}

static void who_comes_second_gets_another_one(void **state)
{
	const struct owner *const others[] = {&twin, &elsewhere};
	char names[2][INSTANCE_NAME_SIZE];
	int locks[3] = {take(&one), -1, -1};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		locks[i + 1] = take(others[i]);
		assert_true(locks[i + 1] >= 0);
		assert_true(state_is_owned(name, others[i]));
		assert_int_equal(strspn(name + 8, "0123456789abcdef"), 12);
		strcpy(names[i], name);
	}
	assert_string_not_equal(names[0], FIRST);
	assert_string_not_equal(names[1], FIRST);
	assert_string_not_equal(names[0], names[1]);
	for (size_t i = 0; i < 3; i++)
		close(locks[i]);
}

static void a_container_that_runs_keeps_its_name(void **state)
{
	int lock;

	(void)state;
	fake_instance(FIRST, one.id, one.root);
	lock = take(&twin);
	assert_true(lock >= 0);
	assert_string_not_equal(name, FIRST);
	assert_true(state_is_owned(FIRST, &one));
	close(lock);
}

static void nobody_has_two(void **state)
{
	int lock = take(&one);

	(void)state;
	assert_int_equal(take(&one), -1);
	assert_non_null(strstr(err.text, "exists already"));
	close(lock);
	state_remove(FIRST);
	fake_instance(FIRST, one.id, one.root);
	assert_int_equal(take(&one), -1);
	assert_non_null(strstr(err.text, "exists already"));
	assert_true(state_is_owned(FIRST, &one));
}

static void where_both_names_are_taken_nothing_is_changed(void **state)
{
	char names[CLAIM_NAMES][INSTANCE_NAME_SIZE];

	(void)state;
	claim_names(&one, names);
	fake_instance(names[0], twin.id, twin.root);
	fake_instance(names[1], elsewhere.id, elsewhere.root);
	assert_int_equal(take(&one), -1);
	assert_int_equal(err.status, EXIT_ENVIRONMENT);
	assert_non_null(strstr(err.text, names[0]));
	assert_non_null(strstr(err.text, names[1]));
	assert_true(state_is_owned(names[0], &twin));
	assert_true(state_is_owned(names[1], &elsewhere));
}

static void a_killed_runtime_s_folder_is_taken_over(void **state)
{
	int lock = take(&twin);

	(void)state;
	close(lock);
	lock = take(&one);
	assert_true(lock >= 0);
	assert_string_equal(name, FIRST);
	assert_true(state_is_owned(FIRST, &one));
	close(lock);
}

static void who_sweeps_is_waited_for_and_waits_for_nobody(void **state)
{
	int lock = take(&one), status;

	(void)state;
	assert_true(state_is_held(FIRST));
	assert_int_equal(state_sweep(FIRST, &err), STATE_HELD);
	close(lock);
	assert_false(state_is_held(FIRST));
	lock = state_sweep(FIRST, &err);
	assert_true(lock >= 0);
	if (!fork()) {
		/* The parent lets go meanwhile; its descriptor was inherited. */
		close(lock);
		_exit(take(&one) >= 0 && !strcmp(name, FIRST) ? 0 : 1);
	}
	usleep(200000);
	close(lock);
	assert_true(wait(&status) > 0);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)
		TEST(a_name_is_the_id_s_first_digits),
		TEST(who_comes_second_gets_another_one),
		TEST(a_container_that_runs_keeps_its_name),
		TEST(nobody_has_two),
		TEST(where_both_names_are_taken_nothing_is_changed),
		TEST(a_killed_runtime_s_folder_is_taken_over),
		TEST(who_sweeps_is_waited_for_and_waits_for_nobody),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
