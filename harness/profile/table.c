// SPDX-License-Identifier: GPL-2.0
#include "harness/profile/table.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST (1u << 16)

int table_add(struct table *table, uint64_t address, uint64_t size, const char *image,
	      const char *name)
{
	struct entry entry = {.address = address, .size = size, .image = image};

	if (table->count == table->room) {
		size_t room = table->room ? table->room * 2 : 1024;
		struct entry *larger = realloc(table->entries, room * sizeof(*larger));

		if (!larger)
			return -1;
		table->entries = larger;
		table->room = room;
	}
	entry.name = strdup(name);
	if (!entry.name)
		return -1;
	table->entries[table->count++] = entry;
	table->sorted = false;
	return 0;
}

/* Where a section begins or ends is no function. */
static bool is_boundary(const char *name)
{
	const char *end = strrchr(name, '_');

	return end && (!strcmp(end, "_end") || !strcmp(end, "_start"));
}

/* Names with underscores in front are mostly the less known ones. */
static int compare(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int boundary, under;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	boundary = is_boundary(a->name) - is_boundary(b->name);
	if (boundary)
		return boundary;
	under = (int)strspn(a->name, "_") - (int)strspn(b->name, "_");
	return under ? under : strcmp(a->name, b->name);
}

void table_sort(struct table *table)
{
	size_t kept = 0;

	if (table->sorted)
		return;
	if (table->count)
		qsort(table->entries, table->count, sizeof(*table->entries), compare);
	for (size_t i = 0; i < table->count; i++) {
		if (kept && table->entries[kept - 1].address == table->entries[i].address)
			free(table->entries[i].name);
		else
			table->entries[kept++] = table->entries[i];
	}
	table->count = kept;
	table->sorted = true;
}

const struct entry *table_find(struct table *table, uint64_t address)
{
	size_t low = 0, high;
	const struct entry *entry;

	table_sort(table);
	high = table->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->entries[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	entry = &table->entries[low - 1];
	return address - entry->address < (entry->size ? entry->size : LONGEST) ? entry : NULL;
}

void table_clear(struct table *table)
{
	for (size_t i = 0; i < table->count; i++)
		free(table->entries[i].name);
	free(table->entries);
	*table = (struct table){0};
}
