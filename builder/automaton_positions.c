// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "builder/automaton.h"

/*
 * First a tree: a node is what one has read to get there, so patterns share the nodes of what they
 * begin with alike. Its list is a kind and what it is reached from, which has a smaller number.
 */
enum node_kind {
	NODE_ROOT,
	NODE_BYTE,   /* parent, set: one byte */
	NODE_REPEAT, /* parent, set: any number of bytes */
	NODE_JOIN,   /* nodes, ascending: any of them */
};

struct ending {
	uint32_t node, effect;
};

struct draft {
	struct positions *positions;
	struct lists nodes;
	struct lists effects; /* as words, to find equal ones */
	struct ending *endings;
	size_t endings_count, endings_capacity, effects_capacity;
	const struct token *next;
};

static int add_node(struct draft *draft, enum node_kind kind, uint32_t parent,
		    const struct byte_set *set, uint32_t *node)
{
	uint32_t words[] = {kind, parent, 0};

	if (lists_add(&draft->positions->sets, (const uint32_t *)set,
		      sizeof(*set) / sizeof(uint32_t), &words[2]))
		return -1;
	return lists_add(&draft->nodes, words, 3, node);
}

/* The ends of a group's alternatives, which the group's own end is reached from. */
struct ends {
	uint32_t *words; /* the kind, then nodes */
	size_t count, capacity;
};

static int add_end(struct ends *ends, uint32_t word)
{
	if (array_reserve(&ends->words, &ends->capacity, ends->count + 1, sizeof(word)))
		return -1;
	ends->words[ends->count++] = word;
	return 0;
}

static size_t sort_unique(uint32_t *words, size_t count)
{
	size_t kept = 0;

	qsort(words, count, sizeof(*words), compare_words);
	for (size_t i = 0; i < count; i++)
		if (!kept || words[kept - 1] != words[i])
			words[kept++] = words[i];
	return kept;
}

static int read_sequence(struct draft *draft, const struct token *end, uint32_t *node);

/* Reads a group after its brace; its alternatives all begin at *node. */
static int read_alternatives(struct draft *draft, const struct token *end, uint32_t *node,
			     struct ends *ends)
{
	const uint32_t start = *node;

	if (add_end(ends, NODE_JOIN))
		return -1;
	do {
		*node = start;
		if (read_sequence(draft, end, node) || add_end(ends, *node))
			return -1;
	} while (draft->next++->kind == TOKEN_OR);
	ends->count = 1 + sort_unique(ends->words + 1, ends->count - 1);
	if (ends->count == 2)
		return 0;
	return lists_add(&draft->nodes, ends->words, ends->count, node);
}

/* As deep as braces are nested, see PATTERN_DEPTH_MAX. */
static int read_group(struct draft *draft, const struct token *end, uint32_t *node)
{
	struct ends ends = {0};
	const int ret = read_alternatives(draft, end, node, &ends);

	free(ends.words);
	return ret;
}

/* Reads on from *node until the end or that of an alternative; *node is then the last one. */
static int read_sequence(struct draft *draft, const struct token *end, uint32_t *node)
{
	int ret = 0;

	while (!ret && draft->next < end) {
		const struct token *token = draft->next;

		if (token->kind == TOKEN_OR || token->kind == TOKEN_CLOSE)
			return 0;
		draft->next++;
		if (token->kind == TOKEN_OPEN)
			ret = read_group(draft, end, node);
		else
			ret = add_node(draft, token->kind == TOKEN_BYTE ? NODE_BYTE : NODE_REPEAT,
				       *node, &token->set, node);
	}
	return ret;
}

static masks masks_of_rule(const struct file_rule *rule)
{
	unsigned int permissions = rule->permissions;
	masks all = 0;

	if (permissions & POLICY_FILE_WRITE)
		permissions |= POLICY_FILE_APPEND;
	for (unsigned int subject = 0; subject < POLICY_SUBJECTS; subject++) {
		if (rule->owner && subject != POLICY_OWNER)
			continue;
		all |= masks_of(rule->deny ? MASK_DENIED : mask_allowed(rule->set), subject,
				permissions);
		if (rule->audit)
			all |= masks_of(MASK_AUDITED, subject, permissions);
	}
	return all;
}

static int add_effect(struct draft *draft, const struct file_rule *rule, uint32_t index,
		      uint32_t *number)
{
	struct positions *positions = draft->positions;
	const struct effect effect = {
		.masks = masks_of_rule(rule),
		.rule = rule->deny || rule->audit ? index : NO_RULE,
	};
	const uint32_t words[] = {effect.masks, effect.masks >> 32, effect.masks >> 64,
				  effect.masks >> 96, effect.rule};

	if (lists_add(&draft->effects, words, 5, number))
		return -1;
	if (*number < positions->effects_count)
		return 0;
	if (array_reserve(&positions->effects, &draft->effects_capacity, *number + 1,
			  sizeof(effect)))
		return -1;
	positions->effects[positions->effects_count++] = effect;
	return 0;
}

static int read_pattern(struct draft *draft, const struct file_rule *rule, uint32_t *node)
{
	struct pattern pattern;
	struct error err;
	size_t at;
	int ret;

	if (pattern_read(rule->pattern, &pattern, &at, &err))
		return -1;
	draft->next = pattern.tokens;
	ret = read_sequence(draft, pattern.tokens + pattern.count, node);
	pattern_free(&pattern);
	return ret;
}

static int read_rule(struct draft *draft, const struct file_rule *rule, uint32_t index)
{
	struct ending ending = {.node = 0};

	if (read_pattern(draft, rule, &ending.node) ||
	    add_effect(draft, rule, index, &ending.effect) ||
	    array_reserve(&draft->endings, &draft->endings_capacity, draft->endings_count + 1,
			  sizeof(ending)))
		return -1;
	draft->endings[draft->endings_count++] = ending;
	return 0;
}

static enum automaton_result read_rules(struct draft *draft, const struct file_rules *rules,
					size_t count)
{
	const uint32_t root[] = {NODE_ROOT};
	uint32_t node;

	if (lists_add(&draft->nodes, root, 1, &node))
		return AUTOMATON_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		if (read_rule(draft, &rules->rules[i], i))
			return AUTOMATON_NO_MEMORY;
		if (draft->nodes.count > POSITIONS_MAX)
			return AUTOMATON_TOO_LARGE;
	}
	return AUTOMATON_MADE;
}

/*
 * Then positions, from the last node to the first: nodes behind which the same may come become one
 * position, so patterns share what they end with alike, too.
 */
struct link {
	uint32_t set;	/* NO_SET: without reading a byte */
	uint32_t other; /* position, or effect */
	uint32_t next;	/* link and 1 of the same node; 0: none */
};

struct merge {
	const struct draft *draft;
	struct positions *positions;
	uint32_t *position;		 /* by node */
	uint32_t *links_of, *effects_of; /* by node: the first link and 1 */
	struct link *links;
	size_t links_count;
	uint32_t *words;
	struct {
		uint32_t set, position;
	} * edges;
	size_t facts_capacity;
};

static void add_link(struct merge *merge, uint32_t *first, uint32_t set, uint32_t other)
{
	merge->links[merge->links_count++] =
		(struct link){.set = set, .other = other, .next = *first};
	*first = merge->links_count;
}

/* Makes node, which is position already, known to those that it is reached from. */
static void link_parents(struct merge *merge, uint32_t node)
{
	const uint32_t *words = lists_words(&merge->draft->nodes, node);
	const size_t length = lists_length(&merge->draft->nodes, node);
	const uint32_t position = merge->position[node];

	switch (words[0]) {
	case NODE_BYTE:
		add_link(merge, &merge->links_of[words[1]], words[2], position);
		return;
	case NODE_REPEAT:
		add_link(merge, &merge->links_of[words[1]], NO_SET, position);
		return;
	case NODE_JOIN:
		for (size_t i = 1; i < length; i++)
			add_link(merge, &merge->links_of[words[i]], NO_SET, position);
		return;
	}
}

static int compare_edges(const void *a, const void *b)
{
	const int order = compare_words(a, b);

	return order ? order : compare_words((const uint32_t *)a + 1, (const uint32_t *)b + 1);
}

static size_t take_edges(struct merge *merge, uint32_t node, uint32_t *words)
{
	size_t count = 0, kept = 0;

	for (uint32_t i = merge->links_of[node]; i; i = merge->links[i - 1].next) {
		if (merge->links[i - 1].set == NO_SET)
			continue;
		merge->edges[count].set = merge->links[i - 1].set;
		merge->edges[count++].position = merge->links[i - 1].other;
	}
	qsort(merge->edges, count, sizeof(merge->edges[0]), compare_edges);
	for (size_t i = 0; i < count; i++) {
		if (i && !compare_edges(&merge->edges[i], &merge->edges[i - 1]))
			continue;
		words[2 * kept] = merge->edges[i].set;
		words[2 * kept++ + 1] = merge->edges[i].position;
	}
	return kept;
}

static size_t take_followers(const struct merge *merge, uint32_t node, uint32_t *words)
{
	size_t count = 0;

	for (uint32_t i = merge->links_of[node]; i; i = merge->links[i - 1].next)
		if (merge->links[i - 1].set == NO_SET)
			words[count++] = merge->links[i - 1].other;
	return sort_unique(words, count);
}

static size_t take_effects(const struct merge *merge, uint32_t node, uint32_t *words)
{
	size_t count = 0;

	for (uint32_t i = merge->effects_of[node]; i; i = merge->links[i - 1].next)
		words[count++] = merge->links[i - 1].other;
	return sort_unique(words, count);
}

static bool is_any(const struct positions *positions, uint32_t set)
{
	const uint32_t *words = lists_words(&positions->sets, set);

	for (size_t i = 0; i < lists_length(&positions->sets, set); i++)
		if (words[i] != UINT32_MAX)
			return false;
	return true;
}

static struct position_facts facts_of(const struct positions *positions, const uint32_t *words)
{
	const uint32_t *word = words + POSITION_LISTS;
	struct position_facts facts = {
		.always = words[POSITION_LOOP] != NO_SET && is_any(positions, words[POSITION_LOOP]),
		.empty = words[POSITION_LOOP] == NO_SET && !words[POSITION_EDGES] &&
			 !words[POSITION_EFFECTS],
	};

	for (uint32_t i = 0; i < words[POSITION_EDGES]; i++, word += 2)
		facts.reach |= positions->facts[word[1]].reach;
	for (uint32_t i = 0; i < words[POSITION_FOLLOWERS]; i++)
		facts.reach |= positions->facts[*word++].reach;
	for (uint32_t i = 0; i < words[POSITION_EFFECTS]; i++)
		facts.own |= positions->effects[*word++].masks;
	facts.reach |= facts.own;
	return facts;
}

static int make_position(struct merge *merge, uint32_t node)
{
	const uint32_t *from = lists_words(&merge->draft->nodes, node);
	struct positions *positions = merge->positions;
	uint32_t *words = merge->words, *next = words + POSITION_LISTS;
	uint32_t number;

	words[POSITION_LOOP] = from[0] == NODE_REPEAT ? from[2] : NO_SET;
	words[POSITION_EDGES] = take_edges(merge, node, next);
	next += 2 * words[POSITION_EDGES];
	words[POSITION_FOLLOWERS] = take_followers(merge, node, next);
	next += words[POSITION_FOLLOWERS];
	words[POSITION_EFFECTS] = take_effects(merge, node, next);
	next += words[POSITION_EFFECTS];
	if (lists_add(&positions->lists, words, next - words, &number))
		return -1;
	merge->position[node] = number;
	if (number == positions->lists.count - 1) {
		if (array_reserve(&positions->facts, &merge->facts_capacity, number + 1,
				  sizeof(*positions->facts)))
			return -1;
		positions->facts[number] = facts_of(positions, words);
	}
	link_parents(merge, node);
	return 0;
}

/* No more links than words of nodes, and the endings. */
static int merge_all(struct merge *merge)
{
	const struct draft *draft = merge->draft;
	const size_t nodes = draft->nodes.count;
	const size_t links = draft->nodes.words_count + draft->endings_count;

	merge->position = calloc(nodes, sizeof(*merge->position));
	merge->links_of = calloc(nodes, sizeof(*merge->links_of));
	merge->effects_of = calloc(nodes, sizeof(*merge->effects_of));
	merge->links = calloc(links, sizeof(*merge->links));
	merge->words = calloc(POSITION_LISTS + 2 * links, sizeof(*merge->words));
	merge->edges = calloc(links, sizeof(*merge->edges));
	if (!merge->position || !merge->links_of || !merge->effects_of || !merge->links ||
	    !merge->words || !merge->edges)
		return -1;
	for (size_t i = 0; i < draft->endings_count; i++)
		add_link(merge, &merge->effects_of[draft->endings[i].node], NO_SET,
			 draft->endings[i].effect);
	for (size_t node = nodes; node-- > 0;)
		if (make_position(merge, node))
			return -1;
	merge->positions->start = merge->position[0];
	return 0;
}

static int merge_positions(const struct draft *draft)
{
	struct merge merge = {.draft = draft, .positions = draft->positions};
	const int ret = merge_all(&merge);

	free(merge.position);
	free(merge.links_of);
	free(merge.effects_of);
	free(merge.links);
	free(merge.words);
	free(merge.edges);
	return ret;
}

enum automaton_result positions_make(const struct file_rules *rules, size_t count,
				     struct positions *positions)
{
	struct draft draft = {.positions = positions};
	enum automaton_result result;

	positions->rule_sets = rules->sets ? rules->sets : 1;
	result = read_rules(&draft, rules, count);
	if (result == AUTOMATON_MADE && merge_positions(&draft))
		result = AUTOMATON_NO_MEMORY;
	lists_free(&draft.nodes);
	lists_free(&draft.effects);
	free(draft.endings);
	return result;
}

void positions_free(struct positions *positions)
{
	lists_free(&positions->sets);
	lists_free(&positions->lists);
	free(positions->facts);
	free(positions->effects);
	*positions = (struct positions){0};
}
