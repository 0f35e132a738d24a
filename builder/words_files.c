// SPDX-License-Identifier: GPL-2.0
#include "builder/words.h"

#include <string.h>

#include "builder/sockets.h"

struct counts {
	unsigned int allow, deny;
};

static const char *text_of(const struct files *files, __le32 offset)
{
	return files->text + files_le32(offset);
}

/* A rule whose variables have several values is several in the blob, one behind the other. */
static bool as_before(const struct files *files, __u32 index)
{
	const struct policy_file_rule *rule = &files->rule[index], *before = rule - 1;

	return index && !strcmp(text_of(files, rule->source), text_of(files, before->source)) &&
	       !strcmp(text_of(files, rule->text), text_of(files, before->text));
}

static struct counts count_rules(const struct files *files)
{
	struct counts counts = {0};

	for (__u32 i = 0; i < files->rules; i++) {
		if (as_before(files, i))
			continue;
		if (files_le16(files->rule[i].flags) & POLICY_FILE_RULE_DENY)
			counts.deny++;
		else
			counts.allow++;
	}
	return counts;
}

static unsigned int set_of(const struct files *files, __u32 index)
{
	return POLICY_FILE_RULE_SET_OF(files_le16(files->rule[index].flags));
}

static unsigned int sets_of(const struct files *files)
{
	unsigned int last = 0;

	for (__u32 i = 0; i < files->rules; i++)
		if (set_of(files, i) > last)
			last = set_of(files, i);
	return last + 1;
}

static void print_files(FILE *stream, const struct files *files)
{
	const struct counts counts = count_rules(files);
	unsigned int set = sets_of(files) > 1 ? POLICY_FILE_RULE_SET : 0;

	if (!files->states) {
		fputs("files: not restricted\n", stream);
		return;
	}
	fprintf(stream, "files, by rules (%u allowing, %u denying); what %s is refused\n",
		counts.allow, counts.deny,
		sets_of(files) > 1 ? "the rules of one profile do not allow" : "no rule allows");
	if (files->flags & POLICY_FILES_COMPLAIN)
		fputs("  complain mode: nothing is refused, what would be is logged\n", stream);
	for (__u32 i = 0; i < files->rules; i++) {
		if (as_before(files, i))
			continue;
		if (set_of(files, i) != set) {
			set = set_of(files, i);
			fprintf(stream, "  profile %u:\n", set + 1);
		}
		fputs("    ", stream);
		print_plain(stream, text_of(files, files->rule[i].text));
		fputs("  (", stream);
		print_plain(stream, text_of(files, files->rule[i].source));
		fputs(")\n", stream);
	}
}

static void print_types(FILE *stream, unsigned int types)
{
	const char *comma = "";

	for (unsigned int type = 1; type < 16; type++) {
		const char *name = socket_type_name(type);

		if (!(types >> type & 1))
			continue;
		if (name)
			fprintf(stream, "%s%s", comma, name);
		else
			fprintf(stream, "%stype %u", comma, type);
		comma = ", ";
	}
	fputc('\n', stream);
}

static bool all_are(const struct policy *policy, unsigned int types)
{
	for (unsigned int i = 0; i < POLICY_FAMILIES; i++)
		if (policy->socket_types[i] != types)
			return false;
	return true;
}

static void print_sockets(FILE *stream, const struct policy *policy)
{
	if (all_are(policy, 0)) {
		fputs("sockets: none may be made\n", stream);
		return;
	}
	if (all_are(policy, POLICY_SOCKET_TYPES)) {
		fputs("sockets: all may be made\n", stream);
		return;
	}
	fputs("sockets that may be made:\n", stream);
	for (unsigned int i = 0; i < POLICY_FAMILIES; i++) {
		const char *name = socket_family_name(i);

		if (!policy->socket_types[i])
			continue;
		if (name)
			fprintf(stream, "    %s: ", name);
		else
			fprintf(stream, "    family %u: ", i);
		print_types(stream, policy->socket_types[i]);
	}
}

static const char *allowed(const struct policy *policy, __u32 access)
{
	return policy->access & access ? "allowed" : "refused";
}

void words_access(FILE *stream, const struct policy *policy)
{
	if (!policy->restricts_access) {
		fputs("sockets, signals, tracing: not restricted\n", stream);
		return;
	}
	print_sockets(stream, policy);
	fputs("the container's tasks among each other:\n", stream);
	fprintf(stream, "    signals %s, tracing %s, looking into %s\n",
		allowed(policy, POLICY_ACCESS_SIGNAL), allowed(policy, POLICY_ACCESS_PTRACE),
		allowed(policy, POLICY_ACCESS_READ));
}

void words_files(FILE *stream, const struct policy *policy)
{
	print_files(stream, &policy->files);
	words_access(stream, policy);
}
