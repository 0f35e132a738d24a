// SPDX-License-Identifier: GPL-2.0
/* A name that one runtime would read, and another pass over, is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "runtime/spelling.h"

static int check(const char *text, struct error *err)
{
	json_t *root = json_loads(text, 0, NULL);
	int ret;

	if (!root)
		fail_msg("%s is no JSON", text);
	ret = spelling_check(root, err);
	json_decref(root);
	return ret;
}

static void names_that_differ_in_case_are_refused(void **state)
{
	static const char *const wrong[][3] = {
		{"{\"Linux\":{}}", "\"Linux\"", "\"linux\""},
		{"{\"linux\":{},\"LINUX\":{}}", "\"LINUX\"", "\"linux\""},
		{"{\"linux\":{\"seccomP\":{}}}", "\"seccomP\"", "\"seccomp\""},
		{"{\"hooks\":{\"createcontainer\":[]}}", "createcontainer", "createContainer"},
		{"{\"hooks\":{\"startcontainer\":[]}}", "startcontainer", "startContainer"},
		{"{\"linux\":{\"namespaces\":[{\"type\":\"pid\"},{\"Path\":\"/x\"}]}}", "\"Path\"",
		 "\"path\""},
		{"{\"process\":{\"capabilities\":{\"Bounding\":[]}}}", "Bounding", "bounding"},
		{"{\"a\":{\"later\":1,\"Later\":2}}", "\"Later\"", "\"later\""},
		/* As Go folds them. */
		{"{\"hoo\\u212as\":{}}", "differs only in case", "\"hooks\""},
		{"{\"proce\\u017fs\":{}}", "differs only in case", "\"process\""},
		{"{\"linux\":{\"\\u017feccomp\":{}}}", "differs only in case", "\"seccomp\""},
	};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (!check(wrong[i][0], &err))
			fail_msg("%s was taken", wrong[i][0]);
		assert_int_equal(err.status, EXIT_USAGE);
		if (!strstr(err.text, wrong[i][1]) || !strstr(err.text, wrong[i][2]))
			fail_msg("%s: \"%s\"", wrong[i][0], err.text);
	}
}

static void keys_of_the_users_own_may_differ_so(void **state)
{
	static const char *const good[] = {
		"{}",
		"{\"annotations\":{\"a\":\"1\",\"A\":\"2\",\"Linux\":\"3\"}}",
		"{\"linux\":{\"sysctl\":{\"net.ipv4.conf.eth0.x\":\"1\",\"net.ipv4.conf.ETH0.x\":"
		"\"1\"}}}",
		"{\"linux\":{\"resources\":{\"unified\":{\"memory.High\":\"1\",\"Memory\":\"1\"}}}"
		"}",
		"{\"linux\":{\"new\":{},\"maskedPaths\":[\"/Proc\",\"/"
		"proc\"]},\"process\":{\"env\":"
		"[\"a=1\",\"A=1\"]}}",
		"{\"one\":{\"x\":1},\"two\":{\"X\":1}}",
	};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (check(good[i], &err))
			fail_msg("%s: %s", good[i], err.text);
}

/* Each of OCI's names as it stands, and in capitals. */
static void every_name_of_a_container_is_known(void **state)
{
	static const char *const names[] = {
		"access",
		"annotations",
		"apparmorProfile",
		"architectures",
		"args",
		"capabilities",
		"createContainer",
		"cwd",
		"defaultAction",
		"effective",
		"errnoRet",
		"hooks",
		"inheritable",
		"intelRdt",
		"linux",
		"listenerPath",
		"maskedPaths",
		"mounts",
		"namespaces",
		"options",
		"path",
		"permitted",
		"process",
		"readonlyPaths",
		"root",
		"seccomp",
		"source",
		"startContainer",
		"swappiness",
		"syscalls",
		"throttleWriteIOPSDevice",
		"type",
		"user",
		"valueTwo",
		"width",
	};
	char text[64], capitals[64];
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t at = 0;

		snprintf(text, sizeof(text), "{\"%s\":0}", names[i]);
		if (check(text, &err))
			fail_msg("%s: %s", text, err.text);
		do
			capitals[at] =
				text[at] >= 'a' && text[at] <= 'z' ? text[at] - 32 : text[at];
		while (text[at++]);
		if (!check(capitals, &err))
			fail_msg("%s was taken", capitals);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_differ_in_case_are_refused),
		cmocka_unit_test(keys_of_the_users_own_may_differ_so),
		cmocka_unit_test(every_name_of_a_container_is_known),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
