// SPDX-License-Identifier: GPL-2.0
/* Which sources there are, and what several of them mean together: each must allow. */
#include <endian.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/builder/made.h"

#define ALL_ALLOW "{ \"defaultAction\": \"SCMP_ACT_ALLOW\" }"

static void a_source_is_known_by_its_content_and_its_name(void **state)
{
	static const struct {
		const char *name, *text;
		enum source_kind kind;
	} rows[] = {
		{"x", " \n{ }", SOURCE_SECCOMP},
		{"x.json", "[]", SOURCE_SECCOMP},
		{"x", "# words\nschema: 1\n", SOURCE_YAML},
		{"x.yml", "{ schema: 1 }", SOURCE_YAML},
		{"x.YAML", "schema: 1", SOURCE_YAML},
		{"x", "profile x { }", SOURCE_APPARMOR},
		{"docker-default", "#include <tunables/global>\n/x {\n}\n", SOURCE_APPARMOR},
		{"x.apparmor", "profile x", SOURCE_APPARMOR},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sources sources = {0};
		struct error err;

		if (sources_read_bytes(&sources, rows[i].name, rows[i].text, strlen(rows[i].text),
				       SOURCE_UNKNOWN, &err))
			fail_msg("%s", err.text);
		assert_int_equal(sources.list[0].kind, rows[i].kind);
		assert_null(sources_prepared(&sources));
		sources_free(&sources);
	}
	REFUSES("cannot tell what x is: a seccomp profile begins with '{', a vKernel profile has a "
		"line \"schema: 1\", an AppArmor profile braces; the endings .json, .yaml and "
		".apparmor say it too",
		{"x", "hello\n"});
	REFUSES("x is empty; it must hold a profile", {"x", " \n"});
	REFUSES("x.json:1:5: not JSON: '[' or '{' expected near 'hello'", {"x.json", "hello\n"});
	REFUSES("x is a bundle's config.json; what \"seccomp\" in its \"linux\" holds is a seccomp "
		"profile",
		{"x", "{ \"ociVersion\": \"1.0.0\" }"});
}

static void rules_that_only_deny_need_nobody_to_allow(void **state)
{
	struct made made;

	(void)state;
	MUST(&made, {"a", "profile a { /x/** rw, }"},
	     {"b.yaml", "schema: 1\nfiles: [deny /x/y rw]\n"});
	assert_int_equal(made_may(&made.policy, "/x/a", 0) & POLICY_FILE_READ, POLICY_FILE_READ);
	assert_int_equal(made_may(&made.policy, "/x/y", 0), 0);
	assert_int_equal(made_may(&made.policy, "/z", 0), 0);
	free(made.blob);
	MUST(&made, {"b.yaml", "schema: 1\nfiles: [deny /x/y rw]\n"},
	     {"c.yaml", "schema: 1\nfiles: [deny /z r]\n"});
	assert_int_equal(made_may(&made.policy, "/x/y", 0) & POLICY_FILE_READ, 0);
	assert_int_equal(made_may(&made.policy, "/z", 0) & POLICY_FILE_READ, 0);
	assert_int_equal(made_may(&made.policy, "/a", 0), POLICY_FILE_ALL);
	free(made.blob);
}

static void capabilities_are_those_that_all_allow(void **state)
{
	static const char conditional[] =
		"{ \"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [ { \"names\": [\"bpf\"], "
		"\"action\": \"SCMP_ACT_ALLOW\", \"includes\": { \"caps\": [\"CAP_BPF\"] } } ] }";
	static const struct text texts[] = {
		{"a.yaml", "schema: 1\ncapabilities: [chown, kill, bpf]\n"},
		{"b.yaml", "schema: 1\ncapabilities: [kill, net_raw]\n"},
		{"c", "profile c { capability kill net_admin, }"},
		{"d.json", conditional},
	};
	static const __u64 none[6];
	struct made made;

	(void)state;
	made_must(texts, 4, CAPABILITIES_ALL, &made);
	assert_int_equal(made.policy.capabilities, 1 << 5);
	/* CAP_BPF is gone, so the entry that asks for it does not count. */
	assert_int_equal(policy_decide(&made.policy.tables[0], 321, none),
			 POLICY_VERDICT(POLICY_ERRNO, 1));
	assert_true(made.said.capabilities);
	free(made.blob);
	made_must(texts + 3, 1, CAPABILITIES_ALL, &made);
	assert_int_equal(policy_decide(&made.policy.tables[0], 321, none), 0);
	assert_false(made.said.capabilities);
	free(made.blob);
	made_must(texts, 1, 1 << 0, &made);
	assert_int_equal(made.policy.capabilities, 1 << 0);
	free(made.blob);
}

static void the_stricter_log_and_reaction_count(void **state)
{
	struct made made;

	(void)state;
	MUST(&made, {"a.yaml", "schema: 1\nlog: {mode: host}\nexcess: kill\ncapabilities: []\n"},
	     {"b.yaml", "schema: 1\nlog: {mode: private, size: 8K}\nexcess: report\n"});
	assert_int_equal(made.policy.log, POLICY_LOG_PRIVATE);
	assert_int_equal(made.policy.log_size, 8 << 10);
	assert_int_equal(made.policy.excess, POLICY_EXCESS_KILL);
	assert_true(made.said.log && made.said.excess && !made.said.name && !made.said.calls);
	free(made.blob);
	MUST(&made, {"a.yaml", "schema: 1\nlog: {mode: deny}\n"},
	     {"b.yaml", "schema: 1\nlog: {mode: private}\n"});
	assert_int_equal(made.policy.log, POLICY_LOG_DENY);
	free(made.blob);
}

static void sockets_and_access_are_what_all_allow(void **state)
{
	struct made made;

	(void)state;
	MUST(&made, {"a", "profile a { network inet, signal, ptrace, }"},
	     {"b", "profile b { network stream, signal, }"});
	assert_int_equal(made.policy.socket_types[2], 1 << 1);
	assert_int_equal(made.policy.socket_types[10], 0);
	assert_int_equal(made.policy.access, POLICY_ACCESS_SIGNAL);
	free(made.blob);
}

static void refusals_beside_a_profile_do_not_take_its_place(void **state)
{
	static const char refusals[] =
		"schema: 1\nsyscalls: [{names: [ptrace], action: SCMP_ACT_ERRNO}]\n";
	struct made made;

	(void)state;
	MUST(&made, {"a.yaml", refusals}, {"b", "profile b { /** r, }"});
	assert_false(made.said.calls);
	assert_true(made.said.files);
	free(made.blob);
	MUST(&made, {"a.yaml", refusals}, {"b.json", ALL_ALLOW});
	assert_true(made.said.calls);
	assert_int_equal(made.policy.tables[0].header->flags, 0);
	free(made.blob);
}

static void what_cannot_be_put_together_is_refused_by_name(void **state)
{
	static const char by_fields[] = "{ \"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [ "
					"{ \"names\": [\"openat2\"], "
					"\"action\": \"SCMP_ACT_ERRNO\", \"args\": [ { \"field\": "
					"\"resolve\", \"value\": 8, "
					"\"op\": \"SCMP_CMP_EQ\" } ] } ] }";
	static const char by_arguments[] =
		"{ \"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [ { \"names\": "
		"[\"openat2\"], "
		"\"action\": \"SCMP_ACT_ERRNO\", \"args\": [ { \"index\": 0, \"value\": 8, "
		"\"op\": \"SCMP_CMP_EQ\" } ] } ] }";
#define PRIVATE(call)                                                                         \
	"{ \"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [ { \"names\": [\"uname\"], " \
	"\"action\": \"VKERNEL_ACT_PRIVATE\", \"call\": \"" call "\" } ] }"

	(void)state;
	REFUSES("a and b: file rules: one profile is in complain mode and the other is not; a "
		"policy refuses or tells, for all of its rules",
		{"a", "profile a flags=(complain) { /x r, }"}, {"b", "profile b { /y r, }"});
	REFUSES("a.json and b.json: system call openat2: one asks for its arguments and the other "
		"for fields of what its pointer leads to; a call is decided by one of them",
		{"a.json", by_fields}, {"b.json", by_arguments});
	REFUSES("a.json and b.json: system call uname: each puts another private call in its place",
		{"a.json", PRIVATE("one")}, {"b.json", PRIVATE("two")});
	REFUSES("a.yaml and b.yaml want private kernel logs of 4096 and 8192 bytes: say the size "
		"in "
		"one of them",
		{"a.yaml", "schema: 1\nlog: {mode: private, size: 4K}\n"},
		{"b.yaml", "schema: 1\nlog: {mode: private, size: 8K}\n"});
	REFUSES("a and g: file rules: more than 6 profiles have some", {"a", "profile a { /x r, }"},
		{"b", "profile b { /x r, }"}, {"c", "profile c { /x r, }"},
		{"d", "profile d { /x r, }"}, {"e", "profile e { /x r, }"},
		{"f", "profile f { /x r, }"}, {"g", "profile g { /x r, }"});
}

static int add_blob(struct sources *sources, const struct made *made, struct error *err)
{
	return sources_read_bytes(sources, "built", made->blob, made->size, SOURCE_UNKNOWN, err);
}

/* Everything that a blob may have, but for its name's place. */
static const struct text everything[] = {
	{"a.yaml",
	 "schema: 1\nname: all of it\ncapabilities: [kill, chown]\nexcess: kill\n"
	 "log: {mode: private, size: 8K}\n"
	 "syscalls: [{names: [socket], action: SCMP_ACT_TRAP, args: [{index: 0, value: 3, "
	 "op: SCMP_CMP_GT}]}]\n"},
	{"b.json",
	 "{ \"defaultAction\": \"SCMP_ACT_ERRNO\", \"flags\": [\"SECCOMP_FILTER_FLAG_LOG\"], "
	 "\"syscalls\": [ { \"names\": [\"read\", \"socket\"], \"action\": \"SCMP_ACT_ALLOW\" }, "
	 "{ \"names\": [\"openat2\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [ { \"field\": "
	 "\"flags\", \"value\": 1, \"op\": \"SCMP_CMP_LT\" } ] }, { \"names\": [\"uname\"], "
	 "\"action\": \"VKERNEL_ACT_PRIVATE\", \"call\": \"own\" } ] }"},
	{"c", "profile c { capability kill, /a/** rw, deny /a/b w, network inet stream, signal, }"},
};

static void a_policy_is_a_source_and_means_what_it_meant(void **state)
{
	struct sources sources = {0};
	struct made built, again;
	struct error err;

	(void)state;
	made_must(everything, 3, CAPABILITIES_ALL, &built);
	assert_int_equal(add_blob(&sources, &built, &err), 0);
	assert_ptr_equal(sources_prepared(&sources), &sources.list[0]);
	again = (struct made){0};
	if (made_of(&sources, CAPABILITIES_ALL, &again, &err))
		fail_msg("%s", err.text);
	assert_int_equal(again.size, built.size);
	assert_memory_equal(again.blob, built.blob, built.size);
	assert_true(again.said.name && again.said.log && again.said.excess);
	free(again.blob);
	sources_free(&sources);
	free(built.blob);
}

static void a_policy_can_be_narrowed_but_for_its_file_rules(void **state)
{
	static const char more[] =
		"schema: 1\nsyscalls: [{names: [read], action: SCMP_ACT_ERRNO, errno: 5}]\n";
	static const char files[] = "profile x { /z r, }";
	static const __u64 none[6];
	struct sources sources = {0};
	struct made built, again = {0};
	struct error err;

	(void)state;
	made_must(everything, 3, CAPABILITIES_ALL, &built);
	assert_int_equal(add_blob(&sources, &built, &err), 0);
	assert_int_equal(
		sources_read_bytes(&sources, "m.yaml", more, strlen(more), SOURCE_UNKNOWN, &err),
		0);
	assert_null(sources_prepared(&sources));
	if (made_of(&sources, CAPABILITIES_ALL, &again, &err))
		fail_msg("%s", err.text);
	assert_int_equal(policy_decide(&again.policy.tables[0], 0, none),
			 POLICY_VERDICT(POLICY_ERRNO, 5));
	assert_int_equal(made_may(&again.policy, "/a/c", 0) & POLICY_FILE_READ, POLICY_FILE_READ);
	free(again.blob);
	assert_int_equal(
		sources_read_bytes(&sources, "x", files, strlen(files), SOURCE_UNKNOWN, &err), 0);
	again = (struct made){0};
	assert_int_equal(made_of(&sources, CAPABILITIES_ALL, &again, &err), -1);
	assert_string_equal(err.text, "built and x: file rules: those of a policy that is built "
				      "already cannot be put together with others; build both from "
				      "their profiles");
	sources_free(&sources);
	free(built.blob);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_source_is_known_by_its_content_and_its_name),
		cmocka_unit_test(rules_that_only_deny_need_nobody_to_allow),
		cmocka_unit_test(capabilities_are_those_that_all_allow),
		cmocka_unit_test(the_stricter_log_and_reaction_count),
		cmocka_unit_test(sockets_and_access_are_what_all_allow),
		cmocka_unit_test(refusals_beside_a_profile_do_not_take_its_place),
		cmocka_unit_test(what_cannot_be_put_together_is_refused_by_name),
		cmocka_unit_test(a_policy_is_a_source_and_means_what_it_meant),
		cmocka_unit_test(a_policy_can_be_narrowed_but_for_its_file_rules),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
