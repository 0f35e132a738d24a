/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses and names, sorted when they are looked up. */
#ifndef VKERNEL_HARNESS_PROFILE_TABLE_H
#define VKERNEL_HARNESS_PROFILE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct entry {
	uint64_t address;
	uint64_t size;	   /* 0: up to the next entry */
	const char *image; /* the caller's, longer-lived than the table */
	char *name;	   /* the table's */
};

struct table {
	struct entry *entries;
	size_t count, room;
	bool sorted;
};

/* Copies name. Returns 0, or -1 without memory. */
int table_add(struct table *table, uint64_t address, uint64_t size, const char *image,
	      const char *name);

/* Sorts, and keeps of several names for an address the one that says most. */
void table_sort(struct table *table);

/*
 * The entry that address is in, or NULL: before the first one, behind one's size, or, where it has
 * none, farther behind it than a function is long.
 */
const struct entry *table_find(struct table *table, uint64_t address);

/* Frees what the table holds; it is then empty. */
void table_clear(struct table *table);

#endif
