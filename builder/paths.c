// SPDX-License-Identifier: GPL-2.0
#include "builder/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"

#define DENIED_READONLY (POLICY_FILE_WRITE | POLICY_FILE_APPEND | POLICY_FILE_LINK)

/* Sources and text of the rules made here, by which they are known again in a blob. */
#define MASKED	 "maskedPaths["
#define READONLY "readonlyPaths["
#define DENY	 "deny "

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

int files_open(struct profile *profile, const char *source, struct error *err)
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

static int refuse_together(struct error *err, const char *reason)
{
	return error_set(err, EXIT_USAGE, "file rules: %s", reason);
}

/* from's rules that deny count beside whatever into has. */
static int add_rules(struct profile *into, const struct profile *from, unsigned int set,
		     struct error *err)
{
	for (size_t i = from->opens_files ? 1 : 0; i < from->files.count; i++) {
		struct file_rule rule = from->files.rules[i];

		rule.set += set;
		if (file_rules_add(&into->files, &rule))
			return no_memory(err);
	}
	return 0;
}

static unsigned int sets_of(const struct profile *profile)
{
	return profile->files.sets ? profile->files.sets : 1;
}

static void take_files(struct profile *into, struct profile *from)
{
	into->files = from->files;
	into->files_ready = from->files_ready;
	into->restricts_files = from->restricts_files;
	into->opens_files = from->opens_files;
	from->files = (struct file_rules){0};
	from->files_ready = (struct file_section){0};
}

int files_combine(struct profile *into, struct profile *from, struct error *err)
{
	const unsigned int sets = sets_of(into);

	if (!from->restricts_files)
		return 0;
	if (!into->restricts_files) {
		take_files(into, from);
		return 0;
	}
	if (into->files_ready.bytes || from->files_ready.bytes)
		return refuse_together(err, "those of a policy that is built already cannot be put "
					    "together with others; build both from their profiles");
	if (into->files.complain != from->files.complain)
		return refuse_together(err, "one profile is in complain mode and the other is not; "
					    "a policy refuses or tells, for all of its rules");
	if (into->opens_files && !from->opens_files)
		return files_take(into, &from->files) ? no_memory(err) : 0;
	if (from->opens_files)
		return add_rules(into, from, 0, err);
	if (sets + sets_of(from) > FILE_SETS_MAX)
		return refuse_together(err, "more than 6 profiles have some");
	if (add_rules(into, from, sets, err))
		return -1;
	into->files.sets = sets + sets_of(from);
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
		    asprintf(&text, DENY "%s %s", pattern, rule->letters) < 0)
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
	if (profile->files_ready.bytes)
		return error_set(err, EXIT_USAGE,
				 "%s: a policy that is built already takes no more file rules; "
				 "build it with its profile",
				 rule->source);
	if (files_open(profile, rule->source, err))
		return -1;
	return deny(profile, rule, err);
}

static const char *text_of(const struct files *files, __le32 offset)
{
	return files->text + files_le32(offset);
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

static bool is_path_rule(const struct files *files, const struct policy_file_rule *rule)
{
	const char *source = text_of(files, rule->source);

	/* A profile's rules have a line and a column at the end, whatever its file is called. */
	if (!*source || source[strlen(source) - 1] != ']')
		return false;
	return begins(source, MASKED) || begins(source, READONLY);
}

bool policy_has_apparmor(const struct policy *policy)
{
	const struct files *files = &policy->files;

	if (policy->restricts_access || (files->states && !files->rules))
		return true;
	for (__u32 i = 0; i < files->rules; i++)
		if (!is_path_rule(files, &files->rule[i]))
			return true;
	return false;
}

/* The text is "deny PATTERN LETTERS", as deny() wrote it. */
static int inherit(struct profile *profile, const struct files *files,
		   const struct policy_file_rule *rule, struct error *err)
{
	const char *text = text_of(files, rule->text), *pattern = text + strlen(DENY);
	const char *end = strrchr(text, ' ');
	autofree char *copy = NULL;

	if (!begins(text, DENY) || end < pattern)
		return 0; /* the one that allows everything */
	copy = strndup(pattern, end - pattern);
	if (!copy || files_open(profile, text_of(files, rule->source), err) ||
	    file_rules_add(&profile->files, &(struct file_rule){
						    .pattern = copy,
						    .permissions = files_le16(rule->permissions),
						    .deny = true,
						    .text = (char *)text,
						    .source = (char *)text_of(files, rule->source),
					    }))
		return no_memory(err);
	return 0;
}

int profile_inherit_paths(struct profile *profile, const struct policy *policy, struct error *err)
{
	const struct files *files = &policy->files;

	for (__u32 i = 0; i < files->rules; i++)
		if (is_path_rule(files, &files->rule[i]) &&
		    inherit(profile, files, &files->rule[i], err))
			return -1;
	return 0;
}

int profile_add_masked_path(struct profile *profile, const char *path, struct error *err)
{
	struct path_rule rule = {.path = path, .letters = "rwlkmx", .denied = POLICY_FILE_ALL};

	snprintf(rule.source, sizeof(rule.source), MASKED "%u]", profile->masked_paths++);
	return add(profile, &rule, err);
}

int profile_add_readonly_path(struct profile *profile, const char *path, struct error *err)
{
	struct path_rule rule = {.path = path, .letters = "wl", .denied = DENIED_READONLY};

	snprintf(rule.source, sizeof(rule.source), READONLY "%u]", profile->readonly_paths++);
	return add(profile, &rule, err);
}
