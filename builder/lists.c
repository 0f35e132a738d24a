// SPDX-License-Identifier: GPL-2.0
#include "builder/lists.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MAX (UINT32_C(1) << 31)

int array_reserve(void *array, size_t *capacity, size_t count, size_t element)
{
	size_t wanted = *capacity ? *capacity : 64;
	void *grown;

	if (count <= *capacity)
		return 0;
	while (wanted < count)
		wanted *= 2;
	grown = reallocarray(*(void **)array, wanted, element);
	if (!grown)
		return -1;
	*(void **)array = grown;
	*capacity = wanted;
	return 0;
}

int compare_words(const void *a, const void *b)
{
	const uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

static uint32_t hash_of(const uint32_t *words, size_t length)
{
	uint64_t hash = length;

	while (length--) {
		hash = (hash ^ *words++) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return hash;
}

static void put(struct lists *lists, uint32_t hash, uint32_t number)
{
	size_t slot = hash & (lists->slots_count - 1);

	while (lists->slots[slot])
		slot = (slot + 1) & (lists->slots_count - 1);
	lists->slots[slot] = number + 1;
}

/* At most half of the slots are in use. */
static int reserve_slot(struct lists *lists)
{
	const size_t count = lists->slots_count ? 2 * lists->slots_count : 256;
	uint32_t *slots;

	if (2 * (lists->count + 1) <= lists->slots_count)
		return 0;
	slots = calloc(count, sizeof(*slots));
	if (!slots)
		return -1;
	free(lists->slots);
	lists->slots = slots;
	lists->slots_count = count;
	for (size_t i = 0; i < lists->count; i++)
		put(lists, lists->lists[i].hash, i);
	return 0;
}

static uint32_t find(const struct lists *lists, uint32_t hash, const uint32_t *words, size_t length)
{
	size_t slot = hash & (lists->slots_count - 1);

	for (; lists->slots[slot]; slot = (slot + 1) & (lists->slots_count - 1)) {
		const uint32_t number = lists->slots[slot] - 1;
		const struct list *list = &lists->lists[number];

		if (list->hash == hash && list->length == length &&
		    !memcmp(lists->words + list->first, words, length * sizeof(*words)))
			return number;
	}
	return UINT32_MAX;
}

int lists_add(struct lists *lists, const uint32_t *words, size_t length, uint32_t *number)
{
	const uint32_t hash = hash_of(words, length);

	if (reserve_slot(lists))
		return -1;
	*number = find(lists, hash, words, length);
	if (*number != UINT32_MAX)
		return 0;
	/* One word more, so that there is an array even where all lists are empty. */
	if (lists->words_count + length > WORDS_MAX ||
	    array_reserve(&lists->words, &lists->words_capacity, lists->words_count + length + 1,
			  sizeof(*lists->words)) ||
	    array_reserve(&lists->lists, &lists->lists_capacity, lists->count + 1,
			  sizeof(*lists->lists)))
		return -1;
	*number = lists->count++;
	lists->lists[*number] =
		(struct list){.first = lists->words_count, .length = length, .hash = hash};
	memcpy(lists->words + lists->words_count, words, length * sizeof(*words));
	lists->words_count += length;
	put(lists, hash, *number);
	return 0;
}

void lists_free(struct lists *lists)
{
	free(lists->lists);
	free(lists->words);
	free(lists->slots);
	*lists = (struct lists){0};
}
