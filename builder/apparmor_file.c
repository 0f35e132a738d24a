// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder/apparmor.h"
#include "lib/cleanup.h"

/* A file rule as it stands. */
struct written {
	const struct aa_qualifiers *qualifiers;
	struct aa_token path, permissions;
	bool permissions_first;
	unsigned int bits; /* POLICY_FILE_* */
};

static const struct {
	char letter;
	unsigned int bits;
} letters[] = {
	{.letter = 'r', .bits = POLICY_FILE_READ},
	{.letter = 'w', .bits = POLICY_FILE_WRITE | POLICY_FILE_APPEND},
	{.letter = 'a', .bits = POLICY_FILE_APPEND},
	{.letter = 'm', .bits = POLICY_FILE_MAP},
	{.letter = 'l', .bits = POLICY_FILE_LINK},
	{.letter = 'k', .bits = POLICY_FILE_LOCK},
};

static unsigned int letter_bits(char letter)
{
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (letters[i].letter == letter)
			return letters[i].bits;
	return 0;
}

/* How many letters at text ask for another profile: px, Cx, pix, CUx, ... */
static size_t transition(const char *text, size_t size)
{
	size_t at = 0;

	if (!size || !strchr("pPcCuU", text[0]))
		return 0;
	at++;
	if (at < size && strchr("iuU", text[at]))
		at++;
	return at < size && tolower(text[at]) == 'x' ? at + 1 : 0;
}

/* The exec mode at offset: sets *length to its letters and adds the permission. */
static int read_exec(struct aa_reader *reader, struct written *written, size_t offset,
		     size_t *length)
{
	const struct aa_token *token = &written->permissions;
	const char *at = token->start + offset;
	const size_t rest = token->size - offset;
	const size_t other = transition(at, rest);

	if (other)
		return aa_refuse_at(reader, token, offset,
				    "%.*s runs a program under another profile or none, which "
				    "does not happen in a container: write \"ix\"",
				    (int)other, at);
	*length = *at == 'i' ? 2 : 1;
	if (*at == 'i' && (rest < 2 || at[1] != 'x'))
		return aa_refuse_at(reader, token, offset, "'i' must be followed by 'x'");
	if (*at == 'x' && !written->qualifiers->deny)
		return aa_refuse_at(reader, token, offset,
				    "'x' alone is for deny rules: write \"ix\"");
	if (*at == 'i' && written->qualifiers->deny)
		return aa_refuse_at(reader, token, offset,
				    "deny rules have 'x' alone: leave the 'i' out");
	written->bits |= POLICY_FILE_EXECUTE;
	/* As apparmor_parser has it: ix implies m. */
	if (*at == 'i')
		written->bits |= POLICY_FILE_MAP;
	return 0;
}

static int read_letter(struct aa_reader *reader, struct written *written, size_t offset,
		       size_t *length)
{
	const struct aa_token *token = &written->permissions;
	const char letter = token->start[offset];
	const unsigned int bits = letter_bits(letter);

	*length = 1;
	if (strchr("ixpPcCuU", letter))
		return read_exec(reader, written, offset, length);
	if (!bits && letter_bits(tolower(letter)))
		return aa_refuse_at(reader, token, offset, "permission '%c' is written '%c'",
				    letter, tolower(letter));
	if (!bits)
		return aa_refuse_at(reader, token, offset,
				    "unknown permission '%c'; there are r, w, a, m, k, l, ix, and "
				    "x in deny rules",
				    letter);
	if ((letter == 'a' && written->bits & POLICY_FILE_WRITE) ||
	    (letter == 'w' &&
	     (written->bits & (POLICY_FILE_WRITE | POLICY_FILE_APPEND)) == POLICY_FILE_APPEND))
		return aa_refuse_at(reader, token, offset,
				    "'a' and 'w' exclude each other; 'w' is appending too");
	written->bits |= bits;
	return 0;
}

static int read_permissions(struct aa_reader *reader, struct written *written)
{
	size_t length;

	written->permissions = reader->token;
	if (reader->token.kind != AA_WORD)
		return aa_expected(reader, "permissions");
	for (size_t offset = 0; offset < written->permissions.size; offset += length)
		if (read_letter(reader, written, offset, &length))
			return -1;
	return aa_advance(reader);
}

static int read_path(struct aa_reader *reader, struct written *written)
{
	const struct aa_token *token = &reader->token;

	if (token->kind != AA_PATH && token->kind != AA_QUOTED)
		return aa_expected(reader, "a path");
	if (!token->size ||
	    (*token->start != '/' && (token->size < 2 || memcmp(token->start, "@{", 2))))
		return aa_refuse(reader, token,
				 "the path \"%.*s\" is relative; a path begins with / or with a "
				 "variable",
				 token->size > 64 ? 64 : (int)token->size, token->start);
	written->path = *token;
	return aa_advance(reader);
}

static char *rule_text(const struct written *written)
{
	const struct aa_qualifiers *qualifiers = written->qualifiers;
	const struct aa_token *first = &written->path, *second = &written->permissions;
	const char *quote;
	char *text;

	if (written->permissions_first) {
		first = &written->permissions;
		second = &written->path;
	}
	quote = written->path.kind == AA_QUOTED ? "\"" : "";
	if (asprintf(&text, "%s%s%s%s%.*s%s%s%s%.*s%s", qualifiers->audit ? "audit " : "",
		     qualifiers->deny ? "deny " : "", qualifiers->owner ? "owner " : "",
		     first == &written->path ? quote : "", (int)first->size, first->start,
		     first == &written->path ? quote : "", second->size ? " " : "",
		     second == &written->path ? quote : "", (int)second->size, second->start,
		     second == &written->path ? quote : "") < 0)
		return NULL;
	/* The log's lines are a line each. */
	for (char *at = text; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
	return text;
}

static int check_pattern(struct aa_reader *reader, const struct aa_token *path, const char *pattern)
{
	struct error fault = {0};
	size_t at = 0;

	if (!file_pattern_check(pattern, &at, &fault))
		return 0;
	if (!aa_has_variables(path))
		return aa_refuse_at(reader, path, at, "%s", fault.text);
	return aa_refuse(reader, path, "with its variables replaced (\"%.200s\"): %s", pattern,
			 fault.text);
}

static int add_pattern(struct aa_reader *reader, const struct written *written, char *pattern,
		       char *text, char *source)
{
	const struct aa_qualifiers *qualifiers = written->qualifiers;
	const struct file_rule rule = {
		.pattern = pattern,
		.permissions = written->bits,
		.deny = qualifiers->deny,
		.owner = qualifiers->owner,
		.audit = qualifiers->audit || (reader->audits && !qualifiers->deny),
		.text = text,
		.source = source,
	};

	if (check_pattern(reader, &written->path, pattern))
		return -1;
	reader->expanded += strlen(pattern);
	if (reader->expanded > AA_EXPANDED_MAX)
		return aa_refuse(reader, &written->path,
				 "with the values of their variables the rules so far have more "
				 "than %u bytes",
				 AA_EXPANDED_MAX);
	return file_rules_add(&reader->files, &rule) ? aa_no_memory(reader) : 0;
}

/* The log shows it to the container, whom the host's folders are no concern of. */
static char *rule_source(const struct written *written)
{
	const struct aa_token *start = &written->qualifiers->start;
	const char *name = start->source->name, *slash = strrchr(name, '/');
	const bool included = start->source->text && *name != '/';
	char *source;

	if (slash && slash[1] && !included)
		name = slash + 1;
	return asprintf(&source, "%s:%zu:%zu", name, start->line, start->column) < 0 ? NULL
										     : source;
}

static int add_rule(struct aa_reader *reader, const struct written *written)
{
	autofree char *text = rule_text(written), *source = rule_source(written);
	struct aa_texts patterns = {0};
	int ret;

	if (!text || !source)
		return aa_no_memory(reader);
	ret = aa_expand(reader, &written->path, &patterns);
	for (size_t i = 0; !ret && i < patterns.count; i++)
		ret = add_pattern(reader, written, patterns.texts[i].bytes, text, source);
	aa_free_texts(&patterns);
	return ret;
}

/* `/path r`, `r /path`, behind `file` or not. */
int aa_file_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers)
{
	struct written written = {.qualifiers = qualifiers};
	const struct aa_token first = reader->token;

	written.permissions_first = first.kind == AA_WORD;
	if (written.permissions_first) {
		if (read_permissions(reader, &written) || read_path(reader, &written))
			return -1;
	} else {
		if (read_path(reader, &written))
			return -1;
		if (reader->token.kind == AA_OPEN)
			return aa_refuse(reader, &first,
					 "subprofiles are not read; a container has one profile "
					 "for all its programs");
		if (read_permissions(reader, &written))
			return -1;
	}
	if (reader->token.kind == AA_ARROW)
		return aa_refuse(reader, &reader->token,
				 "\"->\" names another profile or a link's target, which rules "
				 "here do not have: leave it out");
	if (reader->token.kind != AA_COMMA)
		return aa_expected(reader, "a comma");
	return add_rule(reader, &written) ? -1 : aa_advance(reader);
}

/* `file,` */
int aa_bare_file_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		      const struct aa_token *rule)
{
	static char pattern[] = "/{**,}";
	const struct written written = {
		.qualifiers = qualifiers, .path = *rule, .bits = POLICY_FILE_ALL};
	autofree char *text = rule_text(&written), *source = rule_source(&written);

	if (!text || !source)
		return aa_no_memory(reader);
	return add_pattern(reader, &written, pattern, text, source) ? -1 : aa_advance(reader);
}
