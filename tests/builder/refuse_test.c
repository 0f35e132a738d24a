// SPDX-License-Identifier: GPL-2.0
/* A profile that cannot be enforced as it stands is refused, and the message says where and why. */
#include <endian.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "lib/cleanup.h"
#include "builder/argument.h"
#include "tests/builder/compile.h"

#define ALLOW(names) "{ \"names\": [" names "], \"action\": \"SCMP_ACT_ALLOW\" }"
#define ROOT(rest)   "{ \"defaultAction\": \"SCMP_ACT_ERRNO\",\n" rest " }"
#define ENTRY(rest)  ROOT("  \"syscalls\": [\n    " rest "\n  ]")
#define ARGUMENT(rest)                                                                           \
	ENTRY("{ \"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\",\n      \"args\": [" rest \
	      "] }")

#define PRIVATE(rest) \
	ENTRY("{ \"names\": [\"uname\"], \"action\": \"VKERNEL_ACT_PRIVATE\"" rest " }")
#define FIELD(names, rest)                                                                        \
	ENTRY("{ \"names\": [" names "], \"action\": \"SCMP_ACT_ALLOW\",\n      \"args\": [" rest \
	      "] }")
#define N63 "abcdefghijklmnopqrstuvwxyz_0123456789_abcdefghijklmnopqrstuvwxy"

static const struct {
	const char *text;
	const char *message;
} rows[] = {
	{"[]", "p:1:1: a seccomp profile must be an object"},
	{"{ \"syscalls\": [] }", "p:1:1: has no \"defaultAction\""},
	{"{ \"defaultAction\": 1 }", "p:1:3: defaultAction: must be a string, not an integer"},
	{"{\n\"defaultAction\": \"SCMP_ACT_KILLL\" }",
	 "p:2:1: defaultAction: unknown action \"SCMP_ACT_KILLL\"; they are SCMP_ACT_ALLOW, ERRNO, "
	 "LOG, TRAP, KILL, KILL_THREAD, KILL_PROCESS, and VKERNEL_ACT_PRIVATE"},
	{"{\n\"defaultAction\": \"VKERNEL_ACT_PRIVATE\" }",
	 "p:2:1: defaultAction: needs \"call\" beside it, the private call's name, and is for "
	 "entries only"},
	{"{\n\"defaultAction\": \"SCMP_ACT_TRAP\",\n\"defaultErrnoRet\": 1 }",
	 "p:3:1: defaultErrnoRet: stands beside SCMP_ACT_TRAP, which answers no errno"},
	{"{\n\"defaultAction\": \"SCMP_ACT_NOTIFY\" }",
	 "p:2:1: defaultAction: SCMP_ACT_NOTIFY hands the call to a supervisor in user space, "
	 "which " ONLY_SECCOMP},
	{ROOT("\"defaultErrnoRet\": 4096"), "p:2:1: defaultErrnoRet: 4096 is not within 0 to 4095"},
	{ROOT("\"defaultErrnoRet\": -1"), "p:2:1: defaultErrnoRet: -1 is not within 0 to 4095"},
	{ROOT("\"defaultErrno\": \"ENOTHING\""), "p:2:1: defaultErrno: unknown errno \"ENOTHING\""},
	{ROOT("\"defaultErrnoRet\": 1, \"defaultErrno\": \"ENOSYS\""),
	 "p:2:23: defaultErrno: ENOSYS is errno 38, but defaultErrnoRet beside it says 1"},
	{ROOT("\"sysscalls\": []"),
	 "p:2:1: sysscalls: unknown key; what it asks for would not be enforced"},
	{ROOT("\"architectures\": [\"SCMP_ARCH_X86_64\",\n \"SCMP_ARCH_VAX\"]"),
	 "p:3:2: architectures[1]: unknown architecture \"SCMP_ARCH_VAX\"; an x86-64 "
	 "kernel has SCMP_ARCH_X86_64, SCMP_ARCH_X86 and SCMP_ARCH_X32"},
	{ROOT("\"architectures\": [\"SCMP_ARCH_X86\"]"),
	 "p:2:1: architectures: the profile is for another architecture: SCMP_ARCH_X86_64 is not "
	 "among its architectures"},
	{ROOT("\"archMap\": [{ \"architecture\": \"SCMP_ARCH_S390X\" }]"),
	 "p:2:1: archMap: the profile is for other architectures: no element is for "
	 "SCMP_ARCH_X86_64"},
	{ROOT("\"flags\": [\"SECCOMP_FILTER_FLAG_NEW_LISTENER\"]"),
	 "p:2:11: flags[0]: flag \"SECCOMP_FILTER_FLAG_NEW_LISTENER\" is not supported: a policy "
	 "cannot do what it asks for"},
	{ROOT("\"flags\": [\"SECCOMP_FILTER_FLAG_LOG\",\n "
	      "\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\"]"),
	 "p:3:2: flags[1]: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV is about notifications, "
	 "which " ONLY_SECCOMP},
	{ROOT("\"listenerPath\": \"/run/x\""),
	 "p:2:1: listenerPath: has notifications sent to a listener, which " ONLY_SECCOMP},
	{ENTRY("7"), "p:3:5: syscalls[0]: must be an object"},
	{ENTRY("{ \"action\": \"SCMP_ACT_ALLOW\" }"),
	 "p:3:5: syscalls[0]: must have either \"names\" or \"name\""},
	{ENTRY("{ \"names\": [] }"), "p:3:5: syscalls[0]: has no \"action\""},
	{ENTRY(ALLOW("\"read\"") ",\n    " ALLOW("\"write\",\n      \"no_such_call\"")),
	 "p:5:7: syscalls[1].names[1]: unknown system call \"no_such_call\": neither Linux nor "
	 "libseccomp has heard of it; if it is newer than both, build with --ignore-unknown"},
	{ENTRY(ALLOW("\"}]{[,\\\"\", \"read\"")),
	 "p:3:17: syscalls[0].names[0]: unknown system call \"}]{[,\"\": neither Linux nor "
	 "libseccomp has heard of it; if it is newer than both, build with --ignore-unknown"},
	{ENTRY(ALLOW("3")), "p:3:17: syscalls[0].names[0]: must be a string, not an integer"},
	{ENTRY("{ \"names\": [\"read\"], \"action\": \"SCMP_ACT_TRACE\" }"),
	 "p:3:26: syscalls[0].action: SCMP_ACT_TRACE hands the call to a tracer, "
	 "which " ONLY_SECCOMP},
	{ENTRY("{ \"names\": [\"read\"], \"action\": \"SCMP_ACT_LOG\",\n  \"errnoRet\": 3 }"),
	 "p:4:3: syscalls[0].errnoRet: stands beside SCMP_ACT_LOG, which answers no errno"},
	{ENTRY("{ \"names\": [\"read\"], \"action\": \"SCMP_ACT_KILL\", \"errno\": \"EPERM\" }"),
	 "p:3:53: syscalls[0].errno: stands beside SCMP_ACT_KILL, which answers no errno"},
	{ENTRY("{ \"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", \"errno\": \"\" }"), NULL},
	{ENTRY("{ \"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", \"call\": \"x\" }"),
	 "p:3:54: syscalls[0].call: stands beside SCMP_ACT_ALLOW; only VKERNEL_ACT_PRIVATE makes a "
	 "private call"},
	{PRIVATE(""), "p:3:27: syscalls[0].action: needs \"call\" beside it, the private call's "
		      "name, and is for entries only"},
	{PRIVATE(", \"call\": \"\""),
	 "p:3:60: syscalls[0].call: \"\" is no name of a private call: it has 1 to 63 of a-z, 0-9 "
	 "and _"},
	{PRIVATE(", \"call\": \"My-call\""),
	 "p:3:60: syscalls[0].call: \"My-call\" is no name of a private call: it has 1 to 63 of "
	 "a-z, 0-9 and _"},
	{PRIVATE(", \"call\": \"" N63 "x\""),
	 "p:3:60: syscalls[0].call: \"" N63 "x\" is no name of a private call: it has 1 to 63 of "
	 "a-z, 0-9 and _"},
	{PRIVATE(", \"call\": \"" N63 "\""), NULL},
	{ENTRY("{ \"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\",\n\"exludes\": {} }"),
	 "p:4:1: syscalls[0].exludes: unknown key; what it asks for would not be enforced"},
	{ENTRY("{ \"names\": [\"read\"], \"includes\": { \"caps\": [\"CAP_FLY\"] } }"),
	 "p:3:49: syscalls[0].includes.caps[0]: unknown capability \"CAP_FLY\""},
	{ENTRY("{ \"names\": [\"read\"], \"includes\": { \"minKernel\": \"0.0\" } }"),
	 "p:3:40: syscalls[0].includes.minKernel: \"0.0\" is no kernel version; write it as 4.8"},
	{ENTRY("{ \"names\": [\"read\"], \"includes\": { \"minKernel\": \"6.12.3\" } }"),
	 "p:3:40: syscalls[0].includes.minKernel: \"6.12.3\" is no kernel version; write it as "
	 "4.8"},
	{ENTRY("{ \"names\": [\"read\"], \"includes\": { \"minKernel\": \"6.256\" } }"),
	 "p:3:40: syscalls[0].includes.minKernel: \"6.256\" is no kernel version; write it as 4.8"},
	{ENTRY("{ \"names\": [\"read\"], \"includes\": { \"minKernel\": 6.12 } }"),
	 "p:3:40: syscalls[0].includes.minKernel: must be a string, not a fraction"},
	{ENTRY("{ \"name\": \"\", \"action\": \"SCMP_ACT_ALLOW\" }"),
	 "p:3:5: syscalls[0]: must have either \"names\" or \"name\""},
	{ENTRY("{ \"names\": [\"read\"], \"excludes\": { \"minKernel\": \"-4.8\" } }"),
	 "p:3:40: syscalls[0].excludes.minKernel: \"-4.8\" is no kernel version; write it as 4.8"},
	{ENTRY("{ \"names\": [\"read\"], \"excludes\": { \"minKernel\": \"4.4294967296\" } }"),
	 "p:3:40: syscalls[0].excludes.minKernel: \"4.4294967296\" is no kernel version; write it "
	 "as "
	 "4.8"},
	{ENTRY("{ \"names\": [\"read\"], \"excludes\": { \"minKernel\": \"new\" } }"),
	 "p:3:40: syscalls[0].excludes.minKernel: \"new\" is no kernel version; write it as 4.8"},
	{ARGUMENT("{ \"index\": 6, \"value\": 1, \"op\": \"SCMP_CMP_EQ\" }"),
	 "p:4:18: syscalls[0].args[0].index: 6 is not within 0 to 5"},
	{ARGUMENT("{ \"value\": 1, \"op\": \"SCMP_CMP_EQ\" }"),
	 "p:4:16: syscalls[0].args[0]: has no \"index\""},
	{ARGUMENT(
		 "{ \"index\": 0,\n \"field\": \"flags\", \"value\": 1, \"op\": \"SCMP_CMP_EQ\" }"),
	 "p:5:2: syscalls[0].args[0].field: stands beside \"index\"; keep one of them"},
	{ARGUMENT("{ \"field\": \"flag\", \"op\": \"SCMP_CMP_EQ\" }"),
	 "p:4:18: syscalls[0].args[0].field: unknown field \"flag\"; " FIELDS},
	{ARGUMENT("{ \"field\": \"flags\", \"op\": \"SCMP_CMP_EQ\" }"),
	 "p:3:17: syscalls[0].names[0]: read does not have these fields; " FIELDS},
	{FIELD("\"openat2\",\n  \"clone3\"", "{ \"field\": \"mode\", \"op\": \"SCMP_CMP_EQ\" }"),
	 "p:4:3: syscalls[0].names[1]: clone3 does not have these fields; " FIELDS},
	{FIELD("\"openat2\"", "{ \"field\": \"mode\", \"op\": \"SCMP_CMP_EQ\" },\n { \"index\": 0, "
			      "\"op\": \"SCMP_CMP_EQ\" }"),
	 "p:5:2: syscalls[0].args[1]: an entry asks either for arguments or for fields; make two "
	 "of it"},
	{FIELD("\"openat2\"",
	       "{ \"field\": \"mode\", \"op\": \"SCMP_CMP_EQ\" }] },\n { \"name\": \"openat2\",\n "
	       "\"action\": \"SCMP_ACT_ALLOW\", \"args\": [{ \"index\": 0, \"op\": "
	       "\"SCMP_CMP_EQ\" }"),
	 "p:5:4: syscalls[1].name: openat2: this entry asks for arguments and syscalls[0] (line 3) "
	 "for fields: a call is decided by one of them"},
	{FIELD("\"openat2\"",
	       "{ \"field\": \"mode\", \"op\": \"SCMP_CMP_EQ\" }] },\n { \"name\": \"openat2\",\n "
	       "\"action\": \"SCMP_ACT_TRAP\", \"args\": [{ \"field\": \"flags\", \"op\": "
	       "\"SCMP_CMP_EQ\" }"),
	 "p:5:4: syscalls[1].name: openat2: this entry answers SIGSYS under conditions and "
	 "syscalls[0] (line 3) allows it under conditions: which one counts would depend on their "
	 "order; make their conditions exclude each other"},
	{ENTRY("{ \"name\": \"openat2\", \"action\": \"SCMP_ACT_TRAP\" },\n { \"name\": "
	       "\"openat2\",\n "
	       "\"action\": \"SCMP_ACT_ALLOW\", \"args\": [{ \"field\": \"mode\", \"op\": "
	       "\"SCMP_CMP_EQ\" }] }"),
	 "p:4:4: syscalls[1].name: openat2: this entry allows it under conditions and syscalls[0] "
	 "(line 3) answers SIGSYS: which one counts would depend on their order; make their "
	 "conditions exclude each other"},
	{FIELD("\"openat2\", \"clone3\"", "{ \"field\": \"flags\", \"op\": \"SCMP_CMP_EQ\" }"),
	 NULL},
	{ARGUMENT("{ \"index\": 0, \"value\": 1 }"), "p:4:16: syscalls[0].args[0]: has no \"op\""},
	{ARGUMENT("{ \"index\": 0, \"value\": 1, \"op\": \"==\" }"),
	 "p:4:42: syscalls[0].args[0].op: unknown operator \"==\"; they are SCMP_CMP_NE, LT, LE, "
	 "EQ, "
	 "GE, GT, MASKED_EQ"},
	{ARGUMENT("{ \"index\": 0, \"value\": 1.5, \"op\": \"SCMP_CMP_EQ\" }"),
	 "p:4:30: syscalls[0].args[0].value: must be an integer, not a fraction"},
	{ARGUMENT("{ \"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_EQ\" }"), NULL},
	{ENTRY("{ \"names\": [\"kill\"], \"action\": \"SCMP_ACT_ALLOW\",\n      \"args\": [{ "
	       "\"index\": 1, \"value\": 9, \"op\": \"SCMP_CMP_NE\" }] },\n    { \"names\": "
	       "[\"kill\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 22 }"),
	 NULL},
	{ENTRY("{ \"names\": [\"kill\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{ \"index\": "
	       "1, "
	       "\"value\": 9, \"op\": \"SCMP_CMP_LT\" }] },\n    { \"names\": [\"kill\"], "
	       "\"action\": "
	       "\"SCMP_ACT_ERRNO\", \"errnoRet\": 22, \"args\": [{ \"index\": 1, \"value\": 8, "
	       "\"op\": \"SCMP_CMP_GE\" }] }"),
	 "p:4:17: syscalls[1].names[0]: kill: this entry answers EINVAL under conditions and "
	 "syscalls[0] (line 3) allows it under conditions: which one counts would depend on their "
	 "order; make their conditions exclude each other"},
	{ENTRY("{ \"names\": [\"kill\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{ \"index\": "
	       "1, "
	       "\"value\": 9, \"op\": \"SCMP_CMP_LT\" }] },\n    { \"names\": [\"kill\"], "
	       "\"action\": "
	       "\"SCMP_ACT_ERRNO\", \"errnoRet\": 22, \"args\": [{ \"index\": 1, \"value\": 9, "
	       "\"op\": \"SCMP_CMP_GE\" }] }"),
	 NULL},
};

static void the_message_names_the_place_and_the_fault(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		autofree void *blob = NULL;
		struct error err = {0};
		size_t size;
		int ret = compile("p", rows[i].text, 0, &blob, &size, &err);

		if (!ret != !rows[i].message)
			fail_msg("row %zu: returned %d: %s\n%s", i, ret, err.text, rows[i].text);
		if (ret)
			assert_string_equal(err.text, rows[i].message);
		if (ret)
			assert_int_equal(err.status, EXIT_USAGE);
	}
}

static void remember(void *context, const char *sentence)
{
	strncat(context, sentence, 500);
	strncat(context, "\n", 2);
}

/* config.json, as a runtime has it: the profile is a part of the text, and leniency is a duty. */
static void a_runtime_passes_over_what_nobody_knows(void **state)
{
	static const char text[] =
		"{ \"linux\": { \"namespaces\": [],\n  \"seccomp\": { \"defaultAction\": "
		"\"SCMP_ACT_ERRNO\",\n    \"newKey\": 1,\n    \"syscalls\": [" ALLOW(
			"\"read\", \"warp\"") "] } } }";
	char told[2048] = "";
	struct seccomp_context context = {
		.file = "config.json",
		.text = text,
		.path = "linux.seccomp",
		.kernel = "6.12",
		.lenient = true,
		.ignored = remember,
		.ignored_context = told,
	};
	struct profile *profile = profile_new();
	struct error err = {0};
	json_t *json = json_loads(text, 0, NULL), *seccomp;

	(void)state;
	assert_non_null(json);
	seccomp = json_object_get(json_object_get(json, "linux"), "seccomp");
	if (profile_add_seccomp(profile, seccomp, &context, &err))
		fail_msg("%s", err.text);
	assert_string_equal(
		told, "config.json:3:5: linux.seccomp.newKey: ignored: unknown key \"newKey\"\n"
		      "config.json:4:38: linux.seccomp.syscalls[0].names[1]: ignored: unknown "
		      "system call \"warp\"\n");
	profile_free(profile);
	json_decref(json);
}

static void names_are_printable(void **state)
{
	struct profile *profile = profile_new();
	struct error err;

	(void)state;
	assert_int_equal(profile_set_name(profile, "nginx 1", &err), 0);
	assert_int_equal(profile_set_name(profile, "", &err), -1);
	assert_int_equal(profile_set_name(profile, "a\nb", &err), -1);
	assert_string_equal(
		err.text,
		"the policy's name has byte 0x0a at offset 1; it must be printable ASCII");
	profile_free(profile);
}

static void capability_lists_are_names_and_words(void **state)
{
	struct error err;
	uint64_t set = 0;

	(void)state;
	assert_int_equal(capability_list("cap_chown,KILL,none", &set, &err), 0);
	assert_true(set == 0x21);
	assert_int_equal(capability_list("CAP_CHOWN,,KILL", &set, &err), -1);
	assert_int_equal(capability_list("CAP_CHOW", &set, &err), -1);
	assert_string_equal(err.text,
			    "capability list \"CAP_CHOW\": \"CAP_CHOW\" is no capability; "
			    "names are as in capabilities(7), or all, none, default");
}

static void check_blob(void *blob, size_t size, const char *message)
{
	struct policy_header *header = blob;
	struct policy policy;
	struct error err;

	header->checksum = htole32(policy_checksum(blob, size));
	assert_int_equal(blob_parse("b", blob, size, &policy, &err), -1);
	assert_string_equal(err.text, message);
}

/* As many entries for read() as said, each with a condition of its own; the caller frees the text. */
static char *many_entries(unsigned int count)
{
	char *text;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	fputs("{ \"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [", stream);
	for (unsigned int i = 0; i < count; i++)
		fprintf(stream,
			"%s{ \"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": "
			"[{ \"index\": 0, \"value\": %u, \"op\": \"SCMP_CMP_EQ\" }] }",
			i ? "," : "", i);
	fputs("] }", stream);
	assert_int_equal(fclose(stream), 0);
	return text;
}

static void a_call_has_so_many_conditions_and_no_more(void **state)
{
	autofree char *most = many_entries(CALL_RULES_MAX);
	autofree char *more = many_entries(CALL_RULES_MAX + 1);
	autofree void *blob = NULL;
	struct error err;
	size_t size;

	(void)state;
	assert_int_equal(compile("p", most, 0, &blob, &size, &err), 0);
	free(steal_pointer(blob));
	assert_int_equal(compile("p", more, 0, &blob, &size, &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	assert_non_null(
		strstr(err.text, "syscalls[2048].names[0]: read: these are more than 2048"));
}

/* What else a reader refuses is in blob_test.c. */
static void an_architecture_has_one_table(void **state)
{
	autofree void *blob = NULL;
	struct policy policy;
	struct error err;
	size_t size;

	(void)state;
	assert_int_equal(compile("p", ROOT("\"syscalls\": []"), 0, &blob, &size, &err), 0);
	assert_int_equal(blob_parse("b", blob, size, &policy, &err), 0);
	((struct policy_syscalls *)policy.tables[POLICY_TABLE_I386].header)->arch =
		htole32(POLICY_ARCH_X86_64);
	check_blob(blob, size, "b: offset 144: architecture has a second table");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_message_names_the_place_and_the_fault),
		cmocka_unit_test(a_runtime_passes_over_what_nobody_knows),
		cmocka_unit_test(names_are_printable),
		cmocka_unit_test(capability_lists_are_names_and_words),
		cmocka_unit_test(a_call_has_so_many_conditions_and_no_more),
		cmocka_unit_test(an_architecture_has_one_table),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
