// SPDX-License-Identifier: GPL-2.0
#include "tests/operator/recorded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/cleanup.h"
#include "operator/trace_profile.h"
#include "tests/operator/fake.h"

struct recording recording;
struct policy policy;
struct error err;

static void *blob;

int begin(void **state)
{
	(void)state;
	fake_begin("3\n");
	recording = (struct recording){.runs = 1};
	blob = NULL;
	return 0;
}

int end(void **state)
{
	(void)state;
	recording_free(&recording);
	free(blob);
	fake_end();
	return 0;
}

void calls(long number, uint64_t first, uint64_t second, uint64_t third)
{
	const struct recorded_call call = {
		.number = number, .values = {first, second, third}, .count = 1};

	assert_int_equal(recording_add_call(&recording, &call, &err), 0);
}

void uses(const char *path, unsigned int access)
{
	assert_int_equal(recording_add_file(&recording, path, strlen(path), access, &err), 0);
}

void fact(enum trace_fact_kind kind, unsigned int first, unsigned int second)
{
	const struct recorded_fact new = {.kind = kind, .first = first, .second = second};

	assert_int_equal(recording_add_fact(&recording, &new, &err), 0);
}

/* Compiles the profile, as it is written to files. */
void make_policy(void)
{
	autofree char *apparmor = NULL, *json = NULL;
	json_t *seccomp;
	size_t size;

	recording_settle(&recording);
	seccomp = trace_seccomp(&recording, &err);
	apparmor = trace_apparmor(&recording, "test", &err);
	assert_non_null(seccomp);
	assert_non_null(apparmor);
	free(blob);
	blob = NULL;
	if (trace_compile(&recording, seccomp, apparmor, &blob, &size, &err))
		fail_msg("%s\n%s", err.text, apparmor);
	json_decref(seccomp);
	assert_int_equal(blob_parse("blob", blob, size, &policy, &err), 0);
}

bool may_call(unsigned int number, uint64_t first, uint64_t second, uint64_t third)
{
	const __u64 arguments[6] = {first, second, third};
	const __u32 verdict = policy_decide(&policy.tables[POLICY_TABLE_X86_64], number, arguments);

	return POLICY_VERDICT_ACTION(verdict) == POLICY_ALLOW;
}

bool may_use(const char *path, unsigned int permissions)
{
	const struct policy_accept *accept;
	unsigned int allowed;
	__u32 state = 0;

	for (; *path; path++)
		state = files_step(&policy.files, state, (unsigned char)*path);
	accept = &policy.files.accept[files_le32(policy.files.end[state])];
	allowed = files_le16(accept->allowed[POLICY_OTHERS]) &
		  ~files_le16(accept->denied[POLICY_OTHERS]);
	return (allowed & permissions) == permissions;
}
