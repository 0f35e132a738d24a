// SPDX-License-Identifier: GPL-2.0
#include "tests/builder/compile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/file.h"

uint64_t capabilities(const char *list)
{
	uint64_t set = 0;
	struct error err;

	if (capability_list(list, &set, &err))
		fail_msg("%s", err.text);
	return set;
}

static int emit(const struct seccomp_context *context, const json_t *json, void **blob,
		size_t *size, struct error *err)
{
	struct profile *profile = profile_new();
	int ret;

	assert_non_null(profile);
	profile_set_capabilities(profile, context->capabilities);
	profile_set_log(profile, POLICY_LOG_DENY, 0);
	ret = profile_set_name(profile, context->file, err);
	if (!ret)
		ret = profile_add_seccomp(profile, json, context, err);
	if (!ret)
		ret = profile_emit(profile, blob, size, err);
	profile_free(profile);
	return ret;
}

int compile_as(const struct seccomp_context *context, void **blob, size_t *size, struct error *err)
{
	json_error_t fault;
	json_t *json = json_loads(context->text, JSON_DECODE_ANY, &fault);
	int ret;

	if (!json)
		fail_msg("%s:%d: %s", context->file, fault.line, fault.text);
	ret = emit(context, json, blob, size, err);
	json_decref(json);
	return ret;
}

int compile(const char *file, const char *text, uint64_t allowed, void **blob, size_t *size,
	    struct error *err)
{
	const struct seccomp_context context = {
		.file = file,
		.text = text,
		.capabilities = allowed,
		.kernel = TEST_KERNEL,
	};

	return compile_as(&context, blob, size, err);
}

void compile_case(const char *file, uint64_t allowed, void **blob, struct policy *policy)
{
	autofree char *text = NULL;
	char path[256];
	struct error err;
	size_t size;

	snprintf(path, sizeof(path), CASES "%s", file);
	if (file_read(path, 1 << 20, &text, &size, &err) ||
	    compile(file, text, allowed, blob, &size, &err) ||
	    blob_parse(file, *blob, size, policy, &err))
		fail_msg("%s", err.text);
}
