// SPDX-License-Identifier: GPL-2.0
#include "builder/apparmor.h"

#include <stdlib.h>
#include <string.h>

#include "builder/combine.h"
#include "builder/paths.h"

/* What stands before the opening brace of a profile. */
struct header {
	struct aa_token name; /* or the path it is attached to */
	bool complain, audits;
};

static const struct {
	const char *name;
	bool complain, audits;
	const char *refused;
} flags[] = {
	{.name = "attach_disconnected"},
	{.name = "audit", .audits = true},
	{.name = "complain", .complain = true},
	{.name = "enforce"},
	{.name = "mediate_deleted"},
	{.name = "namespace_relative"},
	{.name = "no_attach_disconnected"},
	{.name = "chroot_relative",
	 .refused = "paths are those of the container's mount namespace, whatever the program's "
		    "root; leave the flag out"},
	{.name = "chroot_attach", .refused = "is about paths outside a chroot; leave it out"},
	{.name = "chroot_no_attach", .refused = "is about paths outside a chroot; leave it out"},
	{.name = "default_allow", .refused = "is not read; write \"all,\""},
	{.name = "delegate_deleted",
	 .refused = "a deleted file is judged by the path it had; write mediate_deleted"},
	{.name = "hat", .refused = "a container has one profile for all its programs"},
	{.name = "kill", .refused = "a refusal is EACCES; leave the flag out"},
	{.name = "prompt", .refused = "nobody is asked; leave the flag out"},
	{.name = "unconfined", .refused = "a policy that restricts nothing needs no profile"},
};

static int read_flag(struct aa_reader *reader, struct header *header)
{
	const struct aa_token *token = &reader->token;

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (token->kind != AA_WORD || !aa_is(token, flags[i].name))
			continue;
		if (flags[i].refused)
			return aa_refuse(reader, token, "flag %s: %s", flags[i].name,
					 flags[i].refused);
		header->complain |= flags[i].complain;
		header->audits |= flags[i].audits;
		return aa_advance(reader);
	}
	return aa_refuse(reader, token, "unknown flag \"%.*s\"",
			 token->size > 64 ? 64 : (int)token->size, token->start);
}

static int read_flags(struct aa_reader *reader, struct header *header)
{
	if (reader->token.kind != AA_PARENTHESIS)
		return aa_expected(reader, "'('");
	if (aa_advance(reader))
		return -1;
	while (reader->token.kind != AA_PARENTHESIS_END) {
		if (reader->token.kind == AA_END)
			return aa_expected(reader, "a flag");
		if (reader->token.kind == AA_COMMA ? aa_advance(reader) : read_flag(reader, header))
			return -1;
	}
	return aa_advance(reader);
}

/* [profile] NAME [ATTACHMENT] [flags=(...)], up to the brace; an attachment is not asked for. */
static int read_header(struct aa_reader *reader, struct header *header)
{
	if (reader->token.kind == AA_WORD && aa_is(&reader->token, "profile") && aa_advance(reader))
		return -1;
	if (!aa_is_text(&reader->token) || !reader->token.size)
		return aa_expected(reader, "the profile's name");
	if (*reader->token.start == ':' || memchr(reader->token.start, '\n', reader->token.size))
		return aa_refuse(reader, &reader->token,
				 "a profile in a namespace is not read; leave the namespace out");
	header->name = reader->token;
	if (aa_advance(reader))
		return -1;
	if ((reader->token.kind == AA_PATH || reader->token.kind == AA_QUOTED) &&
	    aa_advance(reader))
		return -1;
	if (reader->token.kind == AA_WORD && aa_is(&reader->token, "xattrs"))
		return aa_refuse(
			reader, &reader->token,
			"xattrs are about which programs a profile is for; leave them out");
	if (reader->token.kind == AA_WORD && aa_is(&reader->token, "flags")) {
		if (aa_advance(reader))
			return -1;
		if (reader->token.kind == AA_EQUAL && aa_advance(reader))
			return -1;
	}
	if (reader->token.kind == AA_PARENTHESIS && read_flags(reader, header))
		return -1;
	if (reader->token.kind != AA_OPEN)
		return aa_expected(reader, "'{'");
	return 0;
}

/* Nothing is asked of a profile that is not wanted but where it ends. */
static int skip_body(struct aa_reader *reader)
{
	const struct aa_token open = reader->token;
	unsigned int depth = 0;

	do {
		if (reader->token.kind == AA_OPEN)
			depth++;
		else if (reader->token.kind == AA_CLOSE)
			depth--;
		else if (reader->token.kind == AA_END)
			return aa_refuse(reader, &open, "no '}' ends the profile that begins here");
		if (aa_advance(reader))
			return -1;
	} while (depth);
	return 0;
}

static int read_body(struct aa_reader *reader, const struct header *header)
{
	const struct aa_qualifiers none = {0};
	const struct aa_token open = reader->token;

	reader->header = header->name;
	reader->complain = header->complain;
	reader->audits = header->audits;
	free(reader->name);
	reader->name = strndup(header->name.start, header->name.size);
	if (!reader->name)
		return aa_no_memory(reader);
	/* What tunables included before counts for them alone. */
	aa_free_texts(&reader->included);
	if (aa_advance(reader) || aa_read_rules(reader, &none))
		return -1;
	if (reader->token.kind != AA_CLOSE)
		return aa_refuse(reader, &open, "no '}' ends the profile that begins here");
	return aa_advance(reader);
}

static int read_profile(struct aa_reader *reader)
{
	const char *wanted = reader->context->profile;
	struct header header = {0};

	if (read_header(reader, &header))
		return -1;
	if (wanted && !aa_is(&header.name, wanted)) {
		reader->skipped = header.name;
		return skip_body(reader);
	}
	if (reader->header.kind != AA_END && wanted)
		return aa_refuse(reader, &header.name, "a second profile has the name \"%s\"",
				 wanted);
	if (reader->header.kind != AA_END)
		return aa_refuse(reader, &header.name,
				 "a second profile, \"%.*s\" behind \"%s\"; choose one with "
				 "--apparmor-profile",
				 header.name.size > 64 ? 64 : (int)header.name.size,
				 header.name.start, reader->name);
	return read_body(reader, &header);
}

static int read_file(struct aa_reader *reader, void *context);

/* What may stand outside profiles. */
static int read_statement(struct aa_reader *reader)
{
	const bool behind = reader->header.kind != AA_END || reader->skipped.kind != AA_END;
	const struct aa_token token = reader->token;

	if (aa_at_include(reader))
		return aa_include(reader, read_file, NULL);
	if (aa_at_assignment(reader) && behind)
		return aa_refuse(reader, &token,
				 "variables are set before the first profile, not behind it");
	if (aa_at_assignment(reader))
		return aa_assign(reader);
	if (token.kind == AA_WORD && aa_is(&token, "abi")) {
		if (aa_advance(reader))
			return -1;
		if (reader->token.kind != AA_ANGLE && reader->token.kind != AA_QUOTED)
			return aa_expected(reader, "<file> or \"file\"");
		return aa_advance(reader) || aa_end_of_rule(reader) ? -1 : 0;
	}
	if (token.kind == AA_WORD && aa_is(&token, "alias"))
		return aa_refuse(reader, &token,
				 "\"alias\" rules are not read; write the rules for both paths");
	if (aa_is_text(&token))
		return read_profile(reader);
	return aa_expected(reader, "a profile");
}

static int read_file(struct aa_reader *reader, void *context)
{
	(void)context;
	while (reader->token.kind != AA_END)
		if (read_statement(reader))
			return -1;
	return 0;
}

static int check_found(struct aa_reader *reader)
{
	const struct apparmor_context *context = reader->context;

	if (reader->header.kind != AA_END)
		return 0;
	if (!context->profile)
		return error_set(reader->err, EXIT_USAGE, "%s has no profile", context->file);
	if (reader->skipped.kind == AA_END)
		return error_set(reader->err, EXIT_USAGE, "%s has no profile \"%s\", and no other",
				 context->file, context->profile);
	return error_set(
		reader->err, EXIT_USAGE, "%s has no profile \"%s\"; its last one is \"%.*s\"",
		context->file, context->profile,
		reader->skipped.size > 64 ? 64 : (int)reader->skipped.size, reader->skipped.start);
}

static int apply(struct aa_reader *reader)
{
	struct profile *profile = reader->profile;

	if (aa_apply_access(reader) || aa_apply_mounts(reader))
		return -1;
	if (!reader->complain)
		profile->capabilities &= reader->capabilities & ~reader->denied_capabilities;
	profile->restricts_files = true;
	profile->has_apparmor = true;
	profile->files.complain = reader->complain;
	return files_take(profile, &reader->files) ? aa_no_memory(reader) : 0;
}

void aa_end_reader(struct aa_reader *reader)
{
	while (reader->input)
		aa_close(reader);
	while (reader->sources) {
		struct aa_source *source = reader->sources;

		reader->sources = source->next;
		free(source->name);
		free(source->text);
		free(source);
	}
	while (reader->variables) {
		struct aa_variable *variable = reader->variables;

		reader->variables = variable->next;
		free(variable->name.bytes);
		free(variable->values);
		free(variable);
	}
	aa_free_texts(&reader->included);
	file_rules_free(&reader->files);
	free(reader->name);
}

static int read_into(struct profile *profile, const struct apparmor_context *context,
		     struct error *err)
{
	struct aa_reader reader = {.context = context, .profile = profile, .err = err};
	int ret = -1;

	if (!aa_open_text(&reader, context->file, context->text, context->size) &&
	    !read_file(&reader, NULL) && !check_found(&reader))
		ret = apply(&reader);
	aa_end_reader(&reader);
	return ret;
}

int profile_add_apparmor(struct profile *profile, const struct apparmor_context *context,
			 struct error *err)
{
	struct profile *own = profile_new();
	int ret;

	if (!own)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a profile");
	ret = read_into(own, context, err);
	if (!ret && profile_combine(profile, own, err))
		ret = error_context(err, "%s, and what was there before it", context->file);
	profile_free(own);
	return ret;
}

/* Everything of every kind. */
int aa_all_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		const struct aa_token *rule)
{
	if (qualifiers->deny)
		return aa_refuse(reader, rule,
				 "\"deny all\" leaves nothing to run: an empty "
				 "profile says the same");
	if (reader->token.kind != AA_COMMA)
		return aa_expected(reader, "a comma");
	reader->signal.allowed = reader->ptrace.allowed = ~0u;
	aa_allow_all_sockets(reader->types);
	reader->capabilities = CAPABILITIES_ALL;
	reader->mounts = AA_MOUNT_ALL;
	return aa_bare_file_rule(reader, qualifiers, rule);
}
