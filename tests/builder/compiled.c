// SPDX-License-Identifier: GPL-2.0
#include "tests/builder/compiled.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

void compiled_add(struct profile *profile, const struct file_rule *rule)
{
	struct file_rule copy = *rule;

	if (!copy.text)
		copy.text = copy.pattern;
	if (!copy.source)
		copy.source = "test:1:1";
	profile->restricts_files = true;
	assert_int_equal(file_rules_add(&profile->files, &copy), 0);
}

struct compiled compiled_make(struct profile *profile)
{
	struct compiled compiled = {.profile = profile};
	struct error err;

	if (profile_emit(profile, &compiled.blob, &compiled.size, &err))
		fail_msg("%s", err.text);
	assert_int_equal(blob_parse("test", compiled.blob, compiled.size, &compiled.policy, &err),
			 0);
	return compiled;
}

void compiled_free(struct compiled *compiled)
{
	profile_free(compiled->profile);
	free(compiled->blob);
}

const struct policy_accept *compiled_ask(const struct compiled *compiled, const char *path)
{
	return files_match(&compiled->policy.files, path, strlen(path));
}
