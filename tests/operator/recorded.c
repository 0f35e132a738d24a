// SPDX-License-Identifier: GPL-2.0
#include "tests/operator/recorded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "operator/trace_output.h"
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

/* Compiles the profile as it is written to files. */
void make_policy(void)
{
	struct trace_output output;
	char path[PATH_MAX];
	size_t size;

	recording_settle(&recording);
	free(blob);
	blob = NULL;
	snprintf(path, sizeof(path), "%s", fake_file("profile", ""));
	if (trace_output_parse(&output, path, NULL, &err) ||
	    trace_output_write(&output, &recording, &err) ||
	    trace_output_path(&output, ".yaml", path, &err) ||
	    trace_compile(path, &blob, &size, &err))
		fail_msg("%s", err.text);
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
