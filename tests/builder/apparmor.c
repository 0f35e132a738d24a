// SPDX-License-Identifier: GPL-2.0
#include "tests/builder/apparmor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "lib/cleanup.h"

struct profile *read_apparmor(const char *text, const char *folder, struct error *err)
{
	const struct apparmor_context context = {
		.file = "p",
		.text = text,
		.size = strlen(text),
		.folders = folder ? &folder : NULL,
		.folders_count = folder ? 1 : 0,
	};
	struct profile *profile = profile_new();

	assert_non_null(profile);
	*err = (struct error){0};
	if (!profile_add_apparmor(profile, &context, err))
		return profile;
	profile_free(profile);
	return NULL;
}

struct profile *read_body(const char *body, const char *folder, struct error *err)
{
	autofree char *text = NULL;

	assert_true(asprintf(&text, "profile p {\n%s\n}\n", body) > 0);
	return read_apparmor(text, folder, err);
}

static void say_permissions(FILE *stream, unsigned int permissions)
{
	static const char letters[] = "rwaxmlk";

	for (size_t i = 0; i < sizeof(letters) - 1; i++)
		if (permissions >> i & 1)
			fputc(letters[i], stream);
}

char *say_rules(const struct profile *profile)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	for (size_t i = 0; i < profile->files.count; i++) {
		const struct file_rule *rule = &profile->files.rules[i];

		fprintf(stream, "%s%s%s%s ", rule->deny ? "deny " : "", rule->owner ? "owner " : "",
			rule->audit ? "audit " : "", rule->pattern);
		say_permissions(stream, rule->permissions);
		fprintf(stream, " [%s] %s\n", rule->text, rule->source);
	}
	assert_int_equal(fclose(stream), 0);
	return text;
}
