// SPDX-License-Identifier: GPL-2.0
/* Operations of io_uring get the refusals of the calls that do the same. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "kmod/vki/compile.h"
#include "lib/cleanup.h"
#include "tests/builder/compile.h"

/* IORING_OP_*, which older headers do not have all. */
enum {
	OP_NOP = 0,
	OP_CONNECT = 16,
	OP_OPENAT = 18,
	OP_READ = 22,
	OP_SOCKET = 45,
	OP_URING_CMD = 46,
	OP_LATER = 100
};

#define PROFILE(entries) "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [" entries "]}"

/* The rules of a profile; the caller frees them. */
static struct vkm_rules *rules_of(const char *text)
{
	autofree void *blob = NULL;
	struct policy policy;
	struct error err;
	void *memory;
	size_t size;

	if (compile("profile", text, CAPABILITIES_ALL, &blob, &size, &err) ||
	    blob_parse("blob", blob, size, &policy, &err))
		fail_msg("%s", err.text);
	memory = calloc(1, rules_size(&policy, size));
	assert_non_null(memory);
	return rules_make(memory, &policy, blob, size, NULL);
}

static unsigned int answer(const char *text, unsigned int operation)
{
	autofree struct vkm_rules *rules = rules_of(text);

	return rules->operations[operation].number;
}

static void an_operation_is_refused_as_its_call(void **state)
{
	autofree struct vkm_rules *rules = rules_of(PROFILE(
		"{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 93}"));

	(void)state;
	assert_int_equal(rules->operations[OP_SOCKET].number, 93);
	assert_int_equal(rules->operations[OP_SOCKET].call, 41);
	assert_int_equal(rules->operations[OP_NOP].number, 0);
	assert_int_equal(rules->operations[OP_CONNECT].number, 0);
	assert_true(rules->refuses_operations);
}

static void what_no_call_is_known_for_is_refused_beside_others(void **state)
{
	(void)state;
	assert_int_equal(answer(PROFILE(""), OP_LATER), 0);
	assert_int_equal(
		answer(PROFILE("{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ERRNO\"}"),
		       OP_LATER),
		EPERM);
}

/* EAGAIN would be tried again, on Linux 6.1 without the file that it needs; 512 on are orders. */
static void an_errno_that_the_ring_takes_for_an_order_is_eperm(void **state)
{
	static const unsigned int numbers[] = {0, EAGAIN, 512, 529, 3072, 4095};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		snprintf(text, sizeof(text),
			 PROFILE("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ERRNO\", "
				 "\"errnoRet\": %u}"),
			 numbers[i]);
		assert_int_equal(answer(text, OP_READ), EPERM);
	}
}

static void what_would_end_in_a_signal_or_elsewhere_is_eperm(void **state)
{
	(void)state;
	assert_int_equal(
		answer(PROFILE("{\"names\": [\"openat\"], \"action\": \"SCMP_ACT_KILL_PROCESS\"}"),
		       OP_OPENAT),
		EPERM);
	assert_int_equal(answer(PROFILE("{\"names\": [\"openat\"], \"action\": \"SCMP_ACT_TRAP\"}"),
				OP_OPENAT),
			 EPERM);
	assert_int_equal(answer(PROFILE("{\"names\": [\"openat\"], \"action\": \"SCMP_ACT_LOG\"}"),
				OP_OPENAT),
			 0);
}

static void one_refusal_among_conditions_is_enough(void **state)
{
	(void)state;
	assert_int_equal(
		answer(PROFILE("{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ERRNO\", "
			       "\"errnoRet\": 97, \"args\": [{\"index\": 0, \"value\": 40, "
			       "\"op\": \"SCMP_CMP_EQ\"}]}"),
		       OP_SOCKET),
		97);
}

static void one_of_several_calls_is_enough(void **state)
{
	(void)state;
	assert_int_equal(answer(PROFILE("{\"names\": [\"setsockopt\"], \"action\": "
					"\"SCMP_ACT_ERRNO\", \"errnoRet\": 92}"),
				OP_URING_CMD),
			 92);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_operation_is_refused_as_its_call),
		cmocka_unit_test(what_no_call_is_known_for_is_refused_beside_others),
		cmocka_unit_test(an_errno_that_the_ring_takes_for_an_order_is_eperm),
		cmocka_unit_test(what_would_end_in_a_signal_or_elsewhere_is_eperm),
		cmocka_unit_test(one_refusal_among_conditions_is_enough),
		cmocka_unit_test(one_of_several_calls_is_enough),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
