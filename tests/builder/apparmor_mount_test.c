// SPDX-License-Identifier: GPL-2.0
/* Mount rules become verdicts, and the strictest of a seccomp profile and them counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "builder/number.h"
#include "lib/cleanup.h"
#include "tests/builder/apparmor.h"

#define ALLOW	POLICY_VERDICT(POLICY_ALLOW, 0)
#define KILL	POLICY_VERDICT(POLICY_KILL_PROCESS, 0)
#define EACCES_ POLICY_VERDICT(POLICY_ERRNO, EACCES)
#define EPERM_	POLICY_VERDICT(POLICY_ERRNO, EPERM)

/* A profile's blob, without its file rules: they are not what is asked here. */
static void emit(struct profile *profile, void **blob, struct policy *policy)
{
	struct error err;
	size_t size;

	profile->restricts_files = false;
	if (profile_emit(profile, blob, &size, &err) ||
	    blob_parse("blob", *blob, size, policy, &err))
		fail_msg("%s", err.text);
}

static __u32 decide(const struct policy *policy, enum policy_table_index table, const char *name,
		    const __u64 arguments[6])
{
	const struct call_numbers *numbers = number_find(name);

	assert_non_null(numbers);
	return policy_decide(&policy->tables[table], numbers->numbers[table], arguments);
}

struct asked {
	const char *name;
	__u64 arguments[6];
	__u32 verdict;
};

static void check(struct profile *profile, const struct asked *asked, size_t count)
{
	autofree void *blob = NULL;
	struct policy policy;

	emit(profile, &blob, &policy);
	for (size_t table = 0; table < POLICY_TABLES; table++)
		for (size_t i = 0; i < count; i++) {
			const __u32 verdict =
				decide(&policy, table, asked[i].name, asked[i].arguments);

			if (verdict != asked[i].verdict)
				fail_msg("table %zu, %s (row %zu): 0x%x, not 0x%x", table,
					 asked[i].name, i, verdict, asked[i].verdict);
		}
	profile_free(profile);
}

#define CHECK(profile, rows) check(profile, rows, sizeof(rows) / sizeof((rows)[0]))

static struct profile *must_read(const char *body)
{
	struct error err;
	struct profile *profile = read_body(body, NULL, &err);

	if (!profile)
		fail_msg("%s: %s", body, err.text);
	return profile;
}

static void nothing_is_mounted_without_a_rule(void **state)
{
	static const struct asked rows[] = {
		{.name = "mount", .verdict = EACCES_},
		{.name = "mount", .arguments = {0, 0, 0, 0x20}, .verdict = EACCES_},
		{.name = "umount2", .verdict = EACCES_},
		{.name = "pivot_root", .verdict = EACCES_},
		{.name = "move_mount", .verdict = EACCES_},
		{.name = "fsopen", .verdict = EACCES_},
		{.name = "fsconfig", .verdict = EACCES_},
		{.name = "fsmount", .verdict = EACCES_},
		{.name = "fspick", .verdict = EACCES_},
		{.name = "mount_setattr", .verdict = EACCES_},
		{.name = "open_tree_attr", .verdict = EACCES_},
		{.name = "open_tree", .arguments = {0, 0, 1}, .verdict = EACCES_},
		{.name = "open_tree", .arguments = {0, 0, 0x80001}, .verdict = EACCES_},
		{.name = "open_tree", .arguments = {0, 0, 0x80000}, .verdict = ALLOW},
		{.name = "read", .verdict = ALLOW},
	};

	(void)state;
	CHECK(must_read(""), rows);
	CHECK(must_read("mount,\numount,\npivot_root,\n"
			"deny mount,\ndeny unmount,\ndeny pivot_root,"),
	      rows);
}

static void what_is_allowed_is_not_decided(void **state)
{
	struct profile *profile = must_read("mount,\numount,\npivot_root,");

	(void)state;
	assert_false(profile->tables[POLICY_TABLE_X86_64].present);
	profile_free(profile);
}

static void the_old_umount_of_i386_is_one_too(void **state)
{
	static const __u64 none[6];
	struct profile *profile = must_read("mount,\npivot_root,");
	autofree void *blob = NULL;
	struct policy policy;

	(void)state;
	emit(profile, &blob, &policy);
	assert_int_equal(decide(&policy, POLICY_TABLE_I386, "umount", none), EACCES_);
	assert_int_equal(decide(&policy, POLICY_TABLE_I386, "mount", none), ALLOW);
	profile_free(profile);
}

static void remounting_is_told_by_its_flag(void **state)
{
	static const struct asked only[] = {
		{.name = "mount", .verdict = EACCES_},
		{.name = "mount", .arguments = {0, 0, 0, 0x1021}, .verdict = ALLOW},
		{.name = "mount_setattr", .verdict = EACCES_},
		{.name = "umount2", .verdict = EACCES_},
	};
	static const struct asked all_but[] = {
		{.name = "mount", .verdict = ALLOW},
		{.name = "mount", .arguments = {0, 0, 0, 0x1021}, .verdict = EACCES_},
		{.name = "mount_setattr", .verdict = EACCES_},
		{.name = "fspick", .verdict = EACCES_},
		{.name = "fsopen", .verdict = ALLOW},
	};

	(void)state;
	CHECK(must_read("remount,"), only);
	CHECK(must_read("mount,\ndeny remount,"), all_but);
}

/* The AppArmor profile `body` beside a seccomp profile. */
static struct profile *with_seccomp(const char *json, const char *body)
{
	const struct seccomp_context seccomp = {.file = "s", .text = json, .kernel = "6.12"};
	autofree char *text = NULL;
	struct apparmor_context context = {.file = "p"};
	struct profile *profile = profile_new();
	json_t *parsed = json_loads(json, 0, NULL);
	struct error err;

	assert_non_null(profile);
	assert_non_null(parsed);
	assert_true(asprintf(&text, "profile p {\n%s\n}", body) > 0);
	context.text = text;
	context.size = strlen(text);
	if (profile_add_seccomp(profile, parsed, &seccomp, &err) ||
	    profile_add_apparmor(profile, &context, &err))
		fail_msg("%s", err.text);
	json_decref(parsed);
	return profile;
}

#define SECCOMP(otherwise, entries)                                      \
	"{\"defaultAction\": \"" otherwise "\", \"archMap\": [{"         \
	"\"architecture\": \"SCMP_ARCH_X86_64\", \"subArchitectures\": " \
	"[\"SCMP_ARCH_X86\"]}], \"syscalls\": [" entries "]}"
#define ENTRY(action, names, rest) "{\"names\": [" names "], \"action\": \"" action "\"" rest "}"

static void the_stricter_of_two_profiles_counts(void **state)
{
	static const struct asked rows[] = {
		{.name = "umount2", .verdict = EACCES_}, /* allowed by seccomp */
		{.name = "mount", .verdict = EPERM_},	 /* seccomp's errno stands */
		{.name = "fsopen", .verdict = KILL},
		{.name = "pivot_root", .verdict = EPERM_},
		{.name = "getpid", .verdict = EPERM_},
		{.name = "read", .verdict = ALLOW},
		{.name = "open_tree", .arguments = {0, 0, 1}, .verdict = EACCES_},
		{.name = "open_tree", .verdict = ALLOW},
	};

	(void)state;
	CHECK(with_seccomp(SECCOMP("SCMP_ACT_ERRNO",
				   ENTRY("SCMP_ACT_ALLOW", "\"umount2\", \"open_tree\", \"read\"",
					 "") "," ENTRY("SCMP_ACT_KILL_PROCESS", "\"fsopen\"", "")),
			   "deny mount,"),
	      rows);
}

#define FLAG(value)  ", \"args\": [{\"index\": 2, \"op\": \"SCMP_CMP_EQ\", \"value\": " value "}]"
#define FIRST(value) ", \"args\": [{\"index\": 0, \"op\": \"SCMP_CMP_EQ\", \"value\": " value "}]"

static void conditions_of_both_count(void **state)
{
	/* seccomp allows open_tree by its first argument, and kills otherwise. */
	static const struct asked killed[] = {
		{.name = "open_tree", .arguments = {7, 0, 0}, .verdict = ALLOW},
		{.name = "open_tree", .arguments = {7, 0, 1}, .verdict = EACCES_},
		{.name = "open_tree", .arguments = {8, 0, 1}, .verdict = KILL},
		{.name = "open_tree", .arguments = {8, 0, 0}, .verdict = KILL},
		{.name = "umount2", .arguments = {7}, .verdict = EACCES_},
		{.name = "umount2", .arguments = {8}, .verdict = KILL},
	};
	/* ... or kills by it, and allows otherwise. */
	static const struct asked allowed[] = {
		{.name = "open_tree", .arguments = {7, 0, 0}, .verdict = KILL},
		{.name = "open_tree", .arguments = {7, 0, 1}, .verdict = KILL},
		{.name = "open_tree", .arguments = {8, 0, 1}, .verdict = EACCES_},
		{.name = "open_tree", .arguments = {8, 0, 0}, .verdict = ALLOW},
		{.name = "umount2", .arguments = {7}, .verdict = KILL},
		{.name = "umount2", .arguments = {8}, .verdict = EACCES_},
	};
	/* ... or asks for the same argument. */
	static const struct asked same[] = {
		{.name = "open_tree", .arguments = {0, 0, 1}, .verdict = EACCES_},
		{.name = "open_tree", .arguments = {0, 0, 0}, .verdict = KILL},
	};

	(void)state;
	CHECK(with_seccomp(
		      SECCOMP("SCMP_ACT_KILL_PROCESS",
			      ENTRY("SCMP_ACT_ALLOW", "\"open_tree\", \"umount2\"", FIRST("7"))),
		      ""),
	      killed);
	CHECK(with_seccomp(
		      SECCOMP("SCMP_ACT_ALLOW", ENTRY("SCMP_ACT_KILL_PROCESS",
						      "\"open_tree\", \"umount2\"", FIRST("7"))),
		      ""),
	      allowed);
	CHECK(with_seccomp(SECCOMP("SCMP_ACT_KILL_PROCESS",
				   ENTRY("SCMP_ACT_ALLOW", "\"open_tree\"", FLAG("1"))),
			   ""),
	      same);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_mounted_without_a_rule),
		cmocka_unit_test(what_is_allowed_is_not_decided),
		cmocka_unit_test(the_old_umount_of_i386_is_one_too),
		cmocka_unit_test(remounting_is_told_by_its_flag),
		cmocka_unit_test(the_stricter_of_two_profiles_counts),
		cmocka_unit_test(conditions_of_both_count),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
