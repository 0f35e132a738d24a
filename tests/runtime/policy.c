// SPDX-License-Identifier: GPL-2.0
/* Whether a container's policy takes the place of its seccomp filter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static bool restricts_calls(json_t *root)
{
	struct container_policy policy;
	struct error err;
	bool restricts;

	if (policy_for(root, "c1", &policy, &err))
		fail_msg("%s", err.text);
	restricts = policy.restricts_calls;
	container_policy_free(&policy);
	json_decref(root);
	return restricts;
}

static void a_bundle_s_own_rules_restrict_calls_if_it_has_any(void **state)
{
	(void)state;
	assert_true(restricts_calls(json_loads("{\"linux\":{\"seccomp\":" FILTER "}}", 0, NULL)));
	assert_false(restricts_calls(json_loads("{\"linux\":{}}", 0, NULL)));
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
	profile_set_log(profile, POLICY_LOG_DENY);
	assert_int_equal(profile_emit(profile, &blob, &size, &err), 0);
	assert_int_equal(file_write(path, blob, size, &err), 0);
	profile_free(profile);
	free(blob);
}

static void a_prepared_policy_restricts_calls_if_it_has_a_table(void **state)
{
	static const char bundle[] = "{s:{s:s}, s:{s:{}}}";

	(void)state;
	prepare(true);
	assert_true(restricts_calls(
		json_pack(bundle, "annotations", ANNOTATION_POLICY, path, "linux", "seccomp")));
	prepare(false);
	assert_false(restricts_calls(
		json_pack(bundle, "annotations", ANNOTATION_POLICY, path, "linux", "seccomp")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bundle_s_own_rules_restrict_calls_if_it_has_any),
		cmocka_unit_test(a_prepared_policy_restricts_calls_if_it_has_a_table),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_file, remove_file) != 0;
}
