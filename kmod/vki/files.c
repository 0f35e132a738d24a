// SPDX-License-Identifier: GPL-2.0
/*
 * Reads the file rules of a policy blob. After it has accepted them, no path leads the automaton
 * out of its tables: whatever byte comes, base + class is a transition, and each state that a
 * transition or `otherwise` names exists.
 */
#include "parser.h"

/* The parts of a section, with where they begin, for faults. */
struct parts {
	const struct policy_files *header;
	struct files *files;
	__u32 transitions, matches, text_size;
	__u32 classes; /* how many there are */
};

static size_t offset_of(const struct parser *parser, const void *place)
{
	return (const __u8 *)place - parser->blob.bytes;
}

static int check_header(const struct parser *parser, struct parts *parts, size_t start)
{
	const struct policy_files *header = parts->header;
	size_t i;

	if (le32_to_cpu(header->flags) & ~POLICY_FILES_COMPLAIN)
		return parser_refuse(parser, start, "unknown flag of file rules");
	if (!header->states)
		return parser_refuse(parser, start + offsetof(struct policy_files, states),
				     "automaton has no states");
	if (!header->accepts)
		return parser_refuse(parser, start + offsetof(struct policy_files, accepts),
				     "automaton has no accepts");
	if (le32_to_cpu(header->restricted) & ~POLICY_FILE_ALL)
		return parser_refuse(parser, start + offsetof(struct policy_files, restricted),
				     "unknown permission is restricted");
	for (i = 0; i * sizeof(header->reserved[0]) < sizeof(header->reserved); i++)
		if (header->reserved[i])
			return parser_refuse(parser, offset_of(parser, &header->reserved[i]),
					     "reserved field of file rules is not zero");
	for (i = 0; i < sizeof(header->classes); i++) {
		if (header->classes[i] > parts->classes)
			return parser_refuse(parser, offset_of(parser, &header->classes[i]),
					     "class of bytes leaves one out");
		if (header->classes[i] == parts->classes)
			parts->classes++;
	}
	return 0;
}

/* Takes a part and checks its padding; NULL, with the fault filled, where that fails. */
static const void *take(const struct parser *parser, struct span *left, __u32 count, size_t element)
{
	const size_t start = left->offset;
	const void *taken = parser_take(left, count, element);

	if (!taken) {
		parser_refuse(parser, start, "file rules are longer than their section");
		return NULL;
	}
	if (parser_check_zero(parser, start + count * element, left->offset))
		return NULL;
	return taken;
}

static int take_parts(const struct parser *parser, struct parts *parts, struct span *left)
{
	const struct policy_files *header = parts->header;
	struct files *files = parts->files;

	files->states = le32_to_cpu(header->states);
	files->flags = le32_to_cpu(header->flags);
	files->accepts = le32_to_cpu(header->accepts);
	files->rules = le32_to_cpu(header->rules);
	files->prefixes = le32_to_cpu(header->prefixes);
	files->restricted = le32_to_cpu(header->restricted);
	files->classes = header->classes;
	parts->transitions = le32_to_cpu(header->transitions);
	parts->matches = le32_to_cpu(header->matches);
	parts->text_size = le32_to_cpu(header->text_size);

	files->state = take(parser, left, files->states, sizeof(*files->state));
	if (files->state)
		files->end = take(parser, left, files->states, sizeof(*files->end));
	if (files->end)
		files->transition =
			take(parser, left, parts->transitions, sizeof(*files->transition));
	if (files->transition)
		files->accept = take(parser, left, files->accepts, sizeof(*files->accept));
	if (files->accept)
		files->match = take(parser, left, parts->matches, sizeof(*files->match));
	if (files->match)
		files->rule = take(parser, left, files->rules, sizeof(*files->rule));
	if (files->rule)
		files->prefix = take(parser, left, files->prefixes, sizeof(*files->prefix));
	if (!files->prefix)
		return -EINVAL;
	files->text = (const char *)left->bytes;
	if (parts->text_size > left->size)
		return parser_refuse(parser, left->offset,
				     "file rules are longer than their section");
	if (parts->text_size < left->size)
		return parser_refuse(parser, left->offset + parts->text_size,
				     "file rules are shorter than their section");
	if (parts->text_size && files->text[parts->text_size - 1])
		return parser_refuse(parser, left->offset + parts->text_size - 1,
				     "text of file rules does not end with a zero");
	return 0;
}

/* The transition of any byte from any state is one that is there. */
static int check_states(const struct parser *parser, const struct parts *parts)
{
	const struct files *files = parts->files;
	__u32 i;

	if (parts->transitions < parts->classes)
		return parser_refuse(parser, offset_of(parser, &parts->header->transitions),
				     "automaton has fewer transitions than classes of bytes");
	for (i = 0; i < files->states; i++) {
		const struct policy_state *state = &files->state[i];

		if (le32_to_cpu(state->base) > parts->transitions - parts->classes)
			return parser_refuse(parser, offset_of(parser, &state->base),
					     "state's transitions lie outside the automaton");
		if (le32_to_cpu(state->otherwise) >= files->states)
			return parser_refuse(parser, offset_of(parser, &state->otherwise),
					     "state leads out of the automaton");
	}
	for (i = 0; i < files->states; i++)
		if (le32_to_cpu(files->end[i]) >= files->accepts)
			return parser_refuse(parser, offset_of(parser, &files->end[i]),
					     "state ends in an accept that is not there");
	return 0;
}

static int check_transitions(const struct parser *parser, const struct parts *parts)
{
	const struct files *files = parts->files;
	const struct policy_transition *transition = files->transition;
	__u32 left;

	for (left = parts->transitions; left; left--, transition++) {
		const __u32 state = le32_to_cpu(transition->state);

		if (state >= files->states && state != POLICY_NO_STATE)
			return parser_refuse(parser, offset_of(parser, &transition->state),
					     "transition belongs to a state that is not there");
		if (le32_to_cpu(transition->next) >= files->states)
			return parser_refuse(parser, offset_of(parser, &transition->next),
					     "transition leads out of the automaton");
		if (state == POLICY_NO_STATE && transition->next)
			return parser_refuse(parser, offset_of(parser, &transition->next),
					     "transition of no state leads somewhere");
	}
	return 0;
}

/* Masks of permissions: allowed, denied and audited stand one after the other. */
#define MASKS (3 * POLICY_SUBJECTS)
static_assert(offsetof(struct policy_accept, first_match) == MASKS * sizeof(__le16), "masks");

static int check_accept(const struct parser *parser, const struct parts *parts,
			const struct policy_accept *accept, __u32 next)
{
	const __le16 *mask = accept->allowed;
	size_t i;

	for (i = 0; i < MASKS; i++, mask++) {
		if (le16_to_cpu(*mask) & ~POLICY_FILE_ALL)
			return parser_refuse(parser, offset_of(parser, mask), "unknown permission");
		if (accept == parts->files->accept && *mask)
			return parser_refuse(parser, offset_of(parser, mask),
					     "accept 0 says something");
	}
	if (le32_to_cpu(accept->first_match) != next)
		return parser_refuse(parser, offset_of(parser, &accept->first_match),
				     "accept's matches do not follow the last");
	if (le32_to_cpu(accept->matches) > parts->matches - next)
		return parser_refuse(parser, offset_of(parser, &accept->matches),
				     "accept has more matches than there are");
	return 0;
}

static int check_accepts(const struct parser *parser, const struct parts *parts)
{
	const struct files *files = parts->files;
	__u32 i, next = 0;

	for (i = 0; i < files->accepts; i++) {
		if (check_accept(parser, parts, &files->accept[i], next))
			return -EINVAL;
		next += le32_to_cpu(files->accept[i].matches);
	}
	if (next != parts->matches)
		return parser_refuse(parser, offset_of(parser, &files->match[next]),
				     "match belongs to no accept");
	for (i = 0; i < parts->matches; i++)
		if (le32_to_cpu(files->match[i]) >= files->rules)
			return parser_refuse(parser, offset_of(parser, &files->match[i]),
					     "match names a rule that is not there");
	return 0;
}

static int check_rules(const struct parser *parser, const struct parts *parts)
{
	const struct policy_file_rule *rule = parts->files->rule;
	__u32 left;

	for (left = parts->files->rules; left; left--, rule++) {
		if (le32_to_cpu(rule->text) >= parts->text_size)
			return parser_refuse(parser, offset_of(parser, &rule->text),
					     "rule's text lies outside the text");
		if (le32_to_cpu(rule->source) >= parts->text_size)
			return parser_refuse(parser, offset_of(parser, &rule->source),
					     "rule's source lies outside the text");
		if (le16_to_cpu(rule->permissions) & ~POLICY_FILE_ALL)
			return parser_refuse(parser, offset_of(parser, &rule->permissions),
					     "unknown permission of a rule");
		if (le16_to_cpu(rule->flags) &
		    ~(POLICY_FILE_RULE_DENY | POLICY_FILE_RULE_OWNER | POLICY_FILE_RULE_AUDIT |
		      POLICY_FILE_RULE_SET))
			return parser_refuse(parser, offset_of(parser, &rule->flags),
					     "unknown flag of a rule");
	}
	return 0;
}

static int check_prefix(const struct parser *parser, const char *text, size_t length)
{
	if (*text != '/')
		return parser_refuse(parser, offset_of(parser, text), "prefix is not absolute");
	if (length > 1 && text[length - 1] == '/')
		return parser_refuse(parser, offset_of(parser, text), "prefix ends with a slash");
	if (length > POLICY_PREFIX_MAX)
		return parser_refuse(parser, offset_of(parser, text),
				     "prefix is longer than 4095 bytes");
	return 0;
}

/* Each string is looked at twice at most, because they follow each other without overlapping. */
static int check_prefixes(const struct parser *parser, const struct parts *parts)
{
	const struct files *files = parts->files;
	const char *last = NULL;
	__u32 i, next = 0;

	for (i = 0; i < files->prefixes; i++) {
		const char *text = files->text + next;
		size_t length;

		if (le32_to_cpu(files->prefix[i]) != next || next >= parts->text_size)
			return parser_refuse(parser, offset_of(parser, &files->prefix[i]),
					     "prefix does not follow the last in the text");
		length = strlen(text);
		if (check_prefix(parser, text, length))
			return -EINVAL;
		if (last && strcmp(last, text) >= 0)
			return parser_refuse(parser, offset_of(parser, text),
					     "prefixes are not sorted, or one stands twice");
		last = text;
		next += length + 1;
	}
	return 0;
}

int parser_files(struct parser *parser, const struct span *section)
{
	struct parts parts = {.files = &parser->policy->files};
	struct span left = *section;
	int ret;

	parts.header = parser_take(&left, 1, sizeof(*parts.header));
	if (!parts.header)
		return parser_refuse(parser, section->offset, "file section has a wrong size");
	ret = check_header(parser, &parts, section->offset);
	if (!ret)
		ret = take_parts(parser, &parts, &left);
	if (!ret)
		ret = check_states(parser, &parts);
	if (!ret)
		ret = check_transitions(parser, &parts);
	if (!ret)
		ret = check_accepts(parser, &parts);
	if (!ret)
		ret = check_rules(parser, &parts);
	return ret ? ret : check_prefixes(parser, &parts);
}
