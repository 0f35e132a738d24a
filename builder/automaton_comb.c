// SPDX-License-Identifier: GPL-2.0
/*
 * Most classes of bytes lead from a state to the same next one. The others' transitions are laid
 * into one array, where those of several states fill each other's gaps.
 */
#include <stdlib.h>
#include <string.h>

#include "builder/automaton.h"

/* Places that are tried for a state before its transitions go to the end. */
#define TRIES 256

struct row {
	uint32_t state;
	uint32_t count; /* of transitions that do not go where the most go */
};

struct weaver {
	const struct automaton *automaton;
	struct comb *comb;
	struct row *rows;
	size_t capacity; /* of transitions */
	size_t used;	 /* no transition from here on is anybody's */
	size_t from;	 /* before this place rows of as many transitions did not fit */
	/* By transition: one at or behind it that may be nobody's; it is followed like a list. */
	uint32_t *free_from;
};

/* The state that most classes lead to, and the lowest of several. */
static uint32_t most_frequent(const uint32_t *next, size_t classes, uint32_t *counts)
{
	uint32_t best = next[0];

	for (size_t class = 0; class < classes; class ++)
		counts[next[class]]++;
	for (size_t class = 0; class < classes; class ++)
		if (counts[next[class]] > counts[best] ||
		    (counts[next[class]] == counts[best] && next[class] < best))
			best = next[class];
	for (size_t class = 0; class < classes; class ++)
		counts[next[class]] = 0;
	return best;
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *left = a, *right = b;

	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	return left->state < right->state ? -1 : left->state > right->state;
}

static int make_rows(struct weaver *weaver)
{
	const struct automaton *automaton = weaver->automaton;
	uint32_t *counts = calloc(automaton->states, sizeof(*counts));

	if (!counts)
		return -1;
	for (size_t state = 0; state < automaton->states; state++) {
		const uint32_t *next = automaton->next + state * automaton->classes;
		const uint32_t otherwise = most_frequent(next, automaton->classes, counts);
		struct row *row = &weaver->rows[state];

		weaver->comb->otherwise[state] = otherwise;
		row->state = state;
		for (size_t class = 0; class < automaton->classes; class ++)
			row->count += next[class] != otherwise;
	}
	free(counts);
	qsort(weaver->rows, automaton->states, sizeof(*weaver->rows), compare_rows);
	return 0;
}

static int reserve(struct weaver *weaver, size_t count)
{
	struct comb *comb = weaver->comb;
	size_t owners = weaver->capacity, nexts = weaver->capacity, frees = weaver->capacity;

	if (array_reserve(&comb->owner, &owners, count, sizeof(uint32_t)) ||
	    array_reserve(&comb->next, &nexts, count, sizeof(uint32_t)) ||
	    array_reserve(&weaver->free_from, &frees, count, sizeof(uint32_t)))
		return -1;
	for (; weaver->capacity < owners; weaver->capacity++) {
		comb->owner[weaver->capacity] = POLICY_NO_STATE;
		comb->next[weaver->capacity] = 0;
		weaver->free_from[weaver->capacity] = weaver->capacity;
	}
	return 0;
}

/* The first transition from `place` on that is nobody's; behind the used ones all are. */
static size_t find_free(struct weaver *weaver, size_t place)
{
	size_t found = place;

	while (found < weaver->used && weaver->free_from[found] != found)
		found = weaver->free_from[found];
	while (place < found) {
		const size_t next = weaver->free_from[place];

		weaver->free_from[place] = found;
		place = next;
	}
	return found;
}

static bool fits(const struct weaver *weaver, const uint32_t *next, uint32_t otherwise, size_t base)
{
	for (size_t class = 0; class < weaver->automaton->classes; class ++) {
		if (base + class >= weaver->used)
			return true;
		if (next[class] != otherwise &&
		    weaver->comb->owner[base + class] != POLICY_NO_STATE)
			return false;
	}
	return true;
}

static size_t find_base(struct weaver *weaver, const uint32_t *next, uint32_t otherwise)
{
	size_t first = 0, place;

	while (next[first] == otherwise)
		first++;
	place = find_free(weaver, first > weaver->from ? first : weaver->from);
	for (unsigned int tries = 0; place < weaver->used; tries++) {
		if (fits(weaver, next, otherwise, place - first))
			return place - first;
		place = find_free(weaver, place + 1);
		if (tries == TRIES) {
			weaver->from = place;
			break;
		}
	}
	return weaver->used > first ? weaver->used - first : 0;
}

static int lay(struct weaver *weaver, const struct row *row)
{
	const size_t classes = weaver->automaton->classes;
	const uint32_t *next = weaver->automaton->next + row->state * classes;
	const uint32_t otherwise = weaver->comb->otherwise[row->state];
	size_t base;

	if (!row->count)
		return 0;
	base = find_base(weaver, next, otherwise);
	if (reserve(weaver, base + classes + 1))
		return -1;
	weaver->comb->base[row->state] = base;
	for (size_t class = 0; class < classes; class ++) {
		const size_t place = base + class;

		if (next[class] == otherwise)
			continue;
		weaver->comb->owner[place] = row->state;
		weaver->comb->next[place] = next[class];
		weaver->free_from[place] = place + 1;
		if (place >= weaver->used)
			weaver->used = place + 1;
	}
	if (base + classes > weaver->comb->transitions)
		weaver->comb->transitions = base + classes;
	return 0;
}

static int weave(struct weaver *weaver)
{
	const size_t states = weaver->automaton->states;
	struct comb *comb = weaver->comb;

	comb->base = calloc(states, sizeof(*comb->base));
	comb->otherwise = calloc(states, sizeof(*comb->otherwise));
	weaver->rows = calloc(states, sizeof(*weaver->rows));
	comb->transitions = weaver->automaton->classes;
	if (!comb->base || !comb->otherwise || !weaver->rows ||
	    reserve(weaver, comb->transitions) || make_rows(weaver))
		return -1;
	for (size_t i = 0; i < states; i++) {
		if (i && weaver->rows[i].count < weaver->rows[i - 1].count)
			weaver->from = 0;
		if (lay(weaver, &weaver->rows[i]))
			return -1;
	}
	return 0;
}

enum automaton_result comb_make(const struct automaton *automaton, struct comb *comb)
{
	struct weaver weaver = {.automaton = automaton, .comb = comb};
	const int ret = weave(&weaver);

	free(weaver.rows);
	free(weaver.free_from);
	return ret ? AUTOMATON_NO_MEMORY : AUTOMATON_MADE;
}

void comb_free(struct comb *comb)
{
	free(comb->base);
	free(comb->otherwise);
	free(comb->owner);
	free(comb->next);
	*comb = (struct comb){0};
}
