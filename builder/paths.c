// SPDX-License-Identifier: GPL-2.0
#include "builder/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"

#define READONLY (POLICY_FILE_WRITE | POLICY_FILE_APPEND | POLICY_FILE_LINK)

/* What an OCI bundle says of a path. */
struct path_rule {
	const char *path;
	const char *letters;
	unsigned int denied; /* POLICY_FILE_* */
	char source[64];
};

static int no_memory(struct error *err)
{
	return error_set(err, EXIT_ENVIRONMENT, "no memory for file rules");
}

int files_take(struct profile *profile, struct file_rules *rules)
{
	const size_t first = profile->opens_files ? 1 : 0;

	for (size_t i = first; i < profile->files.count; i++)
		if (file_rules_add(rules, &profile->files.rules[i]))
			return -1;
	rules->complain = profile->files.complain;
	file_rules_free(&profile->files);
	profile->files = *rules;
	profile->opens_files = false;
	memset(rules, 0, sizeof(*rules));
	return 0;
}

static int open_files(struct profile *profile, const char *source, struct error *err)
{
	const struct file_rule everything = {
		.pattern = (char *)"/{**,}",
		.permissions = POLICY_FILE_ALL,
		.text = (char *)"/** rwlkmix",
		.source = (char *)source,
	};

	if (profile->restricts_files)
		return 0;
	if (file_rules_add(&profile->files, &everything))
		return no_memory(err);
	profile->restricts_files = true;
	profile->opens_files = true;
	return 0;
}

/* path without slashes at its end, with a backslash before each byte that patterns read. */
static char *escaped(const char *path)
{
	size_t size = strlen(path);
	char *text = malloc(4 * size + 1), *to = text;

	if (!text)
		return NULL;
	while (size && path[size - 1] == '/')
		size--;
	for (size_t i = 0; i < size; i++) {
		if (path[i] == '/' && to > text && to[-1] == '/')
			continue;
		if ((unsigned char)path[i] < ' ') {
			to += sprintf(to, "\\%03o", path[i]);
			continue;
		}
		if (strchr("\\*?[]{}^,\"", path[i]))
			*to++ = '\\';
		*to++ = path[i];
	}
	*to = '\0';
	return text;
}

/* The path itself, as a file and as a directory, and all below it. */
static int deny(struct profile *profile, const struct path_rule *rule, struct error *err)
{
	static const char *const ends[] = {"", "/", "/**"};
	autofree char *path = escaped(rule->path);

	if (!path)
		return no_memory(err);
	for (size_t i = *path ? 0 : 1; i < sizeof(ends) / sizeof(ends[0]); i++) {
		autofree char *pattern = NULL, *text = NULL;

		if (asprintf(&pattern, "%s%s", path, ends[i]) < 0 ||
		    asprintf(&text, "deny %s %s", pattern, rule->letters) < 0)
			return no_memory(err);
		if (file_rules_add(&profile->files, &(struct file_rule){
							    .pattern = pattern,
							    .permissions = rule->denied,
							    .deny = true,
							    .text = text,
							    .source = (char *)rule->source,
						    }))
			return no_memory(err);
	}
	return 0;
}

static bool has_dots(const char *path)
{
	for (const char *at = path; (at = strstr(at, "/.")); at++)
		if (at[2] == '/' || !at[2] || (at[2] == '.' && (at[3] == '/' || !at[3])))
			return true;
	return false;
}

static int add(struct profile *profile, const struct path_rule *rule, struct error *err)
{
	if (*rule->path != '/' || has_dots(rule->path))
		return error_set(err, EXIT_USAGE,
				 "%s: \"%s\" is not absolute, or has . or .. in it", rule->source,
				 rule->path);
	if (open_files(profile, rule->source, err))
		return -1;
	return deny(profile, rule, err);
}

int profile_add_masked_path(struct profile *profile, const char *path, struct error *err)
{
	struct path_rule rule = {.path = path, .letters = "rwlkmx", .denied = POLICY_FILE_ALL};

	snprintf(rule.source, sizeof(rule.source), "maskedPaths[%u]", profile->masked_paths++);
	return add(profile, &rule, err);
}

int profile_add_readonly_path(struct profile *profile, const char *path, struct error *err)
{
	struct path_rule rule = {.path = path, .letters = "wl", .denied = READONLY};

	snprintf(rule.source, sizeof(rule.source), "readonlyPaths[%u]", profile->readonly_paths++);
	return add(profile, &rule, err);
}
