// SPDX-License-Identifier: GPL-2.0
/* Hopcroft's algorithm: blocks of states are split until no path tells the states of one apart. */
#include <stdlib.h>
#include <string.h>

#include "builder/automaton.h"

struct block {
	uint32_t first, end; /* in elements */
	uint32_t marked;     /* so many elements from first on lead into the splitter */
	bool waiting;
};

struct partition {
	const struct automaton *automaton;
	uint32_t *elements; /* states, those of one block together */
	uint32_t *place;    /* by state: in elements */
	uint32_t *block_of; /* by state */
	struct block *blocks;
	size_t count;
	uint32_t *waiting, *touched, *splitter; /* blocks, blocks, states */
	size_t waiting_count, touched_count;

	/* By class: the states that lead to state S are from[first[S]] to before from[first[S + 1]]. */
	uint32_t *first, *from;
};

static void invert_class(struct partition *partition, size_t class)
{
	const struct automaton *automaton = partition->automaton;
	const size_t states = automaton->states;
	uint32_t *first = partition->first + class * (states + 1);
	uint32_t *from = partition->from + class * states;

	for (size_t state = 0; state < states; state++)
		first[automaton->next[state * automaton->classes + class] + 1]++;
	for (size_t state = 0; state < states; state++)
		first[state + 1] += first[state];
	for (size_t state = states; state-- > 0;) {
		const uint32_t next = automaton->next[state * automaton->classes + class];

		from[--first[next + 1]] = state;
	}
	/* Each entry now stands where its own states begin, one place too far. */
	memmove(first, first + 1, states * sizeof(*first));
	first[states] = states;
}

static void wait_for(struct partition *partition, uint32_t block)
{
	partition->blocks[block].waiting = true;
	partition->waiting[partition->waiting_count++] = block;
}

/* At first states with the same accept are together. */
static int make_first_blocks(struct partition *partition)
{
	const struct automaton *automaton = partition->automaton;
	uint32_t *start = calloc(automaton->accepts.count + 1, sizeof(*start));

	if (!start)
		return -1;
	for (size_t state = 0; state < automaton->states; state++)
		start[automaton->accept[state] + 1]++;
	for (size_t accept = 0; accept < automaton->accepts.count; accept++) {
		start[accept + 1] += start[accept];
		if (start[accept] == start[accept + 1])
			continue;
		partition->blocks[partition->count] =
			(struct block){.first = start[accept], .end = start[accept + 1]};
		wait_for(partition, partition->count++);
	}
	for (size_t state = 0; state < automaton->states; state++) {
		const uint32_t place = start[automaton->accept[state]]++;

		partition->elements[place] = state;
		partition->place[state] = place;
	}
	for (uint32_t block = 0; block < partition->count; block++)
		for (uint32_t i = partition->blocks[block].first; i < partition->blocks[block].end;
		     i++)
			partition->block_of[partition->elements[i]] = block;
	free(start);
	return 0;
}

static void mark(struct partition *partition, uint32_t state)
{
	const uint32_t number = partition->block_of[state];
	struct block *block = &partition->blocks[number];
	const uint32_t place = partition->place[state], to = block->first + block->marked;
	const uint32_t other = partition->elements[to];

	if (place < to)
		return;
	if (!block->marked++)
		partition->touched[partition->touched_count++] = number;
	partition->elements[to] = state;
	partition->elements[place] = other;
	partition->place[state] = to;
	partition->place[other] = place;
}

/* Makes the marked part of a block one of its own. */
static void split(struct partition *partition, uint32_t number)
{
	struct block *block = &partition->blocks[number];
	const uint32_t middle = block->first + block->marked, made = partition->count;

	block->marked = 0;
	if (middle == block->end)
		return;
	partition->count++;
	partition->blocks[made] = (struct block){.first = block->first, .end = middle};
	block->first = middle;
	for (uint32_t i = partition->blocks[made].first; i < middle; i++)
		partition->block_of[partition->elements[i]] = made;
	if (block->waiting || middle - partition->blocks[made].first <= block->end - middle)
		wait_for(partition, made);
	else
		wait_for(partition, number);
}

static void refine(struct partition *partition)
{
	const size_t states = partition->automaton->states;

	while (partition->waiting_count) {
		const uint32_t number = partition->waiting[--partition->waiting_count];
		struct block *block = &partition->blocks[number];
		const size_t size = block->end - block->first;

		/* The block itself may be split meanwhile. */
		block->waiting = false;
		memcpy(partition->splitter, partition->elements + block->first,
		       size * sizeof(*partition->splitter));
		for (size_t class = 0; class < partition->automaton->classes; class ++) {
			const uint32_t *first = partition->first + class * (states + 1);
			const uint32_t *from = partition->from + class * states;

			partition->touched_count = 0;
			for (size_t i = 0; i < size; i++) {
				const uint32_t state = partition->splitter[i];

				for (uint32_t j = first[state]; j < first[state + 1]; j++)
					mark(partition, from[j]);
			}
			for (size_t i = 0; i < partition->touched_count; i++)
				split(partition, partition->touched[i]);
		}
	}
}

/*
 * Numbers blocks as they are met from the start, breadth first, and makes states of them. Whichever
 * state of a block is taken, the outcome is the same.
 */
static int take_blocks(const struct partition *partition, struct automaton *automaton)
{
	const size_t classes = automaton->classes, count = partition->count;
	uint32_t *number = malloc(count * sizeof(*number));
	uint32_t *one_of = malloc(count * sizeof(*one_of));
	uint32_t *next = malloc(count * classes * sizeof(*next));
	uint32_t *accept = malloc(count * sizeof(*accept));
	size_t numbered = 0;
	int ret = -1;

	if (!number || !one_of || !next || !accept)
		goto free_all;
	memset(number, 0xff, count * sizeof(*number));
	number[partition->block_of[0]] = 0;
	one_of[numbered++] = 0;
	for (size_t state = 0; state < numbered; state++) {
		const uint32_t *from = automaton->next + one_of[state] * classes;

		accept[state] = automaton->accept[one_of[state]];
		for (size_t class = 0; class < classes; class ++) {
			uint32_t *to = &number[partition->block_of[from[class]]];

			if (*to == UINT32_MAX) {
				*to = numbered;
				one_of[numbered++] = from[class];
			}
			next[state * classes + class] = *to;
		}
	}
	free(automaton->next);
	free(automaton->accept);
	automaton->next = next;
	automaton->accept = accept;
	automaton->states = numbered;
	next = accept = NULL;
	ret = 0;
free_all:
	free(number);
	free(one_of);
	free(next);
	free(accept);
	return ret;
}

static int reserve(struct partition *partition)
{
	const size_t states = partition->automaton->states;
	const size_t classes = partition->automaton->classes;

	partition->elements = calloc(states, sizeof(uint32_t));
	partition->place = calloc(states, sizeof(uint32_t));
	partition->block_of = calloc(states, sizeof(uint32_t));
	partition->blocks = calloc(states, sizeof(struct block));
	partition->waiting = calloc(states, sizeof(uint32_t));
	partition->touched = calloc(states, sizeof(uint32_t));
	partition->splitter = calloc(states, sizeof(uint32_t));
	partition->first = calloc(classes * (states + 1), sizeof(uint32_t));
	partition->from = calloc(classes * states, sizeof(uint32_t));
	return partition->elements && partition->place && partition->block_of &&
			       partition->blocks && partition->waiting && partition->touched &&
			       partition->splitter && partition->first && partition->from
		       ? 0
		       : -1;
}

enum automaton_result automaton_minimise(struct automaton *automaton)
{
	struct partition partition = {.automaton = automaton};
	int ret = reserve(&partition);

	if (!ret)
		ret = make_first_blocks(&partition);
	if (!ret) {
		for (size_t class = 0; class < automaton->classes; class ++)
			invert_class(&partition, class);
		refine(&partition);
		ret = take_blocks(&partition, automaton);
	}
	free(partition.elements);
	free(partition.place);
	free(partition.block_of);
	free(partition.blocks);
	free(partition.waiting);
	free(partition.touched);
	free(partition.splitter);
	free(partition.first);
	free(partition.from);
	return ret ? AUTOMATON_NO_MEMORY : AUTOMATON_MADE;
}
