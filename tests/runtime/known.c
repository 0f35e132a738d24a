// SPDX-License-Identifier: GPL-2.0
/* What the same words came to before is taken again, and only that. */
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

#include <builder/builder.h>

#include "lib/cleanup.h"
#include "runtime/policy.h"

#define LEAN	"{\"linux\":{},\"process\":{\"capabilities\":{\"bounding\":[\"CAP_KILL\"]}}}"
#define SECCOMP "{\"defaultAction\":\"SCMP_ACT_ERRNO\"}"
#define WHOLE                                                                               \
	"{\"linux\":{\"seccomp\":" SECCOMP "},\"process\":{\"capabilities\":{\"bounding\":" \
	"[\"CAP_KILL\"]}}}"

static char folder[] = "/tmp/vkernel-known-XXXXXX";
static const struct settings settings;

static const struct policy_request request = {
	.lean = LEAN,
	.lean_size = sizeof(LEAN) - 1,
	.seccomp = SECCOMP,
	.seccomp_size = sizeof(SECCOMP) - 1,
	.whole = true,
	.id = "first",
	.settings = &settings,
	.cache = folder,
};

static void run(const char *command)
{
	assert_int_equal(system(command), 0);
}

/* Parses, and keeps what comes of it. */
static int learn(void **state)
{
	struct policy_request whole = request;
	json_t *root = json_loads(WHOLE, 0, NULL);
	struct container_policy policy;
	struct error err;

	(void)state;
	whole.root = root;
	if (policy_for(&whole, &policy, &err))
		fail_msg("%s", err.text);
	assert_true(policy.plain);
	policy_remember(&whole, &policy);
	container_policy_free(&policy);
	json_decref(root);
	return 0;
}

static int make_folder(void **state)
{
	return mkdtemp(folder) && !setenv("FOLDER", folder, 1) ? learn(state) : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	run("rm -r $FOLDER");
	return 0;
}

static bool is_known(const struct policy_request *asked)
{
	struct container_policy policy;
	bool known = policy_known(asked, &policy);

	container_policy_free(&policy);
	return known;
}

static void the_same_words_have_the_same_policy_under_another_name(void **state)
{
	struct policy_request asked = request;
	struct container_policy policy;
	struct policy parsed;
	struct error err;

	(void)state;
	asked.id = "other";
	assert_true(policy_known(&asked, &policy));
	assert_true(policy.takes_seccomp);
	if (blob_parse("the policy", policy.blob, policy.size, &parsed, &err))
		fail_msg("%s", err.text);
	assert_int_equal(parsed.name_size, 5);
	assert_memory_equal(parsed.name, "other", 5);
	assert_int_equal(parsed.capabilities, 1 << 5);
	assert_int_equal(le32toh(parsed.tables[0].header->otherwise),
			 POLICY_VERDICT(POLICY_ERRNO, 1));
	container_policy_free(&policy);
}

static void other_words_are_not_known(void **state)
{
	static const struct settings keeping = {.keep_seccomp = true}, denying = {.log = "deny"},
				     killing = {.excess = "kill"},
				     replacing = {.masked_paths = "replace"},
				     with_profile = {.profile = "/nonexistent/profile"};
	struct policy_request others[] = {request, request, request, request, request,
					  request, request, request, request};

	(void)state;
	others[0].lean =
		"{\"linux\":{},\"process\":{\"capabilities\":{\"bounding\":[\"CAP_BPF0\"]}}}";
	others[1].seccomp = "{\"defaultAction\":\"SCMP_ACT_ALLOW\"}";
	others[2].seccomp = NULL;
	others[2].seccomp_size = 0;
	others[3].settings = &keeping;
	others[4].settings = &denying;
	others[5].settings = &killing;
	others[6].settings = &replacing;
	others[7].settings = &with_profile;
	others[8].id = "longer";
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (is_known(&others[i]))
			fail_msg("%zu is known", i);
	assert_true(is_known(&request));
}

/* Where the folder's files could be another's, or are not what was written, there are none. */
static void what_was_changed_is_not_taken(void **state)
{
	static const char *const changes[] = {
		"for f in $FOLDER/*; do printf x | dd of=$f bs=1 seek=150 conv=notrunc "
		"status=none; "
		"done",
		"for f in $FOLDER/*; do truncate -s -1 $f; done",
		"for f in $FOLDER/*; do s=$(stat -c %s $f); tail -c 9 $f | tr -c x x | "
		"dd of=$f bs=1 seek=$((s - 9)) conv=notrunc status=none; done",
		"for f in $FOLDER/*; do : >$f; done",
		"chmod g+w $FOLDER/*",
		"chmod o+w $FOLDER",
	};

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		assert_true(is_known(&request));
		run(changes[i]);
		if (is_known(&request))
			fail_msg("known after: %s", changes[i]);
		run("chmod 700 $FOLDER");
		run("rm $FOLDER/*");
		learn(state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_words_have_the_same_policy_under_another_name),
		cmocka_unit_test(other_words_are_not_known),
		cmocka_unit_test(what_was_changed_is_not_taken),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
