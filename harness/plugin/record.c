// SPDX-License-Identifier: GPL-2.0
#include "harness/plugin/record.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/plugin/memory.h"

#define BUCKETS 65536u

/* Instructions of a block in a node. */
struct counter {
	struct counter *next;
	struct node *node;
	const struct block *block;
	uint64_t kept;	   /* of spans that have ended */
	uint64_t open;	   /* of the span `span`, of which it is not known whether it stays */
	unsigned int span; /* from 1 */
};

static struct counter *counters[BUCKETS];
static unsigned int generation = 1; /* of the record: blocks outlive it */
static enum scope current_scope;

/* Whether a span stays, by its number. */
static bool *stays;
static unsigned int spans, span_room;

static void next_span(void)
{
	spans++;
	if (spans >= span_room) {
		span_room = span_room ? span_room * 2 : 64;
		stays = reallocate(stays, span_room * sizeof(*stays));
	}
	stays[spans] = false;
}

static void settle(struct counter *counter)
{
	if (counter->span && stays[counter->span])
		counter->kept += counter->open;
	counter->open = 0;
	counter->span = spans;
}

static void forget(void)
{
	for (unsigned int i = 0; i < BUCKETS; i++) {
		while (counters[i]) {
			struct counter *next = counters[i]->next;

			free(counters[i]);
			counters[i] = next;
		}
	}
	generation++;
	spans = 0;
}

void record_begin(void)
{
	forget();
	current_scope = SCOPE_LAUNCH;
	next_span();
}

void record_span(enum scope scope)
{
	if (current_scope == SCOPE_LAUNCH)
		forget();
	current_scope = scope;
	next_span();
}

void record_span_end(void)
{
	stays[spans] = true;
}

static struct counter *find(struct node *node, struct block *block)
{
	uint64_t hash = (uintptr_t)node / 16 * 31 + (uintptr_t)block / 16;
	struct counter **bucket = &counters[(hash ^ hash >> 16) % BUCKETS], *counter;

	for (counter = *bucket; counter; counter = counter->next)
		if (counter->node == node && counter->block == block)
			return counter;
	counter = allocate(sizeof(*counter));
	counter->node = node;
	counter->block = block;
	counter->next = *bucket;
	*bucket = counter;
	return counter;
}

/* The counter of block in node, ready for the present span. */
static struct counter *ready(struct node *node, struct block *block)
{
	struct counter *counter = block->counter;

	if (block->generation != generation || counter->node != node) {
		counter = find(node, block);
		block->counter = counter;
		block->generation = generation;
	}
	if (counter->span != spans)
		settle(counter);
	return counter;
}

void record_count(struct node *node, struct block *block, const struct broken *broken)
{
	ready(node, block)->open += block->count;
	if (broken->instructions) {
		struct counter *counter = ready(node, (struct block *)broken->block);

		if (counter->open >= broken->instructions)
			counter->open -= broken->instructions;
	}
}

static void write_node(const struct node *node, void *context)
{
	if (!node->used)
		return;
	fprintf(context, "node %u %u %" PRIx64 " %" PRIx64 "\n", node->number,
		node->parent ? node->parent->number : 0, node->address, node->page);
}

static unsigned int kept_spans(void)
{
	unsigned int count = 0;

	for (unsigned int i = 1; i <= spans; i++)
		count += stays[i];
	return count;
}

static void settle_all(void)
{
	for (unsigned int i = 0; i < BUCKETS; i++)
		for (struct counter *c = counters[i]; c; c = c->next) {
			settle(c);
			for (struct node *node = c->node; c->kept && node; node = node->parent)
				node->used = true;
		}
}

static uint64_t write_counts(FILE *out)
{
	uint64_t total = 0;

	for (unsigned int i = 0; i < BUCKETS; i++)
		for (const struct counter *c = counters[i]; c; c = c->next) {
			if (!c->kept)
				continue;
			total += c->kept;
			fprintf(out, "count %u %" PRIx64 " %" PRIx64 " %" PRIu64 "\n",
				c->node->number, c->block->address, c->block->page, c->kept);
		}
	return total;
}

int record_write(FILE *out)
{
	static const char *const names[] = {"none", "launch", "thread", "elapsed"};

	if (current_scope == SCOPE_LAUNCH)
		record_span_end();
	settle_all();
	fprintf(out, "launch %s %u\n", names[current_scope], kept_spans());
	stack_nodes(write_node, out);
	fprintf(out, "end %" PRIu64 "\n", write_counts(out));
	return fflush(out) || ferror(out) ? -1 : 0;
}
