// SPDX-License-Identifier: GPL-2.0
#include "tests/builder/made.h"

#include <endian.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

int made_of(const struct sources *sources, uint64_t allowed, struct made *made, struct error *err)
{
	const struct sources_context context = {
		.capabilities = allowed, .kernel = "6.12", .lenient = true};
	struct profile *profile = profile_new();
	int ret;

	assert_non_null(profile);
	profile_set_capabilities(profile, allowed);
	ret = sources_add(sources, &context, profile, &made->said, err);
	if (!ret)
		ret = profile_emit(profile, &made->blob, &made->size, err);
	if (!ret)
		ret = blob_parse("the policy", made->blob, made->size, &made->policy, err);
	profile_free(profile);
	return ret;
}

int made_try(const struct text *texts, size_t count, uint64_t allowed, struct made *made,
	     struct error *err)
{
	struct sources sources = {0};
	int ret = 0;

	*made = (struct made){0};
	for (size_t i = 0; i < count && !ret; i++)
		ret = sources_read_bytes(&sources, texts[i].name, texts[i].text,
					 strlen(texts[i].text), SOURCE_UNKNOWN, err);
	if (!ret)
		ret = made_of(&sources, allowed, made, err);
	sources_free(&sources);
	return ret;
}

void made_must(const struct text *texts, size_t count, uint64_t allowed, struct made *made)
{
	struct error err;

	if (made_try(texts, count, allowed, made, &err))
		fail_msg("%s", err.text);
}

void made_refuses(const struct text *texts, size_t count, const char *message)
{
	struct made made;
	struct error err;

	assert_int_equal(made_try(texts, count, CAPABILITIES_ALL, &made, &err), -1);
	free(made.blob);
	assert_string_equal(err.text, message);
	assert_int_equal(err.status, EXIT_USAGE);
}

unsigned int made_may(const struct policy *policy, const char *path, enum policy_subject subject)
{
	const struct policy_accept *accept = files_match(&policy->files, path, strlen(path));

	return le16toh(accept->allowed[subject]) & ~le16toh(accept->denied[subject]);
}
