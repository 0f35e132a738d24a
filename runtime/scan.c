// SPDX-License-Identifier: GPL-2.0
#include "runtime/scan.h"

#include <emmintrin.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define BLOCK 64

/* Each bit is a byte of a block. */
struct marks {
	uint64_t quotes, backslashes, brackets;
	uint64_t odd; /* a slash, an apostrophe, a backslash: none stands outside of strings */
};

struct scan {
	uint64_t depth;
	uint64_t in_string; /* all ones where the block before ended in a string */
	bool escaped;	    /* it ended with a backslash that escapes what comes */
};

static uint64_t equal(__m128i bytes, char byte)
{
	return _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte)));
}

static uint64_t either(__m128i bytes, char one, char other)
{
	return _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(one)),
					      _mm_cmpeq_epi8(bytes, _mm_set1_epi8(other))));
}

/* [ and {, ] and } differ in one bit. */
static void mark(const char *block, struct marks *marks)
{
	const __m128i bit = _mm_set1_epi8('{' ^ '[');

	*marks = (struct marks){.quotes = 0};
	for (int at = 0; at < BLOCK; at += 16) {
		const __m128i bytes = _mm_loadu_si128((const void *)(block + at));

		marks->quotes |= equal(bytes, '"') << at;
		marks->backslashes |= equal(bytes, '\\') << at;
		marks->brackets |= either(_mm_or_si128(bytes, bit), '{', '}') << at;
		marks->odd |= either(bytes, '/', '\'') << at;
	}
	marks->odd |= marks->backslashes;
}

/* The bytes that a backslash escapes. Few texts have any. */
static uint64_t find_escaped(struct scan *scan, uint64_t backslashes)
{
	uint64_t escaped = scan->escaped;

	scan->escaped = false;
	for (; backslashes; backslashes &= backslashes - 1) {
		const uint64_t bit = backslashes & -backslashes;

		if (bit & escaped)
			continue;
		if (bit >> (BLOCK - 1))
			scan->escaped = true;
		escaped |= bit << 1;
	}
	return escaped;
}

/* Each bit becomes the sum, modulo 2, of itself and all below it. */
static uint64_t sums(uint64_t bits)
{
	for (int shift = 1; shift < BLOCK; shift *= 2)
		bits ^= bits << shift;
	return bits;
}

/* Returns whether to go on; *end is where the container ends in the block, or 0: not well. */
static bool scan_block(struct scan *scan, const char *block, unsigned int *end)
{
	uint64_t strings, brackets;
	struct marks marks;

	*end = 0;
	mark(block, &marks);
	if (marks.backslashes || scan->escaped)
		marks.quotes &= ~find_escaped(scan, marks.backslashes);
	/* From each opening quote to before the closing one. */
	strings = sums(marks.quotes) ^ scan->in_string;
	scan->in_string = -(strings >> (BLOCK - 1));
	brackets = marks.brackets & ~strings;
	for (; brackets; brackets &= brackets - 1) {
		const unsigned int at = __builtin_ctzll(brackets);

		if ((block[at] | ('{' ^ '[')) == '{') {
			scan->depth++;
		} else if (!--scan->depth) {
			/* What comes behind it is the next one's to judge. */
			if (!(marks.odd & ~strings & (((uint64_t)1 << at) - 1)))
				*end = at + 1;
			return false;
		}
	}
	return !(marks.odd & ~strings);
}

const char *scan_container(const char *text, const char *end)
{
	struct scan scan = {.depth = 0};
	char last[BLOCK] = "";
	unsigned int found;

	for (; end - text >= BLOCK; text += BLOCK)
		if (!scan_block(&scan, text, &found))
			return found ? text + found : NULL;
	memcpy(last, text, end - text);
	return !scan_block(&scan, last, &found) && found ? text + found : NULL;
}
