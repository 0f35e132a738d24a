// SPDX-License-Identifier: GPL-2.0
/* Which profiles a runtime has to leave to seccomp, and what it can say of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "lib/cleanup.h"
#include "tests/builder/compile.h"

#define ROOT(action, rest) "{ \"defaultAction\": \"" action "\",\n " rest " }"
#define ENTRY(rest)	   ROOT("SCMP_ACT_ERRNO", "\"syscalls\": [{ \"names\": [\"read\"], " rest " }]")

static const struct {
	const char *text;
	const char *reason; /* NULL: the profile does not need seccomp */
} rows[] = {
	{ROOT("SCMP_ACT_ERRNO", "\"syscalls\": []"), NULL},
	{ROOT("SCMP_ACT_KILL", "\"listenerPath\": \"\""), NULL},
	{ROOT("SCMP_ACT_NOTIFY", "\"syscalls\": []"),
	 "p:1:3: defaultAction: SCMP_ACT_NOTIFY hands the call to a supervisor in user space"},
	{ROOT("SCMP_ACT_ALLOW", "\"listenerPath\": \"/run/agent\""),
	 "p:2:2: listenerPath: has notifications sent to a listener"},
	{ROOT("SCMP_ACT_ALLOW", "\"flags\": [\"SECCOMP_FILTER_FLAG_LOG\", "
				"\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\"]"),
	 "p:2:39: flags[1]: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV is about notifications"},
	{ENTRY("\"action\": \"SCMP_ACT_TRAP\""), NULL},
	{ENTRY("\"action\": \"SCMP_ACT_NOTIFY\""),
	 "p:2:36: syscalls[0].action: SCMP_ACT_NOTIFY hands the call to a supervisor in user "
	 "space"},
	{ENTRY("\"action\": \"SCMP_ACT_TRACE\", \"errnoRet\": 3"),
	 "p:2:36: syscalls[0].action: SCMP_ACT_TRACE hands the call to a tracer"},
	/* An entry that does not count asks for nothing. */
	{ENTRY("\"action\": \"SCMP_ACT_NOTIFY\", \"includes\": { \"caps\": [\"CAP_BPF\"] }"), NULL},
	{ENTRY("\"action\": \"SCMP_ACT_NOTIFY\", \"excludes\": { \"caps\": [\"CAP_BPF\"] }"),
	 "p:2:36: syscalls[0].action: SCMP_ACT_NOTIFY hands the call to a supervisor in user "
	 "space"},
	/* What is malformed is for the reader to refuse. */
	{"[1]", NULL},
	{"7", NULL},
	{"{ \"syscalls\": 3, \"flags\": [7], \"defaultAction\": [], \"listenerPath\": {} }", NULL},
	{"{ \"syscalls\": [7, null, { \"action\": 3, \"includes\": [] }] }", NULL},
	{ENTRY("\"action\": \"SCMP_ACT_ALLOW\", \"includes\": { \"caps\": \"x\" }"), NULL},
};

static void a_profile_needs_seccomp_or_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct seccomp_context context = {
			.file = "p", .text = rows[i].text, .kernel = TEST_KERNEL};
		json_t *json = json_loads(rows[i].text, JSON_DECODE_ANY, NULL);
		char reason[512] = "";

		assert_non_null(json);
		if (profile_needs_seccomp(json, &context, reason, sizeof(reason)) !=
		    !!rows[i].reason)
			fail_msg("row %zu: \"%s\"\n%s", i, reason, rows[i].text);
		assert_string_equal(reason, rows[i].reason ? rows[i].reason : "");
		json_decref(json);
	}
}

/* What needs seccomp is never made into a policy as if it did not. */
static void a_reader_refuses_what_needs_seccomp(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		autofree void *blob = NULL;
		struct error err = {0};
		size_t size;

		if (!rows[i].reason)
			continue;
		assert_int_equal(compile("p", rows[i].text, 0, &blob, &size, &err), -1);
		assert_int_equal(strncmp(err.text, rows[i].reason, strlen(rows[i].reason)), 0);
	}
}

/* config.json without its text, as a runtime has it. */
static void the_reason_names_the_place_in_the_bundle(void **state)
{
	const struct seccomp_context context = {
		.file = "config.json", .path = "linux.seccomp", .lenient = true};
	json_t *json = json_loads(ENTRY("\"action\": \"SCMP_ACT_NOTIFY\""), 0, NULL);
	char reason[512], brief[16];

	(void)state;
	assert_true(profile_needs_seccomp(json, &context, reason, sizeof(reason)));
	assert_string_equal(reason,
			    "config.json: linux.seccomp.syscalls[0].action: SCMP_ACT_NOTIFY hands "
			    "the call to a supervisor in user space");
	assert_true(profile_needs_seccomp(json, &context, brief, sizeof(brief)));
	assert_string_equal(brief, "config.json: li");
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_profile_needs_seccomp_or_not),
		cmocka_unit_test(a_reader_refuses_what_needs_seccomp),
		cmocka_unit_test(the_reason_names_the_place_in_the_bundle),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
