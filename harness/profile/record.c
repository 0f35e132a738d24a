// SPDX-License-Identifier: GPL-2.0
/* From the plugin's record to shares and stacks. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "harness/profile/profile.h"
#include "lib/cleanup.h"

/* Deeper stacks are cut: a program that calls itself is not worth a page of text. */
#define DEEPEST	 96
/* What a stack must have of all to be kept, as a part of so many. */
#define THINNEST 10000

struct frame {
	unsigned int parent;
	struct symbol symbol;
};

struct reader {
	FILE *in;
	struct symbols *symbols;
	struct profile *profile;
	struct frame *frames; /* frames[0] is nobody */
	size_t frame_count, frame_room;
	size_t share_room, stack_room;
	uint64_t end;
};

static int malformed(const char *line, struct error *err)
{
	return error_set(err, EXIT_ENVIRONMENT,
			 "the plugin's record has a line \"%.80s\"; is it of "
			 "another version?",
			 line);
}

static int no_memory(struct error *err)
{
	return error_set(err, EXIT_ENVIRONMENT, "no memory for an attribution");
}

/* Room for one more of size bytes each; -1 without memory. */
static int make_room(void **array, size_t count, size_t *room, size_t size)
{
	size_t wanted = *room ? *room * 2 : 1024;
	void *larger;

	if (count < *room)
		return 0;
	larger = realloc(*array, wanted * size);
	if (!larger)
		return -1;
	*array = larger;
	*room = wanted;
	return 0;
}

static int read_node(struct reader *reader, const char *line, struct error *err)
{
	uint64_t address, page;
	unsigned int number, parent;

	if (sscanf(line, "node %u %u %" SCNx64 " %" SCNx64, &number, &parent, &address, &page) !=
		    4 ||
	    number < reader->frame_count || number - reader->frame_count > 1u << 24 ||
	    parent >= reader->frame_count)
		return malformed(line, err);
	while (reader->frame_count <= number) {
		if (make_room((void **)&reader->frames, reader->frame_count, &reader->frame_room,
			      sizeof(*reader->frames)))
			return no_memory(err);
		reader->frames[reader->frame_count++] = (struct frame){0};
	}
	reader->frames[number].parent = parent;
	reader->frames[number].symbol = symbols_find(reader->symbols, address, page);
	return 0;
}

/* What stands for a function in a stack: its name, or whose it is. */
static const char *frame_name(const struct symbol *symbol)
{
	return symbol->name[0] == '[' && strcmp(symbol->image, "kernel") ? symbol->image
									 : symbol->name;
}

/* The names from the outermost frame to node's, and leaf's where that is another function's. */
static char *fold(const struct reader *reader, unsigned int node, const struct symbol *leaf)
{
	const char *names[DEEPEST];
	unsigned int depth = 0;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	if (!node || strcmp(frame_name(leaf), frame_name(&reader->frames[node].symbol)))
		names[depth++] = frame_name(leaf);
	for (; node && depth < DEEPEST; node = reader->frames[node].parent)
		names[depth++] = frame_name(&reader->frames[node].symbol);
	while (depth--)
		fprintf(out, "%s%s", names[depth], depth ? ";" : "");
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

static int add_share(struct reader *reader, const struct symbol *symbol, uint64_t instructions)
{
	struct profile *profile = reader->profile;
	struct share *share;

	if (make_room((void **)&profile->shares, profile->share_count, &reader->share_room,
		      sizeof(*profile->shares)))
		return -1;
	share = &profile->shares[profile->share_count++];
	share->image = strdup(symbol->image);
	share->symbol = strdup(symbol->name);
	share->instructions = instructions;
	return share->image && share->symbol ? 0 : -1;
}

static int add_stack(struct reader *reader, unsigned int node, const struct symbol *leaf,
		     uint64_t instructions)
{
	struct profile *profile = reader->profile;
	struct stack *stack;

	if (make_room((void **)&profile->stacks, profile->stack_count, &reader->stack_room,
		      sizeof(*profile->stacks)))
		return -1;
	stack = &profile->stacks[profile->stack_count++];
	stack->frames = fold(reader, node, leaf);
	stack->instructions = instructions;
	return stack->frames ? 0 : -1;
}

static int read_count(struct reader *reader, const char *line, struct error *err)
{
	uint64_t address, page, instructions;
	struct symbol symbol;
	unsigned int node;

	if (sscanf(line, "count %u %" SCNx64 " %" SCNx64 " %" SCNu64, &node, &address, &page,
		   &instructions) != 4 ||
	    node >= reader->frame_count)
		return malformed(line, err);
	symbol = symbols_find(reader->symbols, address, page);
	reader->profile->instructions += instructions;
	if (add_share(reader, &symbol, instructions) ||
	    add_stack(reader, node, &symbol, instructions))
		return no_memory(err);
	return 0;
}

static int compare_shares(const void *left, const void *right)
{
	const struct share *a = left, *b = right;
	int image = strcmp(a->image, b->image);

	return image ? image : strcmp(a->symbol, b->symbol);
}

static int compare_stacks(const void *left, const void *right)
{
	const struct stack *a = left, *b = right;

	return strcmp(a->frames, b->frames);
}

static void merge_shares(struct profile *profile)
{
	size_t kept = 0;

	if (profile->share_count)
		qsort(profile->shares, profile->share_count, sizeof(*profile->shares),
		      compare_shares);
	for (size_t i = 0; i < profile->share_count; i++) {
		struct share *share = &profile->shares[i];

		if (kept && !compare_shares(&profile->shares[kept - 1], share)) {
			profile->shares[kept - 1].instructions += share->instructions;
			free(share->image);
			free(share->symbol);
		} else {
			profile->shares[kept++] = *share;
		}
	}
	profile->share_count = kept;
}

static void merge_stacks(struct profile *profile)
{
	size_t kept = 0;

	if (profile->stack_count)
		qsort(profile->stacks, profile->stack_count, sizeof(*profile->stacks),
		      compare_stacks);
	for (size_t i = 0; i < profile->stack_count; i++) {
		struct stack *stack = &profile->stacks[i];

		if (kept && !compare_stacks(&profile->stacks[kept - 1], stack)) {
			profile->stacks[kept - 1].instructions += stack->instructions;
			free(stack->frames);
		} else {
			profile->stacks[kept++] = *stack;
		}
	}
	profile->stack_count = kept;
}

/* Cuts the last frame off stacks of less than least; true where there was one to cut. */
static bool cut_stacks(struct profile *profile, uint64_t least)
{
	bool cut = false;

	for (size_t i = 0; i < profile->stack_count; i++) {
		struct stack *stack = &profile->stacks[i];
		char *last = stack->instructions < least ? strrchr(stack->frames, ';') : NULL;

		if (!last)
			continue;
		*last = '\0';
		cut = true;
	}
	return cut;
}

/*
 * There are tens of thousands of stacks in which next to nothing was executed. What is in them counts
 * for the functions that called there.
 */
static void thin_stacks(struct profile *profile)
{
	do
		merge_stacks(profile);
	while (cut_stacks(profile, profile->instructions / THINNEST));
}

/* 1: that was the last line. */
static int read_line(struct reader *reader, const char *line, struct error *err)
{
	unsigned int spans;

	if (!strncmp(line, "count ", 6))
		return read_count(reader, line, err);
	if (!strncmp(line, "node ", 5))
		return read_node(reader, line, err);
	if (sscanf(line, "end %" SCNu64, &reader->end) == 1)
		return 1;
	if (sscanf(line, "launch %15s %u", reader->profile->scope, &spans) == 2)
		return 0;
	return malformed(line, err);
}

static int read_lines(struct reader *reader, struct error *err)
{
	autofree char *line = NULL;
	size_t size = 0;
	int result = 0;

	while (!result && getline(&line, &size, reader->in) > 0)
		result = read_line(reader, line, err);
	if (result < 0)
		return -1;
	if (!result)
		return error_set(err, EXIT_ENVIRONMENT,
				 "the plugin has written no whole record of the launch");
	return 0;
}

int profile_read_record(FILE *in, struct symbols *symbols, struct profile *profile,
			struct error *err)
{
	struct reader reader = {.in = in, .symbols = symbols, .profile = profile};
	int result;

	if (make_room((void **)&reader.frames, 0, &reader.frame_room, sizeof(*reader.frames)))
		return no_memory(err);
	reader.frames[reader.frame_count++] = (struct frame){0};
	result = read_lines(&reader, err);
	free(reader.frames);
	if (result)
		return -1;
	if (profile->instructions != reader.end)
		return error_set(err, EXIT_ENVIRONMENT,
				 "the plugin's record says %" PRIu64
				 " instructions and has %" PRIu64,
				 reader.end, profile->instructions);
	merge_shares(profile);
	thin_stacks(profile);
	return 0;
}

static int compare_words(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

static size_t unique(uint64_t *words, size_t count)
{
	size_t kept = 0;

	if (count)
		qsort(words, count, sizeof(*words), compare_words);
	for (size_t i = 0; i < count; i++)
		if (!kept || words[kept - 1] != words[i])
			words[kept++] = words[i];
	return kept;
}

int profile_unknown_pages(FILE *in, struct symbols *symbols, uint64_t **pages, size_t *count,
			  struct error *err)
{
	autofree char *line = NULL;
	size_t size = 0, room = 0;

	*pages = NULL;
	*count = 0;
	while (getline(&line, &size, in) > 0) {
		uint64_t address, page;

		if (sscanf(line, "count %*u %" SCNx64 " %" SCNx64, &address, &page) != 2 || !page ||
		    strcmp(symbols_find(symbols, address, page).image, "unknown"))
			continue;
		if (make_room((void **)pages, *count, &room, sizeof(**pages)))
			return no_memory(err);
		(*pages)[(*count)++] = page;
	}
	*count = unique(*pages, *count);
	return 0;
}
