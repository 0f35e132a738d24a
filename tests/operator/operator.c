// SPDX-License-Identifier: GPL-2.0
/* vkernel ps, stats, policy and set, against folders that look like the kernel's. */
#include <libgen.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "builder/builder.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "operator/command.h"
#include "runtime/framework.h"
#include "tests/operator/fake.h"

#define LONG_ID	 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define INSTANCE "vkernel_0123456789ab"
#define OTHER	 "vkernel_0123456789ff"

#define run(command, ...)  fake_run(command, (const char *const[]){__VA_ARGS__, NULL})
#define run_alone(command) fake_run(command, (const char *const[]){NULL})

static int begin(void **state)
{
	(void)state;
	fake_begin("5\n");
	fake_instance(INSTANCE, LONG_ID, "/run/crun");
	return 0;
}

static int end(void **state)
{
	(void)state;
	fake_end();
	return 0;
}

static void prints(const char *text)
{
	if (!strstr(fake_output, text))
		fail_msg("\"%s\" is not in:\n%s%s", text, fake_output, fake_error);
}

static void says(const char *text)
{
	if (!strstr(fake_error, text))
		fail_msg("\"%s\" is not in \"%s\"", text, fake_error);
}

static void ps_lists_each_instance_in_a_row(void **state)
{
	(void)state;
	fake_instance(OTHER, NULL, NULL);
	assert_int_equal(run_alone(ps_command), 0);
	prints("INSTANCE              CONTAINER     STATE  INIT  POLICY  REFUSED  AGE\n");
	prints(INSTANCE "  0123456789ab  bound  4711  first   7        0s\n");
	prints(OTHER "  -             bound  4711  first   7        -\n");
}

static void ps_in_json_has_whole_ids(void **state)
{
	json_t *root, *first;

	(void)state;
	assert_int_equal(run(ps_command, "--json"), 0);
	root = json_loads(fake_output, 0, NULL);
	first = json_array_get(json_object_get(root, "instances"), 0);
	assert_string_equal(json_string_value(json_object_get(first, "container")), LONG_ID);
	assert_string_equal(json_string_value(json_object_get(first, "root")), "/run/crun");
	assert_int_equal(json_integer_value(json_object_get(first, "refused")), 7);
	assert_int_equal(json_integer_value(json_object_get(root, "schema")), 1);
	json_decref(root);
}

static void no_instances_are_a_head_without_rows(void **state)
{
	(void)state;
	fake_end();
	fake_begin("5\n");
	assert_int_equal(run_alone(ps_command), 0);
	assert_string_equal(fake_output,
			    "INSTANCE  CONTAINER  STATE  INIT  POLICY  REFUSED  AGE\n");
}

static void another_interface_is_refused(void **state)
{
	(void)state;
	fake_end();
	fake_begin("2\n");
	assert_int_equal(run_alone(ps_command), EXIT_ENVIRONMENT);
	says("speaks interface 2");
	assert_int_equal(run(set_command, LONG_ID, "x"), EXIT_ENVIRONMENT);
	framework_folder = "/nonexistent";
	assert_int_equal(run(stats_command, LONG_ID), EXIT_ENVIRONMENT);
	says("modprobe vkm");
}

static void a_container_is_named_by_id_beginning_or_instance(void **state)
{
	(void)state;
	assert_int_equal(run(stats_command, LONG_ID), 0);
	assert_int_equal(run(stats_command, "01"), 0);
	assert_int_equal(run(stats_command, INSTANCE), 0);
	assert_int_equal(run(stats_command, "vkernel_01"), EXIT_USAGE);
	assert_int_equal(run(stats_command, "02"), EXIT_USAGE);
	says("no container or instance is called \"02\"");
	assert_int_equal(run(stats_command, ""), EXIT_USAGE);
}

static void an_ambiguous_beginning_is_refused_and_an_exact_id_is_not(void **state)
{
	(void)state;
	fake_instance(OTHER, "0123", "/run/crun");
	assert_int_equal(run(stats_command, "012"), EXIT_USAGE);
	says("several containers");
	says(INSTANCE);
	says(OTHER);
	assert_int_equal(run(stats_command, "0123"), 0);
	prints(OTHER);
}

static void stats_sorts_calls_by_count_and_names_both_entries(void **state)
{
	(void)state;
	fake_count(INSTANCE, POLICY_TABLE_X86_64, 101, 5);
	fake_count(INSTANCE, POLICY_TABLE_I386, 26, 70);
	fake_count(INSTANCE, POLICY_TABLE_X86_64, 1023, 6);
	assert_int_equal(run(stats_command, INSTANCE), 0);
	prints("                   4  capability\n");
	prints("                  70  i386        26  ptrace\n"
	       "                   6  x86-64    1023  -\n"
	       "                   5  x86-64     101  ptrace\n");
	assert_int_equal(run(stats_command, "--json", INSTANCE), 0);
	prints("\"ptrace\"");
	prints("\"excess\": 100");
}

static void counts_that_cannot_be_read_are_an_error(void **state)
{
	(void)state;
	fake_write(INSTANCE, "calls", "short", 5);
	assert_int_equal(run(stats_command, INSTANCE), EXIT_ENVIRONMENT);
	fake_write(INSTANCE, "denied", "nonsense\n", 9);
	assert_int_equal(run(stats_command, INSTANCE), EXIT_ENVIRONMENT);
	says("nonsense");
	assert_int_equal(run_alone(ps_command), EXIT_ENVIRONMENT);
}

static void policy_says_a_container_s_in_words_and_a_file_wins(void **state)
{
	(void)state;
	assert_int_equal(run(policy_command, "0123"), 0);
	prints("policy: first");
	assert_int_equal(run(policy_command, "./0123"), EXIT_USAGE);
	assert_int_equal(chdir(dirname(strdupa(fake_file("0123", "no blob")))), 0);
	assert_int_equal(run(policy_command, "0123"), EXIT_USAGE);
	says("cannot tell what 0123 is");
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(run(policy_command, "absent"), EXIT_USAGE);
	says("no file \"absent\": no container");
}

/* Parses what is in force now. */
static void in_force(struct policy *policy, void *bytes, size_t size)
{
	struct error err;
	size_t got = fake_read(INSTANCE, "policy", bytes, size);

	if (blob_parse("now", bytes, got, policy, &err))
		fail_msg("%s", err.text);
}

static bool is_called(const struct policy *policy, const char *name)
{
	return policy->name_size == strlen(name) && !memcmp(policy->name, name, policy->name_size);
}

static void set_keeps_what_is_not_given(void **state)
{
	static const char profile[] = "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}";
	__attribute__((aligned(8))) char bytes[65536];
	const char *path = fake_file("other.json", profile);
	struct policy policy;

	(void)state;
	assert_int_equal(run(set_command, "0123", path), 0);
	in_force(&policy, bytes, sizeof(bytes));
	assert_true(is_called(&policy, "first"));
	assert_true(policy.restricts_capabilities);
	assert_int_equal(policy.capabilities, 1 << 5);
	assert_int_equal(policy.excess, POLICY_EXCESS_KILL);
	assert_int_equal(policy.log, POLICY_LOG_HOST);

	assert_int_equal(run(set_command, "0123", path, "--name", "second", "--log", "deny", "-c",
			     "kill,chown", "--excess", "report"),
			 0);
	in_force(&policy, bytes, sizeof(bytes));
	assert_true(is_called(&policy, "second"));
	assert_int_equal(policy.capabilities, 1 << 5 | 1);
	assert_int_equal(policy.excess, POLICY_EXCESS_REPORT);
	assert_int_equal(policy.log, POLICY_LOG_DENY);

	assert_int_equal(run(set_command, "0123", path, "--log", "private:64K"), 0);
	assert_int_equal(run(set_command, "0123", path, "--name", "third"), 0);
	in_force(&policy, bytes, sizeof(bytes));
	assert_int_equal(policy.log, POLICY_LOG_PRIVATE);
	assert_int_equal(policy.log_size, 64 << 10);
}

/* They cannot be taken out of a blob again; what a bundle masks can. */
static void set_loses_no_file_rules(void **state)
{
	static const char profile[] = "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}";
	__attribute__((aligned(8))) char bytes[65536];
	struct profile *masking = profile_new();
	char seccomp[256], armour[256];
	struct policy policy;
	struct error err;
	size_t size;
	void *blob;

	(void)state;
	snprintf(seccomp, sizeof(seccomp), "%s", fake_file("other.json", profile));
	snprintf(armour, sizeof(armour), "%s", fake_file("armour", "profile p { /a r, }"));
	assert_int_equal(profile_add_masked_path(masking, "/proc/kcore", &err), 0);
	assert_int_equal(profile_emit(masking, &blob, &size, &err), 0);
	fake_write(INSTANCE, "policy", blob, size);
	profile_free(masking);
	free(blob);

	assert_int_equal(run(set_command, "0123", seccomp), 0);
	in_force(&policy, bytes, sizeof(bytes));
	assert_int_equal(policy.files.rules, 4);
	assert_int_equal(run(set_command, "0123", seccomp, "--apparmor", armour), 0);
	in_force(&policy, bytes, sizeof(bytes));
	assert_int_equal(policy.files.rules, 4);
	assert_true(policy.restricts_access);
	assert_int_equal(run(set_command, "0123", seccomp), EXIT_USAGE);
	says("would be lost; name the profile with --apparmor");
	in_force(&policy, bytes, sizeof(bytes));
	assert_true(policy.restricts_access);
}

static void set_takes_several_sources(void **state)
{
	static const char profile[] = "schema: 1\nname: narrower\nlog: {mode: host}\n"
				      "files: [deny /a r]\n";
	char seccomp[256], yaml[256];
	__attribute__((aligned(8))) char bytes[65536];
	struct policy policy;

	(void)state;
	snprintf(seccomp, sizeof(seccomp), "%s",
		 fake_file("open.json", "{ \"defaultAction\": \"SCMP_ACT_ALLOW\" }"));
	snprintf(yaml, sizeof(yaml), "%s", fake_file("narrow.yaml", profile));
	assert_int_equal(run(set_command, "0123", seccomp, yaml), 0);
	in_force(&policy, bytes, sizeof(bytes));
	assert_memory_equal(policy.name, "narrower", 8);
	assert_int_equal(policy.log, POLICY_LOG_HOST);
	assert_int_equal(policy.files.rules, 2);
	assert_non_null(policy.tables[POLICY_TABLE_X86_64].header);
	/* Its rules give way to others of their kind only. */
	assert_int_equal(run(set_command, "0123", seccomp), EXIT_USAGE);
	says("would be lost");
}

static void set_takes_a_blob_as_it_is(void **state)
{
	autofree char *blob = NULL;
	char found[4096];
	const char *path;
	struct error err;
	size_t size;

	(void)state;
	blob = fake_blob("other", 7, &size);
	path = fake_file("blob", "");
	assert_int_equal(file_write(path, blob, size, &err), 0);
	assert_int_equal(run(set_command, "0123", path, "--log", "host"), EXIT_USAGE);
	says("taken as it is");
	assert_int_equal(run(set_command, "0123", path), 0);
	assert_true(fake_read(INSTANCE, "policy", found, sizeof(found)) >= size);
	assert_memory_equal(found, blob, size);
	blob[size / 2] ^= 1;
	assert_int_equal(file_write(path, blob, size, &err), 0);
	blob[size / 2] ^= 1;
	assert_int_equal(run(set_command, "0123", path), EXIT_USAGE);
	says("offset 16");
	fake_read(INSTANCE, "policy", found, sizeof(found));
	assert_memory_equal(found, blob, size);
}

static void set_refuses_what_is_no_profile(void **state)
{
	(void)state;
	assert_int_equal(run(set_command, "0123", fake_file("p", "{")), EXIT_USAGE);
	assert_int_equal(run(set_command, "0123", fake_file("p", "{\"defaultAction\": \"SCMP\"}")),
			 EXIT_USAGE);
	assert_int_equal(run(set_command, "0123", "/nonexistent"), EXIT_USAGE);
	assert_int_equal(run(set_command, "9", "/dev/null"), EXIT_USAGE);
}

#define test(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(ps_lists_each_instance_in_a_row),
		test(ps_in_json_has_whole_ids),
		test(no_instances_are_a_head_without_rows),
		test(another_interface_is_refused),
		test(a_container_is_named_by_id_beginning_or_instance),
		test(an_ambiguous_beginning_is_refused_and_an_exact_id_is_not),
		test(stats_sorts_calls_by_count_and_names_both_entries),
		test(counts_that_cannot_be_read_are_an_error),
		test(policy_says_a_container_s_in_words_and_a_file_wins),
		test(set_keeps_what_is_not_given),
		test(set_loses_no_file_rules),
		test(set_takes_several_sources),
		test(set_takes_a_blob_as_it_is),
		test(set_refuses_what_is_no_profile),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
