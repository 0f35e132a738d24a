/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers for lists of numbers: equal lists get the same number, new ones the next. What is found
 * out about a list can so be kept in an array. Context: one thread at a time for one struct lists.
 */
#ifndef VKERNEL_BUILDER_LISTS_H
#define VKERNEL_BUILDER_LISTS_H

#include <stddef.h>
#include <stdint.h>

struct list {
	uint32_t first, length; /* in words */
	uint32_t hash;
};

/* All zero: there are none. */
struct lists {
	struct list *lists;
	uint32_t *words;
	uint32_t *slots; /* of a hash table: a list's number and 1; 0: not used */
	size_t count, words_count, slots_count;
	size_t lists_capacity, words_capacity;
};

/*
 * The number of the list of length words (which may not lie in lists), added if it is new. Returns
 * 0, or -1 without memory or beyond 2^31 words.
 */
int lists_add(struct lists *lists, const uint32_t *words, size_t length, uint32_t *number);

void lists_free(struct lists *lists);

/* Valid until another list is added. */
static inline const uint32_t *lists_words(const struct lists *lists, uint32_t number)
{
	return lists->words + lists->lists[number].first;
}

static inline size_t lists_length(const struct lists *lists, uint32_t number)
{
	return lists->lists[number].length;
}

/* The order of two words, for qsort(). */
int compare_words(const void *a, const void *b);

/*
 * Makes room in *array (of elements of `element` bytes, *capacity of them) for count. Returns 0, or
 * -1 without memory; *array is then as before.
 */
int array_reserve(void *array, size_t *capacity, size_t count, size_t element);

#endif
