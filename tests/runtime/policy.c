// SPDX-License-Identifier: GPL-2.0
/* Whether a container's policy takes the place of its seccomp filter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "builder/builder.h"
#include "lib/file.h"
#include "runtime/policy.h"

#define FILTER "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":[\"SCMP_ARCH_X86_64\"]}"

static char path[] = "/tmp/vkernel-policy-XXXXXX";

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

/* Without a cache that anybody could write. */
static const struct settings nothing;

static int make_policy(const json_t *root, struct container_policy *policy, struct error *err)
{
	const struct policy_request request = {.root = root,
					       .whole = true,
					       .id = "c1",
					       .settings = &nothing,
					       .cache = "/nonexistent/cache"};

	return policy_for(&request, policy, err);
}

/* Whether linux.seccomp is taken out of the bundle. */
static bool takes_seccomp(json_t *root)
{
	struct container_policy policy;
	struct error err;
	bool restricts;

	if (make_policy(root, &policy, &err))
		fail_msg("%s", err.text);
	restricts = policy.takes_seccomp;
	container_policy_free(&policy);
	json_decref(root);
	return restricts;
}

static void a_bundle_s_own_rules_restrict_calls_if_it_has_any(void **state)
{
	(void)state;
	assert_true(takes_seccomp(json_loads("{\"linux\":{\"seccomp\":" FILTER "}}", 0, NULL)));
	assert_false(takes_seccomp(json_loads("{\"linux\":{}}", 0, NULL)));
}

static void who_wants_unknown_names_to_fail_keeps_the_filter(void **state)
{
	static const char bundle[] =
		"{\"annotations\":{\"run.oci.seccomp_fail_unknown_syscall\":\"%s\"},"
		"\"linux\":{\"seccomp\":" FILTER "}}";
	char text[512];

	(void)state;
	snprintf(text, sizeof(text), bundle, "1");
	assert_false(takes_seccomp(json_loads(text, 0, NULL)));
	snprintf(text, sizeof(text), bundle, "0");
	assert_true(takes_seccomp(json_loads(text, 0, NULL)));
}

/* Writes a blob, with a table of system calls or without. */
static void prepare(bool calls)
{
	const struct seccomp_context context = {.file = "filter"};
	struct profile *profile = profile_new();
	struct error err;
	json_t *filter;
	size_t size;
	void *blob;

	if (calls) {
		filter = json_loads(FILTER, 0, NULL);
		assert_int_equal(profile_add_seccomp(profile, filter, &context, &err), 0);
		json_decref(filter);
	}
	profile_set_log(profile, POLICY_LOG_DENY, 0);
	assert_int_equal(profile_emit(profile, &blob, &size, &err), 0);
	assert_int_equal(file_write(path, blob, size, &err), 0);
	profile_free(profile);
	free(blob);
}

/* A bundle whose linux.seccomp does something to uname, and that names the prepared policy. */
static json_t *bundle_beside(const char *action)
{
	return json_pack("{s:{s:s}, s:{s:{s:s, s:[s], s:[{s:[s], s:s}]}}}", "annotations",
			 ANNOTATION_PROFILE, path, "linux", "seccomp", "defaultAction",
			 "SCMP_ACT_ALLOW", "architectures", "SCMP_ARCH_X86_64", "syscalls", "names",
			 "uname", "action", action);
}

static void a_prepared_policy_takes_a_filter_s_place_if_it_covers_it(void **state)
{
	(void)state;
	prepare(true);
	assert_true(takes_seccomp(bundle_beside("SCMP_ACT_ALLOW")));
	assert_false(takes_seccomp(bundle_beside("SCMP_ACT_ERRNO")));
	prepare(false);
	assert_false(takes_seccomp(bundle_beside("SCMP_ACT_ALLOW")));
}

/* Mount rules alone do not take the place of a filter that says much more. */
static void mount_rules_leave_the_filter_where_it_is(void **state)
{
	static const char text[] = "profile p { file, deny mount, }";
	const struct apparmor_context context = {
		.file = "p", .text = text, .size = sizeof(text) - 1};
	struct profile *profile = profile_new();
	struct error err;
	size_t size;
	void *blob;

	(void)state;
	assert_int_equal(profile_add_apparmor(profile, &context, &err), 0);
	assert_int_equal(profile_emit(profile, &blob, &size, &err), 0);
	assert_int_equal(file_write(path, blob, size, &err), 0);
	profile_free(profile);
	free(blob);
	assert_false(takes_seccomp(bundle_beside("SCMP_ACT_ALLOW")));
}

/* A profile whose second entry has the action. */
static json_t *bundle_with(const char *action)
{
	return json_pack("{s:{s:{s:s, s:[s], s:[{s:[s], s:s}]}}}", "linux", "seccomp",
			 "defaultAction", "SCMP_ACT_ALLOW", "architectures", "SCMP_ARCH_X86_64",
			 "syscalls", "names", "uname", "action", action);
}

static void what_only_seccomp_can_do_is_left_to_it_with_a_word(void **state)
{
	static const char *const actions[] = {"SCMP_ACT_NOTIFY", "SCMP_ACT_TRACE"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		json_t *root = bundle_with(actions[i]);
		struct container_policy policy;
		struct error err;

		assert_int_equal(make_policy(root, &policy, &err), 0);
		assert_false(policy.takes_seccomp);
		assert_non_null(strstr(policy.notice, actions[i]));
		container_policy_free(&policy);
		json_decref(root);
	}
}

static void the_log_is_private_unless_an_annotation_says_otherwise(void **state)
{
	static const struct {
		const char *value;
		enum policy_log_mode mode;
		__u32 size;
	} logs[] = {
		{NULL, POLICY_LOG_PRIVATE, POLICY_LOG_SIZE_DEFAULT},
		{"private", POLICY_LOG_PRIVATE, POLICY_LOG_SIZE_DEFAULT},
		{"private:100K", POLICY_LOG_PRIVATE, 128 << 10},
		{"deny", POLICY_LOG_DENY, 0},
		{"host", POLICY_LOG_HOST, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
		json_t *root =
			json_pack("{s:{s:s*}}", "annotations", ANNOTATION_LOG, logs[i].value);
		struct container_policy made;
		struct policy policy;
		struct error err;

		if (make_policy(root, &made, &err) ||
		    blob_parse("made", made.blob, made.size, &policy, &err))
			fail_msg("%s", err.text);
		assert_int_equal(policy.log, logs[i].mode);
		assert_int_equal(policy.log_size, logs[i].size);
		container_policy_free(&made);
		json_decref(root);
	}
}

static void an_annotation_is_one_of_its_words_and_stands_alone(void **state)
{
	static const struct {
		const char *annotation, *value, *other;
	} wrong[] = {
		{ANNOTATION_EXCESS, "forgive", NULL},
		{ANNOTATION_LOG, "", NULL},
		{ANNOTATION_LOG, "private:", NULL},
		{ANNOTATION_LOG, "private:1K", NULL},
		{ANNOTATION_LOG, "deny:4K", NULL},
		{ANNOTATION_EXCESS, "kill", ANNOTATION_PROFILE},
		{ANNOTATION_LOG, "host", ANNOTATION_PROFILE},
		{ANNOTATION_PATHS, "both", NULL},
		{ANNOTATION_PATHS, "replace", ANNOTATION_PROFILE},
		{ANNOTATION_APPARMOR, "docker-default", NULL},
		{ANNOTATION_APPARMOR, "", NULL},
		{ANNOTATION_APPARMOR, "/nonexistent/profile", NULL},
		{ANNOTATION_APPARMOR, "/dev/null", NULL},
		{ANNOTATION_APPARMOR, "/dev/null", ANNOTATION_PROFILE},
		{"io.vkernel.profile", "web.policy", NULL},
		{"io.vkernel.", "", NULL},
	};

	(void)state;
	prepare(true);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		json_t *root =
			json_pack("{s:{s:s}}", "annotations", wrong[i].annotation, wrong[i].value);
		struct container_policy policy;
		struct error err;

		if (wrong[i].other)
			json_object_set_new(json_object_get(root, "annotations"), wrong[i].other,
					    json_string(path));
		assert_int_equal(make_policy(root, &policy, &err), -1);
		assert_non_null(strstr(err.text, wrong[i].annotation));
		container_policy_free(&policy);
		json_decref(root);
	}
}

/* Where it is opened this test waits for ever. */
static void what_an_annotation_names_is_a_file(void **state)
{
	static const char *const names[] = {ANNOTATION_PROFILE, ANNOTATION_APPARMOR};
	char folder[] = "/tmp/vkernel-policy-XXXXXX", pipe[64];

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(pipe, sizeof(pipe), "%s/pipe", folder);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		json_t *root = json_pack("{s:{s:s}}", "annotations", names[i], pipe);
		struct container_policy policy;
		struct error err;

		alarm(10);
		assert_int_equal(make_policy(root, &policy, &err), -1);
		alarm(0);
		assert_non_null(strstr(err.text, names[i]));
		assert_non_null(strstr(err.text, "no regular file"));
		container_policy_free(&policy);
		json_decref(root);
	}
	unlink(pipe);
	rmdir(folder);
}

#define PATHS                                                                                \
	"\"linux\":{\"maskedPaths\":[\"/proc/kcore\",\"/sys/firmware\"],\"readonlyPaths\":[" \
	"\"/proc/sys\"]}"

/* The bundle's policy; the caller ends made. */
static void make(const char *bundle, struct container_policy *made, struct policy *policy)
{
	json_t *root = json_loads(bundle, 0, NULL);
	struct error err;

	assert_non_null(root);
	if (make_policy(root, made, &err) ||
	    blob_parse("made", made->blob, made->size, policy, &err))
		fail_msg("%s", err.text);
	json_decref(root);
}

static unsigned int allowed(const struct policy *policy, const char *where)
{
	return files_allowed(files_match(&policy->files, where, strlen(where)), POLICY_OTHERS);
}

static void paths_become_rules_where_that_is_asked_for(void **state)
{
	struct container_policy made;
	struct policy policy;

	(void)state;
	make("{\"annotations\":{\"" ANNOTATION_PATHS "\":\"keep\"}," PATHS "}", &made, &policy);
	assert_int_equal(policy.files.states, 0);
	assert_false(made.takes_paths);
	container_policy_free(&made);

	make("{\"annotations\":{\"" ANNOTATION_PATHS "\":\"replace\"}," PATHS "}", &made, &policy);
	assert_true(made.takes_paths);
	assert_false(made.takes_apparmor);
	assert_int_equal(allowed(&policy, "/proc/kcore"), 0);
	assert_int_equal(allowed(&policy, "/sys/firmware/"), 0);
	assert_int_equal(allowed(&policy, "/sys/firmware/efi/x"), 0);
	assert_int_equal(allowed(&policy, "/proc/kcores"), POLICY_FILE_ALL);
	assert_true(allowed(&policy, "/proc/sys/kernel/x") & POLICY_FILE_READ);
	assert_false(allowed(&policy, "/proc/sys/kernel/x") & POLICY_FILE_WRITE);
	container_policy_free(&made);

	make("{" PATHS "}", &made, &policy);
	assert_int_equal(policy.files.states, 0);
	container_policy_free(&made);
}

static void paths_become_rules_where_mounts_can_be_undone(void **state)
{
	static const char capable[] =
		"\"process\":{\"capabilities\":{\"permitted\":[\"CAP_SYS_ADMIN\"]}},";
	struct container_policy made;
	struct policy policy;
	char bundle[512];

	(void)state;
	snprintf(bundle, sizeof(bundle), "{%s" PATHS "}", capable);
	make(bundle, &made, &policy);
	assert_true(made.takes_paths);
	assert_int_equal(allowed(&policy, "/proc/kcore"), 0);
	container_policy_free(&made);

	snprintf(bundle, sizeof(bundle),
		 "{\"annotations\":{\"" ANNOTATION_PATHS "\":\"keep\"},%s" PATHS "}", capable);
	make(bundle, &made, &policy);
	assert_int_equal(policy.files.states, 0);
	assert_false(made.takes_paths);
	container_policy_free(&made);
}

static void paths_that_are_none_are_refused(void **state)
{
	static const char *const wrong[][2] = {
		{"{\"maskedPaths\":{}}", "maskedPaths is no list"},
		{"{\"readonlyPaths\":[1]}", "readonlyPaths[0]"},
		{"{\"maskedPaths\":[\"proc\"]}", "maskedPaths[0]"},
		{"{\"readonlyPaths\":[\"/proc/../x\"]}", "readonlyPaths[0]"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		json_t *root = json_pack("{s:{s:s}, s:o}", "annotations", ANNOTATION_PATHS,
					 "replace", "linux", json_loads(wrong[i][0], 0, NULL));
		struct container_policy made;
		struct error err;

		assert_int_equal(make_policy(root, &made, &err), -1);
		if (!strstr(err.text, wrong[i][1]))
			fail_msg("\"%s\" is not in \"%s\"", wrong[i][1], err.text);
		container_policy_free(&made);
		json_decref(root);
	}
}

static void an_apparmor_profile_is_read_by_its_annotation(void **state)
{
	static const char profile[] = "profile p {\n  capability kill,\n  /** r,\n"
				      "  deny /etc/shadow rw,\n}\n";
	struct container_policy made;
	char bundle[512];
	struct policy policy;
	struct error err;
	json_t *root;

	(void)state;
	assert_int_equal(file_write(path, profile, strlen(profile), &err), 0);
	snprintf(bundle, sizeof(bundle),
		 "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_KILL\",\"CAP_CHOWN\"]}},"
		 "\"annotations\":{\"" ANNOTATION_APPARMOR "\":\"%s\"}}",
		 path);
	make(bundle, &made, &policy);
	assert_true(made.takes_apparmor);
	assert_false(made.takes_paths);
	assert_int_equal(policy.capabilities, 1 << 5);
	assert_int_equal(allowed(&policy, "/etc/passwd"), POLICY_FILE_READ);
	assert_int_equal(allowed(&policy, "/etc/shadow"), 0);
	container_policy_free(&made);

	assert_int_equal(file_write(path, "profile p {\n  /** rq,\n}\n", 23, &err), 0);
	root = json_loads(bundle, 0, NULL);
	assert_int_equal(make_policy(root, &made, &err), -1);
	assert_non_null(strstr(err.text, ":2:"));
	assert_non_null(strstr(err.text, path));
	container_policy_free(&made);
	json_decref(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bundle_s_own_rules_restrict_calls_if_it_has_any),
		cmocka_unit_test(who_wants_unknown_names_to_fail_keeps_the_filter),
		cmocka_unit_test(a_prepared_policy_takes_a_filter_s_place_if_it_covers_it),
		cmocka_unit_test(mount_rules_leave_the_filter_where_it_is),
		cmocka_unit_test(what_only_seccomp_can_do_is_left_to_it_with_a_word),
		cmocka_unit_test(the_log_is_private_unless_an_annotation_says_otherwise),
		cmocka_unit_test(paths_become_rules_where_that_is_asked_for),
		cmocka_unit_test(paths_become_rules_where_mounts_can_be_undone),
		cmocka_unit_test(paths_that_are_none_are_refused),
		cmocka_unit_test(an_apparmor_profile_is_read_by_its_annotation),
		cmocka_unit_test(an_annotation_is_one_of_its_words_and_stands_alone),
		cmocka_unit_test(what_an_annotation_names_is_a_file),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_file, remove_file) != 0;
}
