// SPDX-License-Identifier: GPL-2.0
/*
 * Makes a policy of file and access rules from lines on stdin, for tests. A line is one of
 *
 *	allow|deny|audit|allow-owner|deny-owner|audit-owner PERMISSIONS PATTERN
 *	complain
 *	access [signal] [ptrace] [FAMILY:TYPES...]	types are bits, all numbers in C's notation
 *
 * `audit` allows, and tells. Usage: file-policy OUTPUT
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder/model.h"

static void stop(const char *what, const char *which)
{
	fprintf(stderr, "file-policy: %s: %s\n", what, which);
	exit(2);
}

static unsigned int permissions_of(const char *letters)
{
	static const char all[] = "rwaxmlk";
	unsigned int permissions = 0;

	for (; *letters; letters++) {
		const char *found = strchr(all, *letters);

		if (!found)
			stop("no such permission", letters);
		permissions |= 1u << (found - all);
	}
	if (permissions & POLICY_FILE_WRITE)
		permissions |= POLICY_FILE_APPEND;
	return permissions;
}

static void add_rule(struct profile *profile, const char *kind, unsigned int line)
{
	char *letters = strtok(NULL, " "), *pattern = strtok(NULL, "\n");
	char text[4200], source[32];
	struct file_rule rule = {.pattern = pattern, .text = text, .source = source};

	if (!letters || !pattern)
		stop("permissions and a pattern are missing", kind);
	rule.permissions = permissions_of(letters);
	rule.deny = !strncmp(kind, "deny", 4);
	rule.audit = !strncmp(kind, "audit", 5);
	rule.owner = strstr(kind, "-owner");
	snprintf(text, sizeof(text), "%s %s %s", kind, letters, pattern);
	snprintf(source, sizeof(source), "line %u", line);
	profile->restricts_files = true;
	if (file_rules_add(&profile->files, &rule))
		stop("no memory", kind);
}

static void add_access(struct profile *profile)
{
	char *word, *types;

	profile->restricts_access = true;
	while ((word = strtok(NULL, " \n"))) {
		unsigned long family = strtoul(word, &types, 0);

		if (!strcmp(word, "signal"))
			profile->access |= POLICY_ACCESS_SIGNAL;
		else if (!strcmp(word, "ptrace"))
			profile->access |= POLICY_ACCESS_PTRACE;
		else if (*types == ':' && family < POLICY_FAMILIES)
			profile->socket_types[family] = strtoul(types + 1, NULL, 0);
		else
			stop("neither signal nor ptrace nor a family", word);
	}
}

static void read_line(struct profile *profile, char *line, unsigned int number)
{
	const char *kind = strtok(line, " \n");

	if (!kind)
		return;
	if (!strcmp(kind, "complain"))
		profile->restricts_files = profile->files.complain = true;
	else if (!strcmp(kind, "access"))
		add_access(profile);
	else
		add_rule(profile, kind, number);
}

static void write_blob(const struct profile *profile, const char *name)
{
	struct error err = {0};
	FILE *output = fopen(name, "w");
	void *blob;
	size_t size;

	if (!output)
		stop(strerror(errno), name);
	if (profile_emit(profile, &blob, &size, &err)) {
		error_report(&err, "file-policy");
		exit(2);
	}
	if (fwrite(blob, 1, size, output) != size || fclose(output))
		stop("cannot write", name);
	free(blob);
}

int main(int argc, char **argv)
{
	struct profile *profile = profile_new();
	char line[4200];
	unsigned int number = 0;

	if (argc != 2 || !profile)
		stop("usage", "file-policy OUTPUT <RULES");
	while (fgets(line, sizeof(line), stdin))
		read_line(profile, line, ++number);
	write_blob(profile, argv[1]);
	profile_free(profile);
	return 0;
}
