// SPDX-License-Identifier: GPL-2.0
/* A state for each set of positions that a path can lead to. */
#include <stdlib.h>
#include <string.h>

#include "builder/automaton.h"

#define NONE UINT32_MAX

/* Where a set of bytes leads from the state that is being made. */
struct way {
	uint32_t set, position;
	uint32_t next; /* way and 1 with the same class; 0: none */
};

struct maker {
	const struct positions *positions;
	struct automaton *automaton;
	struct lists states; /* positions, ascending */
	size_t next_capacity, accept_capacity;

	/* By set of bytes: its only class, or NONE. */
	uint32_t *only_class;
	/* Classes of one kind are in the same sets, of those with more than one class. */
	uint32_t kind_of[256], class_of_kind[256];
	size_t kinds;
	unsigned char byte_of[256]; /* one of each class */

	/* The ways out of a state: by kind (wide) or by class. */
	struct way *wide, *narrow;
	size_t wide_count, narrow_count;
	uint32_t narrow_of[256];

	/* A set of positions that is being collected. */
	uint32_t *set, *stack;
	size_t set_count;
	uint32_t *mark; /* by position: the round in which it was met */
	uint32_t round;

	uint32_t *words; /* of an accept */
};

static bool set_has(const struct positions *positions, uint32_t set, unsigned char byte)
{
	return lists_words(&positions->sets, set)[byte / 32] >> byte % 32 & 1;
}

/* Bytes are of one class if every set has both or neither. Classes are numbered as bytes first have them. */
static void make_classes(const struct positions *positions, struct automaton *automaton)
{
	uint8_t *class_of = automaton->class_of;

	automaton->classes = 1;
	for (uint32_t set = 0; set < positions->sets.count; set++) {
		uint16_t split[2][256];
		size_t classes = 0;

		memset(split, 0xff, sizeof(split));
		for (unsigned int byte = 0; byte < 256; byte++) {
			uint16_t *class = &split[set_has(positions, set, byte)][class_of[byte]];

			if (*class == 0xffff)
				*class = classes++;
			class_of[byte] = *class;
		}
		automaton->classes = classes;
	}
}

/* The same for classes and the sets that have more than one of them. */
static void make_kinds(struct maker *maker)
{
	const struct positions *positions = maker->positions;
	const size_t classes = maker->automaton->classes;

	maker->kinds = 1;
	for (uint32_t set = 0; set < positions->sets.count; set++) {
		uint16_t split[2][256];
		size_t members = 0, kinds = 0;

		for (size_t class = 0; class < classes; class ++) {
			if (!set_has(positions, set, maker->byte_of[class]))
				continue;
			maker->only_class[set] = members++ ? NONE : class;
		}
		if (members == 1)
			continue;
		memset(split, 0xff, sizeof(split));
		for (size_t class = 0; class < classes; class ++) {
			uint16_t *kind = &split[set_has(positions, set, maker->byte_of[class])]
					       [maker->kind_of[class]];

			if (*kind == 0xffff)
				*kind = kinds++;
			maker->kind_of[class] = *kind;
		}
		maker->kinds = kinds;
	}
	for (size_t class = classes; class -- > 0;)
		maker->class_of_kind[maker->kind_of[class]] = class;
}

static void begin_set(struct maker *maker)
{
	maker->round++;
	maker->set_count = 0;
}

/* Adds position and all that one is at as well. */
static void add_to_set(struct maker *maker, uint32_t position)
{
	const struct positions *positions = maker->positions;
	size_t depth = 0;

	if (maker->mark[position] == maker->round)
		return;
	maker->mark[position] = maker->round;
	maker->stack[depth++] = position;
	while (depth) {
		const uint32_t number = maker->stack[--depth];
		const uint32_t *words = lists_words(&positions->lists, number);
		const uint32_t *follower = words + POSITION_LISTS + 2 * words[POSITION_EDGES];

		if (!positions->facts[number].empty)
			maker->set[maker->set_count++] = number;
		for (uint32_t left = words[POSITION_FOLLOWERS]; left; left--, follower++) {
			if (maker->mark[*follower] == maker->round)
				continue;
			maker->mark[*follower] = maker->round;
			maker->stack[depth++] = *follower;
		}
	}
}

/*
 * A path that has come to a position where it stays ("**" at a pattern's end) has what that gives
 * whatever follows: positions from which nothing more can come need no mention. Without this,
 * patterns like "/ ** /name/ **" would need a state for every combination of names.
 */
static void prune_set(struct maker *maker)
{
	const struct position_facts *facts = maker->positions->facts;
	size_t kept = 0;
	masks always = 0;

	for (size_t i = 0; i < maker->set_count; i++)
		if (facts[maker->set[i]].always)
			always |= facts[maker->set[i]].own;
	if (!always)
		return;
	always = 0;
	for (size_t i = 0; i < maker->set_count; i++) {
		const struct position_facts *fact = &facts[maker->set[i]];

		if (fact->always && fact->reach & ~always) {
			always |= fact->own;
			maker->set[kept++] = maker->set[i];
		} else if (!fact->always) {
			maker->set[kept++] = maker->set[i];
		}
	}
	maker->set_count = kept;
	kept = 0;
	for (size_t i = 0; i < maker->set_count; i++)
		if (facts[maker->set[i]].always || facts[maker->set[i]].reach & ~always)
			maker->set[kept++] = maker->set[i];
	maker->set_count = kept;
}

/* The number of the state of the collected set. */
static enum automaton_result end_set(struct maker *maker, uint32_t *state)
{
	qsort(maker->set, maker->set_count, sizeof(*maker->set), compare_words);
	prune_set(maker);
	if (lists_add(&maker->states, maker->set, maker->set_count, state))
		return AUTOMATON_NO_MEMORY;
	if (maker->states.count > STATES_MAX || maker->states.words_count > MEMBERS_MAX ||
	    maker->states.count * maker->automaton->classes > TRANSITIONS_MAX)
		return AUTOMATON_TOO_LARGE;
	return AUTOMATON_MADE;
}

static void add_way(struct maker *maker, uint32_t set, uint32_t position)
{
	const uint32_t class = maker->only_class[set];

	if (class == NONE) {
		maker->wide[maker->wide_count++] = (struct way){set, position, 0};
		return;
	}
	maker->narrow[maker->narrow_count++] = (struct way){set, position, maker->narrow_of[class]};
	maker->narrow_of[class] = maker->narrow_count;
}

static void find_ways(struct maker *maker, uint32_t state)
{
	const struct positions *positions = maker->positions;
	const uint32_t *member = lists_words(&maker->states, state);

	maker->wide_count = 0;
	maker->narrow_count = 0;
	memset(maker->narrow_of, 0, sizeof(maker->narrow_of));
	for (size_t left = lists_length(&maker->states, state); left; left--, member++) {
		const uint32_t *words = lists_words(&positions->lists, *member);
		const uint32_t *edge = words + POSITION_LISTS;

		if (words[POSITION_LOOP] != NO_SET)
			add_way(maker, words[POSITION_LOOP], *member);
		for (uint32_t edges = words[POSITION_EDGES]; edges; edges--, edge += 2)
			add_way(maker, edge[0], edge[1]);
	}
}

/* Where class leads: the wide ways that its kind takes, and the narrow ones from `narrow` on. */
static enum automaton_result go(struct maker *maker, uint32_t class, uint32_t narrow,
				uint32_t *state)
{
	const unsigned char byte = maker->byte_of[class];

	begin_set(maker);
	for (size_t i = 0; i < maker->wide_count; i++)
		if (set_has(maker->positions, maker->wide[i].set, byte))
			add_to_set(maker, maker->wide[i].position);
	for (; narrow; narrow = maker->narrow[narrow - 1].next)
		add_to_set(maker, maker->narrow[narrow - 1].position);
	return end_set(maker, state);
}

static enum automaton_result make_transitions(struct maker *maker, uint32_t state)
{
	struct automaton *automaton = maker->automaton;
	const size_t classes = automaton->classes;
	enum automaton_result result = AUTOMATON_MADE;
	uint32_t of_kind[256], *next;

	if (array_reserve(&automaton->next, &maker->next_capacity, (state + 1) * classes,
			  sizeof(*next)))
		return AUTOMATON_NO_MEMORY;
	next = automaton->next + state * classes;
	find_ways(maker, state);
	for (size_t kind = 0; !result && kind < maker->kinds; kind++)
		result = go(maker, maker->class_of_kind[kind], 0, &of_kind[kind]);
	for (size_t class = 0; !result && class < classes; class ++) {
		next[class] = of_kind[maker->kind_of[class]];
		if (maker->narrow_of[class])
			result = go(maker, class, maker->narrow_of[class], &next[class]);
	}
	return result;
}

/*
 * Adds to words the rules among the effects (ascending, so as they are written) that give bits of
 * one mask which those before do not.
 */
static size_t name_rules(const struct maker *maker, const uint32_t *effects, size_t count,
			 masks which, uint32_t *words)
{
	masks given = 0;
	size_t named = 0;

	for (size_t i = 0; i < count; i++) {
		const struct effect *effect = &maker->positions->effects[effects[i]];

		if (effect->rule == NO_RULE || !(effect->masks & which & ~given))
			continue;
		given |= effect->masks & which;
		words[named++] = effect->rule;
	}
	return named;
}

static masks both_subjects(enum mask mask)
{
	return masks_of(mask, POLICY_OTHERS, 0xff) | masks_of(mask, POLICY_OWNER, 0xff);
}

/* The effects of all members of state, sorted, in maker->set. */
static void collect_effects(struct maker *maker, uint32_t state)
{
	const uint32_t *member = lists_words(&maker->states, state);

	maker->set_count = 0;
	for (size_t left = lists_length(&maker->states, state); left; left--, member++) {
		const uint32_t *words = lists_words(&maker->positions->lists, *member);
		const uint32_t *effect = words + POSITION_LISTS + 2 * words[POSITION_EDGES] +
					 words[POSITION_FOLLOWERS];

		for (uint32_t effects = words[POSITION_EFFECTS]; effects; effects--)
			maker->set[maker->set_count++] = *effect++;
	}
	qsort(maker->set, maker->set_count, sizeof(*maker->set), compare_words);
}

/* What is left of all when each set must allow. */
static masks meet_sets(masks all, unsigned int sets)
{
	const masks allowed = both_subjects(MASK_ALLOWED);
	masks met = all & allowed;

	for (unsigned int set = 1; set < sets; set++)
		met &= all >> 8 * mask_allowed(set);
	return (all & (both_subjects(MASK_DENIED) | both_subjects(MASK_AUDITED))) | met;
}

static enum automaton_result make_accept(struct maker *maker, uint32_t state)
{
	struct automaton *automaton = maker->automaton;
	uint32_t *words = maker->words;
	size_t count = 2, named;
	masks all = 0;

	if (array_reserve(&automaton->accept, &maker->accept_capacity, state + 1,
			  sizeof(*automaton->accept)))
		return AUTOMATON_NO_MEMORY;
	collect_effects(maker, state);
	for (size_t i = 0; i < maker->set_count; i++)
		all |= maker->positions->effects[maker->set[i]].masks;
	all = meet_sets(all, maker->positions->rule_sets);
	words[0] = all;
	words[1] = all >> 32;
	named = name_rules(maker, maker->set, maker->set_count, both_subjects(MASK_DENIED),
			   words + count);
	count += named;
	count += name_rules(maker, maker->set, maker->set_count, both_subjects(MASK_AUDITED),
			    words + count);
	/* One rule may both deny and audit. */
	qsort(words + 2, count - 2, sizeof(*words), compare_words);
	for (size_t i = 3; i < count;) {
		if (words[i] != words[i - 1]) {
			i++;
			continue;
		}
		memmove(words + i, words + i + 1, (count - i - 1) * sizeof(*words));
		count--;
	}
	if (lists_add(&automaton->accepts, words, count, &automaton->accept[state]))
		return AUTOMATON_NO_MEMORY;
	return AUTOMATON_MADE;
}

static enum automaton_result make_states(struct maker *maker)
{
	const uint32_t nothing[2] = {0};
	enum automaton_result result;
	uint32_t number;

	if (lists_add(&maker->automaton->accepts, nothing, 2, &number))
		return AUTOMATON_NO_MEMORY;
	begin_set(maker);
	add_to_set(maker, maker->positions->start);
	result = end_set(maker, &number);
	for (uint32_t state = 0; !result && state < maker->states.count; state++) {
		result = make_transitions(maker, state);
		if (!result)
			result = make_accept(maker, state);
	}
	maker->automaton->states = maker->states.count;
	return result;
}

static enum automaton_result prepare(struct maker *maker)
{
	const size_t positions = maker->positions->lists.count;
	const size_t ways = maker->positions->lists.words_count + 1;

	maker->only_class = calloc(maker->positions->sets.count + 1, sizeof(*maker->only_class));
	maker->wide = calloc(ways, sizeof(*maker->wide));
	maker->narrow = calloc(ways, sizeof(*maker->narrow));
	/* Of positions, and of effects, of which there are no more than words. */
	maker->set = calloc(ways, sizeof(*maker->set));
	maker->words = calloc(2 * ways + 2, sizeof(*maker->words));
	maker->stack = calloc(positions, sizeof(*maker->stack));
	maker->mark = calloc(positions, sizeof(*maker->mark));
	if (!maker->only_class || !maker->wide || !maker->narrow || !maker->set || !maker->words ||
	    !maker->stack || !maker->mark)
		return AUTOMATON_NO_MEMORY;
	make_classes(maker->positions, maker->automaton);
	for (unsigned int byte = 256; byte-- > 0;)
		maker->byte_of[maker->automaton->class_of[byte]] = byte;
	make_kinds(maker);
	return AUTOMATON_MADE;
}

enum automaton_result automaton_make(const struct positions *positions, struct automaton *automaton)
{
	struct maker maker = {.positions = positions, .automaton = automaton};
	enum automaton_result result = prepare(&maker);

	if (!result)
		result = make_states(&maker);
	lists_free(&maker.states);
	free(maker.only_class);
	free(maker.wide);
	free(maker.narrow);
	free(maker.set);
	free(maker.words);
	free(maker.stack);
	free(maker.mark);
	return result;
}

void automaton_free(struct automaton *automaton)
{
	free(automaton->next);
	free(automaton->accept);
	lists_free(&automaton->accepts);
	*automaton = (struct automaton){0};
}
