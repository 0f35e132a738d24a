// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "builder/apparmor.h"

struct keyword {
	const char *name;
	int (*read)(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		    const struct aa_token *rule);
	const char *refused; /* why there is no read */
};

#define NO_MEANING "has no meaning in a policy; "

static const struct keyword keywords[] = {
	{.name = "all", .read = aa_all_rule},
	{.name = "capability", .read = aa_capability_rule},
	{.name = "dbus", .read = aa_dbus_rule},
	{.name = "mount", .read = aa_mount_rule},
	{.name = "network", .read = aa_network_rule},
	{.name = "pivot_root", .read = aa_mount_rule},
	{.name = "ptrace", .read = aa_ptrace_rule},
	{.name = "remount", .read = aa_mount_rule},
	{.name = "signal", .read = aa_signal_rule},
	{.name = "umount", .read = aa_mount_rule},
	{.name = "unix", .read = aa_unix_rule},
	{.name = "unmount", .read = aa_mount_rule},

	{.name = "alias", .refused = "rules are not read; write the rules for both paths"},
	{.name = "change_profile",
	 .refused = NO_MEANING "a container stays under its policy: leave the rule out"},
	{.name = "else", .refused = "is not read; write the rules that are meant"},
	{.name = "hat",
	 .refused = "subprofiles are not read; a container has one profile for all "
		    "its programs"},
	{.name = "if", .refused = "is not read; write the rules that are meant"},
	{.name = "io_uring",
	 .refused = "rules are not read; an operation of a ring is refused "
		    "where the system call that does the same is"},
	{.name = "link",
	 .refused = "rules with a target are not read; write \"/path l,\" for the "
		    "new name"},
	{.name = "mqueue", .refused = "rules are not read; refuse mq_open by a seccomp profile"},
	{.name = "profile",
	 .refused = "inside a profile is not read; a container has one profile for all its "
		    "programs"},
	{.name = "priority", .refused = "is not read; deny goes before allow"},
	{.name = "prompt", .refused = NO_MEANING "write allow or deny"},
	{.name = "rlimit", .refused = "is set by the container engine"},
	{.name = "safe", .refused = NO_MEANING "it is about other profiles; write \"ix\""},
	{.name = "set", .refused = "rlimit rules are not read; the container engine sets limits"},
	{.name = "unsafe", .refused = NO_MEANING "it is about other profiles; write \"ix\""},
	{.name = "userns",
	 .refused = "rules are not read; refuse user namespaces by a seccomp "
		    "profile"},
};

static const struct keyword *find_keyword(const struct aa_token *token)
{
	if (token->kind != AA_WORD)
		return NULL;
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (aa_is(token, keywords[i].name))
			return &keywords[i];
	return NULL;
}

static int add_item(struct aa_reader *reader, struct aa_item items[AA_ITEMS_MAX], size_t *count,
		    const struct aa_item *item)
{
	if (*count == AA_ITEMS_MAX)
		return aa_refuse(reader, &item->value, "the rule has more than %d parts",
				 AA_ITEMS_MAX);
	items[(*count)++] = *item;
	return 0;
}

/* A word, path or quoted text goes to *text, and the token behind it is read. */
static int take_text(struct aa_reader *reader, struct aa_token *text, const char *what)
{
	aa_take_braces(reader);
	if (!aa_is_text(&reader->token))
		return aa_expected(reader, what);
	*text = reader->token;
	return aa_advance(reader);
}

/* What stands in parentheses, from the opening one on: values and inner=value. */
static int read_list(struct aa_reader *reader, struct aa_item items[AA_ITEMS_MAX], size_t *count,
		     const struct aa_token *key)
{
	if (aa_advance(reader))
		return -1;
	do {
		struct aa_item item = {.key = *key, .listed = true};

		if (take_text(reader, &item.value, "a value"))
			return -1;
		if (reader->token.kind == AA_EQUAL) {
			item.inner = item.value;
			if (aa_advance(reader) || take_text(reader, &item.value, "a value"))
				return -1;
		}
		if (add_item(reader, items, count, &item) ||
		    (reader->token.kind == AA_COMMA && aa_advance(reader)))
			return -1;
	} while (reader->token.kind != AA_PARENTHESIS_END);
	return aa_advance(reader);
}

/* A value alone, key=value or key=(...). */
static int read_part(struct aa_reader *reader, struct aa_item items[AA_ITEMS_MAX], size_t *count)
{
	struct aa_item item = {0};

	if (take_text(reader, &item.value, "a comma"))
		return -1;
	if (reader->token.kind != AA_EQUAL)
		return add_item(reader, items, count, &item);
	item.key = item.value;
	if (aa_advance(reader))
		return -1;
	if (reader->token.kind == AA_PARENTHESIS)
		return read_list(reader, items, count, &item.key);
	if (take_text(reader, &item.value, "a value"))
		return -1;
	return add_item(reader, items, count, &item);
}

int aa_items(struct aa_reader *reader, struct aa_item items[AA_ITEMS_MAX], size_t *count)
{
	const struct aa_token none = {0};

	*count = 0;
	while (reader->token.kind != AA_COMMA) {
		int ret = 0;

		if (reader->token.kind == AA_PARENTHESIS) {
			ret = read_list(reader, items, count, &none);
		} else if (reader->token.kind == AA_ARROW) {
			ret = add_item(reader, items, count,
				       &(struct aa_item){.value = reader->token}) ||
			      aa_advance(reader);
		} else {
			ret = read_part(reader, items, count);
		}
		if (ret)
			return -1;
	}
	return aa_advance(reader);
}

/* Takes a word if it is there. */
static int take_word(struct aa_reader *reader, const char *word, bool *taken)
{
	*taken = reader->token.kind == AA_WORD && aa_is(&reader->token, word);
	return *taken ? aa_advance(reader) : 0;
}

/* audit, allow or deny, owner: in this order, as in AppArmor. */
static int read_qualifiers(struct aa_reader *reader, struct aa_qualifiers *qualifiers)
{
	bool audit, allow, deny, owner;

	if (take_word(reader, "audit", &audit) || take_word(reader, "allow", &allow) ||
	    take_word(reader, "deny", &deny) || take_word(reader, "owner", &owner))
		return -1;
	qualifiers->audit |= audit;
	qualifiers->deny |= deny;
	qualifiers->owner |= owner;
	return 0;
}

static int keyword_rule(struct aa_reader *reader, const struct keyword *keyword,
			const struct aa_qualifiers *qualifiers)
{
	const struct aa_token rule = reader->token;

	if (!keyword->read)
		return aa_refuse(reader, &rule, "\"%s\" %s", keyword->name, keyword->refused);
	if (qualifiers->owner)
		return aa_refuse(reader, &rule, "\"owner\" is for file rules, not for %s",
				 keyword->name);
	if (qualifiers->audit && !qualifiers->deny)
		return aa_refuse(reader, &rule,
				 "\"audit\" is for file rules: that %s was allowed is not told",
				 keyword->name);
	if (aa_advance(reader))
		return -1;
	return keyword->read(reader, qualifiers, &rule);
}

/* A word that begins a rule and is no keyword: a subprofile, a relative path, or permissions. */
static int word_rule(struct aa_reader *reader, const struct aa_qualifiers *qualifiers)
{
	const struct aa_token rule = reader->token;
	bool file;

	if (*rule.start == '^')
		return aa_refuse(reader, &rule,
				 "subprofiles are not read; a container has one profile for all "
				 "its programs");
	if (*rule.start == '$')
		return aa_refuse(reader, &rule,
				 "conditions are not read; write the rules that "
				 "are meant");
	if (memchr(rule.start, '/', rule.size) || memchr(rule.start, '*', rule.size))
		return aa_refuse(reader, &rule,
				 "the path \"%.*s\" is relative; a path begins with / or with a "
				 "variable",
				 rule.size > 64 ? 64 : (int)rule.size, rule.start);
	if (take_word(reader, "file", &file))
		return -1;
	if (!file && !aa_path_follows(reader))
		return aa_refuse(reader, &rule, "\"%.*s\" begins no rule that there is",
				 rule.size > 64 ? 64 : (int)rule.size, rule.start);
	if (file && reader->token.kind == AA_COMMA)
		return aa_bare_file_rule(reader, qualifiers, &rule);
	return aa_file_rule(reader, qualifiers);
}

static int read_block(struct aa_reader *reader, const struct aa_qualifiers *qualifiers,
		      const struct aa_qualifiers *outer)
{
	const struct aa_token open = reader->token;

	if (qualifiers->audit == outer->audit && qualifiers->deny == outer->deny &&
	    qualifiers->owner == outer->owner)
		return aa_refuse(reader, &open, "'{' stands where a rule should be");
	if (qualifiers->deny)
		return aa_refuse(reader, &open, "\"deny\" cannot stand before a block of rules");
	if (aa_advance(reader) || aa_read_rules(reader, qualifiers))
		return -1;
	if (reader->token.kind != AA_CLOSE)
		return aa_refuse(reader, &open, "no '}' ends the block that begins here");
	return aa_advance(reader);
}

static int read_included(struct aa_reader *reader, void *context)
{
	if (aa_read_rules(reader, context))
		return -1;
	if (reader->token.kind == AA_CLOSE)
		return aa_refuse(reader, &reader->token, "'}' without a '{' in this file");
	return 0;
}

/* abi <file>, names the kernel's features of the time; what it says is not asked for. */
static int skip_abi(struct aa_reader *reader)
{
	if (aa_advance(reader))
		return -1;
	if (reader->token.kind != AA_ANGLE && reader->token.kind != AA_QUOTED)
		return aa_expected(reader, "<file> or \"file\"");
	return aa_advance(reader) || aa_end_of_rule(reader) ? -1 : 0;
}

#define FILES_ALONE "only file rules may stand here; others belong into an AppArmor profile"

static int read_rule(struct aa_reader *reader, const struct aa_qualifiers *outer)
{
	struct aa_qualifiers qualifiers = *outer;
	const struct keyword *keyword;

	if (aa_at_include(reader) && reader->files_alone)
		return aa_refuse(reader, &reader->token, FILES_ALONE);
	if (aa_at_include(reader))
		return aa_include(reader, read_included, (void *)outer);
	if (reader->token.kind == AA_WORD && aa_is(&reader->token, "abi"))
		return skip_abi(reader);
	if (aa_at_assignment(reader))
		return aa_refuse(reader, &reader->token,
				 "a variable is set inside the profile; set it before");
	qualifiers.start = reader->token;
	if (read_qualifiers(reader, &qualifiers))
		return -1;
	keyword = find_keyword(&reader->token);
	if (keyword && reader->files_alone)
		return aa_refuse(reader, &reader->token, FILES_ALONE);
	if (keyword)
		return keyword_rule(reader, keyword, &qualifiers);
	switch (reader->token.kind) {
	case AA_OPEN:
		return read_block(reader, &qualifiers, outer);
	case AA_WORD:
		return word_rule(reader, &qualifiers);
	case AA_PATH:
	case AA_QUOTED:
		return aa_file_rule(reader, &qualifiers);
	default:
		return aa_expected(reader, "a rule");
	}
}

int aa_read_rules(struct aa_reader *reader, const struct aa_qualifiers *outer)
{
	while (reader->token.kind != AA_CLOSE && reader->token.kind != AA_END)
		if (read_rule(reader, outer))
			return -1;
	return 0;
}
