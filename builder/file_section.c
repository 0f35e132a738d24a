// SPDX-License-Identifier: GPL-2.0
/* Writes the POLICY_FILES section. */
#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <vkernel/policy.h>

#include "builder/automaton.h"

/* What the rest of a policy may need beside its file rules: 8 KiB in practice. */
#define SECTION_MAX (POLICY_SIZE_MAX - (256u << 10))

struct writer {
	const struct file_rules *rules;
	size_t count; /* of rules that are written */
	struct positions positions;
	struct automaton automaton;
	struct comb comb;
	char **prefixes; /* sorted */
	size_t prefixes_count;
	size_t prefixes_size; /* as text, with their terminating zeros */
};

static int compare_strings(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *prefix_of(const struct file_rule *rule)
{
	struct pattern pattern;
	struct error err;
	char *prefix;
	size_t at;

	if (pattern_read(rule->pattern, &pattern, &at, &err))
		return NULL;
	prefix = pattern_prefix(&pattern);
	pattern_free(&pattern);
	return prefix;
}

/* Keeps the first of equal prefixes, and none that no path can have. */
static void keep_prefixes(struct writer *writer)
{
	size_t kept = 0;

	qsort(writer->prefixes, writer->prefixes_count, sizeof(*writer->prefixes), compare_strings);
	for (size_t i = 0; i < writer->prefixes_count; i++) {
		char *prefix = writer->prefixes[i];

		if (strlen(prefix) > POLICY_PREFIX_MAX ||
		    (kept && !strcmp(writer->prefixes[kept - 1], prefix))) {
			free(prefix);
			continue;
		}
		writer->prefixes[kept++] = prefix;
		writer->prefixes_size += strlen(prefix) + 1;
	}
	writer->prefixes_count = kept;
}

static enum automaton_result find_prefixes(struct writer *writer)
{
	writer->prefixes = calloc(writer->count + 1, sizeof(*writer->prefixes));
	if (!writer->prefixes)
		return AUTOMATON_NO_MEMORY;
	for (size_t i = 0; i < writer->count; i++) {
		if (!writer->rules->rules[i].deny)
			continue;
		writer->prefixes[writer->prefixes_count] = prefix_of(&writer->rules->rules[i]);
		if (!writer->prefixes[writer->prefixes_count])
			return AUTOMATON_NO_MEMORY;
		writer->prefixes_count++;
	}
	keep_prefixes(writer);
	return AUTOMATON_MADE;
}

static masks masks_of_accept(const struct automaton *automaton, uint32_t accept)
{
	const uint32_t *words = lists_words(&automaton->accepts, accept);

	return words[0] | (masks)words[1] << 32;
}

static unsigned int lacking(const struct automaton *automaton, uint32_t state)
{
	const masks all = masks_of_accept(automaton, automaton->accept[state]);
	unsigned int bits = 0;

	for (unsigned int subject = 0; subject < POLICY_SUBJECTS; subject++)
		bits |= ~masks_get(all, MASK_ALLOWED, subject) |
			masks_get(all, MASK_DENIED, subject);
	return bits & POLICY_FILE_ALL;
}

/* What some path, which begins with a slash, lacks; -1 without memory. */
static int restricted(const struct automaton *automaton)
{
	const size_t classes = automaton->classes;
	bool *met = calloc(automaton->states, sizeof(*met));
	uint32_t *queue = calloc(automaton->states, sizeof(*queue));
	size_t head = 0, tail = 0;
	int bits = -1;

	if (met && queue) {
		bits = 0;
		queue[tail++] = automaton->next[automaton->class_of['/']];
		met[queue[0]] = true;
	}
	while (head < tail) {
		const uint32_t state = queue[head++];

		bits |= lacking(automaton, state);
		for (size_t class = 0; class < classes; class ++) {
			const uint32_t next = automaton->next[state * classes + class];

			if (!met[next])
				queue[tail++] = next;
			met[next] = true;
		}
	}
	free(met);
	free(queue);
	return bits;
}

static size_t padded(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

/* How large the parts are, in the order in which they stand. */
struct plan {
	size_t states, ends, transitions, accepts, matches, rules, prefixes, text;
};

static size_t matches_of(const struct automaton *automaton)
{
	return automaton->accepts.words_count - 2 * automaton->accepts.count;
}

static struct plan make_plan(const struct writer *writer)
{
	struct plan plan = {
		.states = writer->automaton.states * sizeof(struct policy_state),
		.ends = writer->automaton.states * sizeof(__le32),
		.transitions = writer->comb.transitions * sizeof(struct policy_transition),
		.accepts = writer->automaton.accepts.count * sizeof(struct policy_accept),
		.matches = matches_of(&writer->automaton) * sizeof(__le32),
		.rules = writer->count * sizeof(struct policy_file_rule),
		.prefixes = writer->prefixes_count * sizeof(__le32),
		.text = writer->prefixes_size,
	};

	for (size_t i = 0; i < writer->count; i++)
		plan.text += strlen(writer->rules->rules[i].text) + 1 +
			     strlen(writer->rules->rules[i].source) + 1;
	return plan;
}

static size_t size_of(const struct plan *plan)
{
	return sizeof(struct policy_files) + padded(plan->states) + padded(plan->ends) +
	       padded(plan->transitions) + padded(plan->accepts) + padded(plan->matches) +
	       padded(plan->rules) + padded(plan->prefixes) + plan->text;
}

static void put_automaton(const struct writer *writer, struct policy_state *states, __le32 *ends,
			  struct policy_transition *transitions)
{
	const struct comb *comb = &writer->comb;

	for (size_t i = 0; i < writer->automaton.states; i++) {
		states[i].base = htole32(comb->base[i]);
		states[i].otherwise = htole32(comb->otherwise[i]);
		ends[i] = htole32(writer->automaton.accept[i]);
	}
	for (size_t i = 0; i < comb->transitions; i++) {
		transitions[i].state = htole32(comb->owner[i]);
		transitions[i].next = htole32(comb->next[i]);
	}
}

static void put_accepts(const struct automaton *automaton, struct policy_accept *accepts,
			__le32 *matches)
{
	uint32_t put = 0;

	for (uint32_t i = 0; i < automaton->accepts.count; i++, accepts++) {
		const uint32_t *words = lists_words(&automaton->accepts, i);
		const size_t count = lists_length(&automaton->accepts, i) - 2;
		const masks all = masks_of_accept(automaton, i);

		for (unsigned int subject = 0; subject < POLICY_SUBJECTS; subject++) {
			accepts->allowed[subject] = htole16(masks_get(all, MASK_ALLOWED, subject));
			accepts->denied[subject] = htole16(masks_get(all, MASK_DENIED, subject));
			accepts->audited[subject] = htole16(masks_get(all, MASK_AUDITED, subject));
		}
		accepts->first_match = htole32(put);
		accepts->matches = htole32(count);
		put += count;
		for (size_t j = 0; j < count; j++)
			*matches++ = htole32(words[2 + j]);
	}
}

static char *put_text(char *text, const char *string)
{
	return stpcpy(text, string) + 1;
}

static void put_rules(const struct writer *writer, struct policy_file_rule *rules, char *text,
		      char *next)
{
	for (size_t i = 0; i < writer->count; i++, rules++) {
		const struct file_rule *rule = &writer->rules->rules[i];

		rules->permissions = htole16(rule->permissions & POLICY_FILE_ALL);
		rules->flags = htole16((rule->deny ? POLICY_FILE_RULE_DENY : 0) |
				       (rule->owner ? POLICY_FILE_RULE_OWNER : 0) |
				       (rule->audit ? POLICY_FILE_RULE_AUDIT : 0) | rule->set << 8);
		rules->text = htole32(next - text);
		next = put_text(next, rule->text);
		rules->source = htole32(next - text);
		next = put_text(next, rule->source);
	}
}

static void put_section(const struct writer *writer, const struct plan *plan, char *bytes, int lack)
{
	struct policy_files *header = (void *)bytes;
	char *states = bytes + sizeof(*header), *ends = states + padded(plan->states);
	char *transitions = ends + padded(plan->ends);
	char *accepts = transitions + padded(plan->transitions);
	char *matches = accepts + padded(plan->accepts), *rules = matches + padded(plan->matches);
	char *prefixes = rules + padded(plan->rules), *text = prefixes + padded(plan->prefixes);
	char *next = text;

	header->flags = htole32(writer->rules->complain ? POLICY_FILES_COMPLAIN : 0);
	header->states = htole32(writer->automaton.states);
	header->transitions = htole32(writer->comb.transitions);
	header->accepts = htole32(writer->automaton.accepts.count);
	header->matches = htole32(matches_of(&writer->automaton));
	header->rules = htole32(writer->count);
	header->prefixes = htole32(writer->prefixes_count);
	header->text_size = htole32(plan->text);
	header->restricted = htole32(lack);
	memcpy(header->classes, writer->automaton.class_of, sizeof(header->classes));
	put_automaton(writer, (void *)states, (void *)ends, (void *)transitions);
	put_accepts(&writer->automaton, (void *)accepts, (void *)matches);
	for (size_t i = 0; i < writer->prefixes_count; i++) {
		((__le32 *)prefixes)[i] = htole32(next - text);
		next = put_text(next, writer->prefixes[i]);
	}
	put_rules(writer, (void *)rules, text, next);
}

static enum automaton_result write_section(struct writer *writer, struct file_section *section)
{
	enum automaton_result result = find_prefixes(writer);
	struct plan plan;
	int lack;

	if (result)
		return result;
	plan = make_plan(writer);
	if (size_of(&plan) > SECTION_MAX)
		return AUTOMATON_TOO_LARGE;
	lack = restricted(&writer->automaton);
	section->bytes = calloc(1, size_of(&plan));
	if (lack < 0 || !section->bytes)
		return AUTOMATON_NO_MEMORY;
	section->size = size_of(&plan);
	put_section(writer, &plan, section->bytes, lack);
	return AUTOMATON_MADE;
}

static enum automaton_result make_automaton(struct writer *writer)
{
	enum automaton_result result =
		positions_make(writer->rules, writer->count, &writer->positions);

	if (!result)
		result = automaton_make(&writer->positions, &writer->automaton);
	positions_free(&writer->positions);
	if (!result)
		result = automaton_minimise(&writer->automaton);
	return result ? result : comb_make(&writer->automaton, &writer->comb);
}

/* Makes a section of the first count rules. */
static enum automaton_result compile(const struct file_rules *rules, size_t count,
				     struct file_section *section)
{
	struct writer writer = {.rules = rules, .count = count};
	enum automaton_result result = make_automaton(&writer);

	*section = (struct file_section){0};
	if (!result)
		result = write_section(&writer, section);
	if (result)
		free(section->bytes);
	for (size_t i = 0; i < writer.prefixes_count; i++)
		free(writer.prefixes[i]);
	free(writer.prefixes);
	automaton_free(&writer.automaton);
	comb_free(&writer.comb);
	return result;
}

static int check_rules(const struct file_rules *rules, struct error *err)
{
	size_t at;

	for (size_t i = 0; i < rules->count; i++)
		if (file_pattern_check(rules->rules[i].pattern, &at, err))
			return error_context(err, "%s: pattern %s, offset %zu",
					     rules->rules[i].source, rules->rules[i].pattern, at);
	return 0;
}

/*
 * Finds and names the rule with which the first ones become too many: from few to more, because
 * what succeeds takes less time than what fails.
 */
static int refuse_size(const struct file_rules *rules, struct error *err)
{
	size_t good = 0, bad = rules->count, step = 1;
	struct file_section section;

	while (bad - good > 1) {
		const size_t middle = good + (step < bad - good ? step : (bad - good) / 2);
		const enum automaton_result result = compile(rules, middle, &section);

		if (result == AUTOMATON_NO_MEMORY)
			return error_set(err, EXIT_ENVIRONMENT, "no memory for file rules");
		if (result == AUTOMATON_MADE) {
			free(section.bytes);
			good = middle;
			step *= 2;
		} else {
			bad = middle;
			step = bad;
		}
	}
	return error_set(
		err, EXIT_USAGE,
		"%s: with this rule (%s) the file rules need an automaton that is too large "
		"(at most %u states and %u KiB): leave out rules, or wildcards before their "
		"last name",
		rules->rules[bad - 1].source, rules->rules[bad - 1].text, STATES_MAX,
		SECTION_MAX >> 10);
}

int file_rules_compile(const struct file_rules *rules, struct file_section *section,
		       struct error *err)
{
	if (check_rules(rules, err))
		return -1;
	switch (compile(rules, rules->count, section)) {
	case AUTOMATON_MADE:
		return 0;
	case AUTOMATON_TOO_LARGE:
		return refuse_size(rules, err);
	case AUTOMATON_NO_MEMORY:
		break;
	}
	return error_set(err, EXIT_ENVIRONMENT, "no memory for file rules");
}
