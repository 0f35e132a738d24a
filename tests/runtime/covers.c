// SPDX-License-Identifier: GPL-2.0
/* A policy takes a filter's place only where it is nowhere more lenient. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "builder/builder.h"
#include "runtime/covers.h"

#define PROFILE(default_action, architectures, entries)                                        \
	"{\"defaultAction\":\"SCMP_ACT_" default_action "\",\"architectures\":[" architectures \
	"],\"syscalls\":[" entries "]}"
#define X86_64		    "\"SCMP_ARCH_X86_64\""
#define BOTH		    "\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\""
#define ENTRY(name, action) "{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_" action "\"}"
#define WHERE(name, action, value)                                \
	"{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_" action \
	"\",\"args\":[{\"index\":0,\"op\":\"SCMP_CMP_EQ\",\"value\":" value "}]}"

static void parse(const char *text, struct policy *policy, void **blob)
{
	const struct seccomp_context context = {.file = "profile"};
	struct profile *profile = profile_new();
	json_t *json = json_loads(text, 0, NULL);
	struct error err;
	size_t size;

	assert_non_null(json);
	if (profile_add_seccomp(profile, json, &context, &err) ||
	    profile_emit(profile, blob, &size, &err) ||
	    blob_parse("made", *blob, size, policy, &err))
		fail_msg("%s", err.text);
	json_decref(json);
	profile_free(profile);
}

static bool covers(const char *text, const char *other_text)
{
	struct policy policy, other;
	void *blob, *other_blob;
	bool ret;

	parse(text, &policy, &blob);
	parse(other_text, &other, &other_blob);
	ret = policy_covers(&policy, &other);
	free(blob);
	free(other_blob);
	return ret;
}

static const struct {
	const char *policy, *filter;
	bool covers;
} cases[] = {
	/* The same, in everything. */
	{PROFILE("ALLOW", BOTH, ENTRY("mount", "ERRNO")),
	 PROFILE("ALLOW", BOTH, ENTRY("mount", "ERRNO")), true},
	{PROFILE("ERRNO", BOTH, WHERE("clone", "ALLOW", "7")),
	 PROFILE("ERRNO", BOTH, WHERE("clone", "ALLOW", "7")), true},
	/* Stricter, here and there. */
	{PROFILE("ERRNO", X86_64, ENTRY("read", "ALLOW")),
	 PROFILE("ALLOW", X86_64, ENTRY("mount", "ERRNO")), true},
	{PROFILE("ALLOW", X86_64, ENTRY("mount", "KILL_PROCESS")),
	 PROFILE("ALLOW", X86_64, ENTRY("mount", "ERRNO")), true},
	{PROFILE("ALLOW", X86_64, ENTRY("mount", "ERRNO")),
	 PROFILE("ALLOW", X86_64, WHERE("mount", "ERRNO", "7")), true},
	{PROFILE("ALLOW", X86_64, WHERE("mount", "KILL", "7")),
	 PROFILE("ALLOW", X86_64, WHERE("mount", "ERRNO", "7")), true},
	/* More lenient in one thing. */
	{PROFILE("ALLOW", X86_64, ""), PROFILE("ALLOW", X86_64, ENTRY("mount", "ERRNO")), false},
	{PROFILE("ALLOW", X86_64, ENTRY("mount", "ERRNO")),
	 PROFILE("ALLOW", X86_64, ENTRY("mount", "KILL")), false},
	{PROFILE("ALLOW", X86_64, WHERE("mount", "ERRNO", "7")),
	 PROFILE("ALLOW", X86_64, ENTRY("mount", "ERRNO")), false},
	{PROFILE("ALLOW", X86_64, WHERE("mount", "ERRNO", "8")),
	 PROFILE("ALLOW", X86_64, WHERE("mount", "ERRNO", "7")), false},
	{PROFILE("ALLOW", X86_64, ENTRY("mount", "LOG")),
	 PROFILE("ALLOW", X86_64, ENTRY("mount", "ERRNO")), false},
	/* Numbers that neither names. */
	{PROFILE("ALLOW", X86_64, ""), PROFILE("ERRNO", X86_64, ""), false},
	{PROFILE("KILL", X86_64, ""), PROFILE("ERRNO", X86_64, ""), true},
	/* On i386 only. */
	{PROFILE("ALLOW", X86_64, ""), PROFILE("ALLOW", BOTH, ""), true},
	{PROFILE("ALLOW", BOTH, ""), PROFILE("ALLOW", X86_64, ""), false},
};

static void a_policy_covers_what_it_is_as_strict_as(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (covers(cases[i].policy, cases[i].filter) != cases[i].covers)
			fail_msg("%s %s %s", cases[i].policy,
				 cases[i].covers ? "does not cover" : "covers", cases[i].filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_policy_covers_what_it_is_as_strict_as),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
