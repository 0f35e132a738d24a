// SPDX-License-Identifier: GPL-2.0
/* The Docker form of a seccomp profile, resolved for containers of several kinds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "harness/guest/dockerprofile.h"
#include "scenarios/calls.h"

static const char profile_text[] =
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,\"defaultErrno\":\"ENOSYS\","
	"\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86_64\","
	"\"subArchitectures\":[\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"]},"
	"{\"architecture\":\"SCMP_ARCH_AARCH64\",\"subArchitectures\":[\"SCMP_ARCH_ARM\"]}],"
	"\"syscalls\":["
	"{\"names\":[\"a\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[],\"comment\":\"c\","
	"\"includes\":{},\"excludes\":{}},"
	"{\"names\":[\"b\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":8,"
	"\"valueTwo\":0,\"op\":\"SCMP_CMP_EQ\"}]},"
	"{\"names\":[\"arm\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"arches\":[\"arm64\"]}},"
	"{\"names\":[\"amd\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"arches\":[\"amd64\","
	"\"x32\"]}},"
	"{\"names\":[\"notamd\"],\"action\":\"SCMP_ACT_ALLOW\",\"excludes\":{\"arches\":"
	"[\"amd64\"]}},"
	"{\"names\":[\"admin\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":"
	"[\"CAP_SYS_ADMIN\"]}},"
	"{\"names\":[\"admin\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":1,\"errno\":\"EPERM\","
	"\"excludes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}},"
	"{\"names\":[\"both\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":"
	"[\"CAP_SYS_ADMIN\",\"CAP_BPF\"]}},"
	"{\"names\":[\"neither\"],\"action\":\"SCMP_ACT_ERRNO\",\"excludes\":{\"caps\":"
	"[\"CAP_SYS_ADMIN\",\"CAP_BPF\"]}},"
	"{\"names\":[\"new\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"minKernel\":\"5.10\"}},"
	"{\"names\":[\"old\"],\"action\":\"SCMP_ACT_ALLOW\",\"excludes\":{\"minKernel\":\"5.10\"}}"
	"]}";

static const char *const none[] = {NULL};
static const char *const admin[] = {"CAP_KILL", "CAP_SYS_ADMIN", NULL};
static const char *const admin_bpf[] = {"CAP_SYS_ADMIN", "CAP_BPF", NULL};

/* "name", or "name!" where it is not allowed, separated by spaces. */
static const struct row {
	struct dockerprofile_target target;
	const char *rules;
} rows[] = {
	{{none, "amd64", "6.12.1-amd64"}, "a b amd admin! neither! new"},
	{{admin, "amd64", "6.12.1-amd64"}, "a b amd admin new"},
	{{admin_bpf, "amd64", "6.12.1-amd64"}, "a b amd admin both new"},
	{{none, "arm64", "6.12.1"}, "a b arm notamd admin! neither! new"},
	{{none, "amd64", "5.9.16"}, "a b amd admin! neither! old"},
	{{none, "amd64", "5.10.0"}, "a b amd admin! neither! new"},
	{{none, "amd64", "7.2"}, "a b amd admin! neither! new"},
};

static void summarize(const json_t *resolved, char *text)
{
	const json_t *rule;
	size_t i;

	*text = '\0';
	json_array_foreach(json_object_get(resolved, "syscalls"), i, rule) {
		const char *action = json_string_value(json_object_get(rule, "action"));

		if (i)
			strcat(text, " ");
		strcat(text, json_string_value(json_array_get(json_object_get(rule, "names"), 0)));
		if (strcmp(action, "SCMP_ACT_ALLOW"))
			strcat(text, "!");
	}
}

static void takes_the_rules_that_apply(void **state)
{
	json_t *profile = json_loads(profile_text, 0, NULL);

	(void)state;
	assert_non_null(profile);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char summary[256];
		struct error err;
		json_t *resolved =
			dockerprofile_resolve(profile, &rows[i].target, "profile.json", &err);

		assert_non_null(resolved);
		summarize(resolved, summary);
		assert_string_equal(summary, rows[i].rules);
		json_decref(resolved);
	}
	json_decref(profile);
}

static void writes_the_oci_form_only(void **state)
{
	json_t *profile = json_loads(profile_text, 0, NULL);
	json_t *resolved, *wanted;
	struct error err;

	(void)state;
	resolved = dockerprofile_resolve(profile, &rows[0].target, "profile.json", &err);
	json_array_remove(json_object_get(resolved, "syscalls"), 5);
	json_array_remove(json_object_get(resolved, "syscalls"), 4);
	json_array_remove(json_object_get(resolved, "syscalls"), 2);
	wanted = json_loads(
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,\"architectures\":"
		"[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"],\"syscalls\":["
		"{\"names\":[\"a\"],\"action\":\"SCMP_ACT_ALLOW\"},"
		"{\"names\":[\"b\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
		"\"value\":8,\"valueTwo\":0,\"op\":\"SCMP_CMP_EQ\"}]},"
		"{\"names\":[\"admin\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":1}]}",
		0, NULL);
	assert_true(json_equal(resolved, wanted));
	json_decref(resolved);
	json_decref(wanted);
	json_decref(profile);
}

static void refuses_what_it_does_not_understand(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{"{}", "\"defaultAction\""},
		{"[]", "\"defaultAction\""},
		{"{\"defaultAction\":\"SCMP_ACT_ERRNO\"}", "\"syscalls\""},
		{"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"action\":\"A\"}]}",
		 "syscalls[0] has no list \"names\""},
		{"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[]}]}",
		 "syscalls[0] has no \"action\""},
		{"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[],"
		 "\"action\":\"A\",\"includes\":{\"moon\":\"full\"}}]}",
		 "syscalls[0].includes has \"moon\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		json_t *profile = json_loads(cases[i].text, 0, NULL);
		struct error err;

		assert_null(dockerprofile_resolve(profile, &rows[0].target, "p.json", &err));
		assert_int_equal(err.status, EXIT_USAGE);
		assert_non_null(strstr(err.text, "p.json"));
		assert_non_null(strstr(err.text, cases[i].message));
		json_decref(profile);
	}
}

/* What the list says of a call is all that is said of it; other calls keep their rules. */
static void lets_other_rules_take_the_place(void **state)
{
	static const char rules[] = "[{\"names\":[\"b\",\"d\"],\"action\":\"SCMP_ACT_ALLOW\"},"
				    "{\"names\":[\"d\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{"
				    "\"field\":\"flags\"}]}]";
	json_t *seccomp = json_loads(
		"{\"syscalls\":[{\"names\":[\"a\",\"b\",\"c\"],\"action\":\"SCMP_ACT_ALLOW\"},"
		"{\"names\":[\"b\"],\"action\":\"SCMP_ACT_ERRNO\"}]}",
		0, NULL);
	json_t *wanted =
		json_loads("{\"syscalls\":[{\"names\":[\"a\",\"c\"],\"action\":\"SCMP_ACT_ALLOW\"},"
			   "{\"names\":[\"b\",\"d\"],\"action\":\"SCMP_ACT_ALLOW\"},"
			   "{\"names\":[\"d\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{\"field\":"
			   "\"flags\"}]}]}",
			   0, NULL);
	struct error err;

	(void)state;
	assert_int_equal(dockerprofile_override(seccomp, "[{\"names\":[\"a\"]}]", &err), -1);
	assert_non_null(strstr(err.text, "has no \"action\""));
	assert_int_equal(dockerprofile_override(seccomp, "[", &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	assert_int_equal(dockerprofile_override(seccomp, rules, &err), 0);
	assert_true(json_equal(seccomp, wanted));
	json_decref(seccomp);
	json_decref(wanted);
}

/* Which numbers syscall-denied takes for allowed must be what libseccomp makes of the rules. */
static void knows_the_allowed_numbers(void **state)
{
	json_t *seccomp = json_loads(
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
		"{\"names\":[\"read\",\"setns\",\"socket\",\"fchmodat2\",\"no_such_call\"],"
		"\"action\":\"SCMP_ACT_ALLOW\"},"
		"{\"names\":[\"personality\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0}"
		"]},"
		"{\"names\":[\"setns\",\"acct\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":1},"
		"{\"names\":[\"acct\"],\"action\":\"SCMP_ACT_ALLOW\"}]}",
		0, NULL);
	bool allowed[CALLS_MAX], conditional[CALLS_MAX];

	(void)state;
	calls_allowed(seccomp, ENTRY_X86_64, allowed);
	assert_true(allowed[0]);    /* read */
	assert_true(allowed[308]);  /* setns: the first unconditional rule decides */
	assert_true(allowed[41]);   /* socket */
	assert_true(allowed[452]);  /* fchmodat2: newer than Linux 6.1 */
	assert_false(allowed[135]); /* personality: depends on the argument */
	assert_false(allowed[163]); /* acct */
	assert_false(allowed[1]);   /* write: the default */
	calls_conditional(seccomp, ENTRY_X86_64, conditional);
	assert_true(conditional[135]);
	assert_false(conditional[163]);
	assert_false(conditional[0]);
	calls_allowed(seccomp, ENTRY_I386, allowed);
	assert_true(allowed[3]);   /* read */
	assert_true(allowed[359]); /* socket, which libseccomp puts under socketcall */
	assert_false(allowed[51]); /* acct */
	json_decref(seccomp);
}

static void never_makes_a_call_that_does_harm(void **state)
{
	static const char *const not_made[] = {"fork", "vfork", "pause", "sigsuspend", "sync"};
	unsigned long arguments[6];
	const char *reason;

	(void)state;
	for (size_t i = 0; i < sizeof(not_made) / sizeof(*not_made); i++) {
		assert_false(calls_arguments(not_made[i], arguments, &reason));
		assert_non_null(reason);
	}
	assert_true(calls_arguments("swapon", arguments, &reason));
	assert_int_equal(arguments[5], ~0ul);
	assert_true(calls_arguments(NULL, arguments, &reason));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_the_rules_that_apply),
		cmocka_unit_test(writes_the_oci_form_only),
		cmocka_unit_test(refuses_what_it_does_not_understand),
		cmocka_unit_test(lets_other_rules_take_the_place),
		cmocka_unit_test(knows_the_allowed_numbers),
		cmocka_unit_test(never_makes_a_call_that_does_harm),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
