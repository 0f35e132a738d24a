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

#include "builder/source.h"
#include "lib/cleanup.h"
#include "tests/builder/agree.h"
#include "tests/builder/yardstick.h"

#define ALL_ALLOW "{ \"defaultAction\": \"SCMP_ACT_ALLOW\" }"

/* A source in memory. */
struct text {
	const char *name, *text;
};

struct made {
	void *blob;
	size_t size;
	struct policy policy;
	struct sources_said said;
};

static int make(const struct sources *sources, uint64_t allowed, struct made *made,
		struct error *err)
{
	const struct sources_context context = {
		.capabilities = allowed, .kernel = "6.12", .lenient = true};
	struct profile *profile = profile_new();
	int ret;

	assert_non_null(profile);
	profile_set_capabilities(profile, allowed);
	ret = sources_add(sources, &context, profile, &made->said, err);
	if (!ret)
		ret = profile_emit(profile, &made->blob, &made->size, err);
	if (!ret)
		ret = blob_parse("the policy", made->blob, made->size, &made->policy, err);
	profile_free(profile);
	return ret;
}

static int try(const struct text *texts, size_t count, uint64_t allowed, struct made *made,
	       struct error *err)
{
	struct sources sources = {0};
	int ret = 0;

	*made = (struct made){0};
	for (size_t i = 0; i < count && !ret; i++)
		ret = sources_read_bytes(&sources, texts[i].name, texts[i].text,
					 strlen(texts[i].text), SOURCE_UNKNOWN, err);
	if (!ret)
		ret = make(&sources, allowed, made, err);
	sources_free(&sources);
	return ret;
}

static void must(const struct text *texts, size_t count, uint64_t allowed, struct made *made)
{
	struct error err;

	if (try(texts, count, allowed, made, &err))
		fail_msg("%s", err.text);
}

#define MUST(made, ...)                                                                          \
	must((const struct text[]){__VA_ARGS__},                                                 \
	     sizeof((const struct text[]){__VA_ARGS__}) / sizeof(struct text), CAPABILITIES_ALL, \
	     made)

static void refuses(const struct text *texts, size_t count, const char *message)
{
	struct made made;
	struct error err;

	assert_int_equal(try(texts, count, CAPABILITIES_ALL, &made, &err), -1);
	free(made.blob);
	assert_string_equal(err.text, message);
	assert_int_equal(err.status, EXIT_USAGE);
}

#define REFUSES(message, ...)                       \
	refuses((const struct text[]){__VA_ARGS__}, \
		sizeof((const struct text[]){__VA_ARGS__}) / sizeof(struct text), message)

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

/* Lower is stricter. */
static unsigned int rank(__u32 verdict)
{
	static const unsigned int ranks[POLICY_ACTIONS] = {
		[POLICY_KILL_PROCESS] = 0, [POLICY_KILL_THREAD] = 1,  [POLICY_TRAP] = 2,
		[POLICY_ERRNO] = 3,	   [POLICY_ALLOW_LOGGED] = 5, [POLICY_ALLOW] = 6,
	};

	return ranks[POLICY_VERDICT_ACTION(verdict)];
}

static unsigned int below(unsigned int limit)
{
	return next_random() % limit;
}

static const char *random_action(void)
{
	static const char *const actions[] = {
		"\"SCMP_ACT_ALLOW\"",	    "\"SCMP_ACT_ALLOW\"",	 "\"SCMP_ACT_ERRNO\"",
		"\"SCMP_ACT_ERRNO\"",	    "\"SCMP_ACT_LOG\"",		 "\"SCMP_ACT_TRAP\"",
		"\"SCMP_ACT_KILL_THREAD\"", "\"SCMP_ACT_KILL_PROCESS\"",
	};

	return actions[below(sizeof(actions) / sizeof(actions[0]))];
}

static void random_condition(FILE *stream, unsigned int index)
{
	static const char *const operators[] = {"NE", "EQ", "MASKED_EQ", "LT", "LE", "GE", "GT"};

	fprintf(stream, "{\"index\": %u, \"value\": %u, \"valueTwo\": %u, \"op\": \"SCMP_CMP_%s\"}",
		index, below(4), below(4), operators[below(7)]);
}

/* A profile of a few calls, over a few values of two arguments. */
static char *random_profile(void)
{
	static const char *const names[] = {"read", "socket", "ipc", "semget"};
	char *text;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	fprintf(stream, "{\"defaultAction\": %s, \"architectures\": [\"SCMP_ARCH_X86_64\"%s], ",
		random_action(), below(4) ? ", \"SCMP_ARCH_X86\"" : "");
	fputs("\"syscalls\": [", stream);
	for (unsigned int i = 0, count = below(7); i < count; i++) {
		fprintf(stream, "%s{\"names\": [\"%s\"], \"action\": %s, \"args\": [", i ? "," : "",
			names[below(4)], random_action());
		if (below(6))
			random_condition(stream, 0);
		if (below(3) == 0) {
			fputs(",", stream);
			random_condition(stream, 1);
		}
		fputs("]}", stream);
	}
	fputs("]}", stream);
	assert_int_equal(fclose(stream), 0);
	return text;
}

/* What a rule's list cannot begin with. */
static void mend(char *text)
{
	for (char *at = text; (at = strstr(at, "[,")); at++)
		at[1] = ' ';
}

static bool joined(const struct policy *both, const struct policy *a, const struct policy *b,
		   enum policy_table_index table, unsigned int call, const __u64 arguments[6])
{
	const __u32 first = policy_decide(&a->tables[table], call, arguments);
	const __u32 second = policy_decide(&b->tables[table], call, arguments);
	const __u32 found = policy_decide(&both->tables[table], call, arguments);
	const __u32 wanted = rank(second) < rank(first) ? second : first;

	if (found != wanted)
		print_error("table %d call %u (%llu, %llu): 0x%x and 0x%x make 0x%x\n", table, call,
			    arguments[0], arguments[1], first, second, found);
	return found == wanted;
}

static bool all_joined(const struct policy *both, const struct policy *a, const struct policy *b)
{
	/* read, write, socket, semget; read, write, ipc, socketcall, socket, semget */
	static const unsigned int calls[POLICY_TABLES][7] = {{0, 1, 41, 64, 900},
							     {3, 4, 117, 102, 359, 393, 900}};

	for (size_t table = 0; table < POLICY_TABLES; table++)
		for (size_t call = 0; call < 7; call++)
			for (__u64 first = 0; first < 6; first++)
				for (__u64 second = 0; second < 6; second++) {
					const __u64 arguments[6] = {first, second};

					if (!joined(both, a, b, table, calls[table][call],
						    arguments))
						return false;
				}
	return true;
}

static void of_two_answers_to_a_call_the_stricter_counts(void **state)
{
	unsigned int conditional = 0;

	(void)state;
	for (unsigned int i = 0; i < 1500; i++) {
		autofree char *first = random_profile(), *second = random_profile();
		struct made a, b, both;

		mend(first);
		mend(second);
		MUST(&a, {"a.json", first});
		MUST(&b, {"b.json", second});
		MUST(&both, {"a.json", first}, {"b.json", second});
		if (!all_joined(&both.policy, &a.policy, &b.policy))
			fail_msg("%s\n%s", first, second);
		conditional += le32toh(both.policy.tables[0].header->filters) > 0;
		assert_true(both.said.calls);
		free(a.blob);
		free(b.blob);
		free(both.blob);
	}
	/* If hardly any had conditions, this would have tested little. */
	assert_true(conditional > 500);
}

static char *random_rules(const char *name, char patterns[4][YARDSTICK_MAX])
{
	char *text;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	fprintf(stream, "profile %s {\n", name);
	for (unsigned int i = 0; i < 4; i++) {
		random_pattern(patterns[i]);
		fprintf(stream, "  %s%s\"%s\" %s,\n", below(4) ? "" : "deny ",
			below(4) ? "" : "owner ", patterns[i], below(2) ? "rw" : "r");
	}
	fputs("}\n", stream);
	assert_int_equal(fclose(stream), 0);
	return text;
}

static unsigned int may(const struct policy *policy, const char *path, enum policy_subject subject)
{
	const struct policy_accept *accept = files_match(&policy->files, path, strlen(path));

	return le16toh(accept->allowed[subject]) & ~le16toh(accept->denied[subject]);
}

static void a_path_may_be_used_as_far_as_each_profile_allows(void **state)
{
	unsigned int both_allow = 0, one_allows = 0;

	(void)state;
	for (unsigned int i = 0; i < 300; i++) {
		char patterns[2][4][YARDSTICK_MAX], path[YARDSTICK_MAX];
		autofree char *first = random_rules("a", patterns[0]);
		autofree char *second = random_rules("b", patterns[1]);
		struct made a, b, both;

		MUST(&a, {"a", first});
		MUST(&b, {"b", second});
		MUST(&both, {"a", first}, {"b", second});
		for (unsigned int j = 0; j < 60; j++) {
			const enum policy_subject who = j % POLICY_SUBJECTS;

			random_path(patterns[below(2)][below(4)], path);
			if (may(&both.policy, path, who) !=
			    (may(&a.policy, path, who) & may(&b.policy, path, who)))
				fail_msg("%s\n%s\n%s", first, second, path);
			both_allow += !!may(&both.policy, path, who);
			one_allows += !may(&a.policy, path, who) != !may(&b.policy, path, who);
		}
		free(a.blob);
		free(b.blob);
		free(both.blob);
	}
	assert_true(both_allow > 100 && one_allows > 1000);
}

static void rules_that_only_deny_need_nobody_to_allow(void **state)
{
	struct made made;

	(void)state;
	MUST(&made, {"a", "profile a { /x/** rw, }"},
	     {"b.yaml", "schema: 1\nfiles: [deny /x/y rw]\n"});
	assert_int_equal(may(&made.policy, "/x/a", 0) & POLICY_FILE_READ, POLICY_FILE_READ);
	assert_int_equal(may(&made.policy, "/x/y", 0), 0);
	assert_int_equal(may(&made.policy, "/z", 0), 0);
	free(made.blob);
	MUST(&made, {"b.yaml", "schema: 1\nfiles: [deny /x/y rw]\n"},
	     {"c.yaml", "schema: 1\nfiles: [deny /z r]\n"});
	assert_int_equal(may(&made.policy, "/x/y", 0) & POLICY_FILE_READ, 0);
	assert_int_equal(may(&made.policy, "/z", 0) & POLICY_FILE_READ, 0);
	assert_int_equal(may(&made.policy, "/a", 0), POLICY_FILE_ALL);
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
	must(texts, 4, CAPABILITIES_ALL, &made);
	assert_int_equal(made.policy.capabilities, 1 << 5);
	/* CAP_BPF is gone, so the entry that asks for it does not count. */
	assert_int_equal(policy_decide(&made.policy.tables[0], 321, none),
			 POLICY_VERDICT(POLICY_ERRNO, 1));
	assert_true(made.said.capabilities);
	free(made.blob);
	must(texts + 3, 1, CAPABILITIES_ALL, &made);
	assert_int_equal(policy_decide(&made.policy.tables[0], 321, none), 0);
	assert_false(made.said.capabilities);
	free(made.blob);
	must(texts, 1, 1 << 0, &made);
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
	must(everything, 3, CAPABILITIES_ALL, &built);
	assert_int_equal(add_blob(&sources, &built, &err), 0);
	assert_ptr_equal(sources_prepared(&sources), &sources.list[0]);
	again = (struct made){0};
	if (make(&sources, CAPABILITIES_ALL, &again, &err))
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
	must(everything, 3, CAPABILITIES_ALL, &built);
	assert_int_equal(add_blob(&sources, &built, &err), 0);
	assert_int_equal(
		sources_read_bytes(&sources, "m.yaml", more, strlen(more), SOURCE_UNKNOWN, &err),
		0);
	assert_null(sources_prepared(&sources));
	if (make(&sources, CAPABILITIES_ALL, &again, &err))
		fail_msg("%s", err.text);
	assert_int_equal(policy_decide(&again.policy.tables[0], 0, none),
			 POLICY_VERDICT(POLICY_ERRNO, 5));
	assert_int_equal(may(&again.policy, "/a/c", 0) & POLICY_FILE_READ, POLICY_FILE_READ);
	free(again.blob);
	assert_int_equal(
		sources_read_bytes(&sources, "x", files, strlen(files), SOURCE_UNKNOWN, &err), 0);
	again = (struct made){0};
	assert_int_equal(make(&sources, CAPABILITIES_ALL, &again, &err), -1);
	assert_string_equal(err.text, "built and x: file rules: those of a policy that is built "
				      "already cannot be put together with others; build both from "
				      "their profiles");
	sources_free(&sources);
	free(built.blob);
}

static void what_an_apparmor_profile_includes_is_not_all_in_hand(void **state)
{
	static const char including[] = "profile x { include <abstractions/base>\n }";
	struct sources sources = {0};
	struct error err;

	(void)state;
	assert_int_equal(sources_read_bytes(&sources, "a.json", ALL_ALLOW, strlen(ALL_ALLOW),
					    SOURCE_UNKNOWN, &err),
			 0);
	assert_true(sources_complete(&sources));
	assert_int_equal(sources_read_bytes(&sources, "x", including, strlen(including),
					    SOURCE_UNKNOWN, &err),
			 0);
	assert_false(sources_complete(&sources));
	sources_free(&sources);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_source_is_known_by_its_content_and_its_name),
		cmocka_unit_test(of_two_answers_to_a_call_the_stricter_counts),
		cmocka_unit_test(a_path_may_be_used_as_far_as_each_profile_allows),
		cmocka_unit_test(rules_that_only_deny_need_nobody_to_allow),
		cmocka_unit_test(capabilities_are_those_that_all_allow),
		cmocka_unit_test(the_stricter_log_and_reaction_count),
		cmocka_unit_test(sockets_and_access_are_what_all_allow),
		cmocka_unit_test(refusals_beside_a_profile_do_not_take_its_place),
		cmocka_unit_test(what_cannot_be_put_together_is_refused_by_name),
		cmocka_unit_test(a_policy_is_a_source_and_means_what_it_meant),
		cmocka_unit_test(a_policy_can_be_narrowed_but_for_its_file_rules),
		cmocka_unit_test(what_an_apparmor_profile_includes_is_not_all_in_hand),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
