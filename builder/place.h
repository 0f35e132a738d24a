/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a value stands in a JSON text. jansson tells lines for syntax errors only; whoever walks
 * the values keeps a chain of places on its stack, and the text is searched when a message needs
 * it. Context: any thread.
 */
#ifndef VKERNEL_BUILDER_PLACE_H
#define VKERNEL_BUILDER_PLACE_H

#include <stddef.h>

/* One step from a value to one in it: a key of an object or (key is NULL) an index of an array. */
struct place {
	const struct place *parent; /* NULL: the whole text */
	const char *key;
	size_t index;
};

struct position {
	size_t line; /* from 1 */
	size_t column;
};

#define PLACE_DEPTH 16

/*
 * Where the last search went, so that the search for the next element or key goes on from there
 * and a message for each of many costs no search of the whole text. All zero at first; of one text.
 */
struct place_memory {
	struct {
		const char *container; /* object or array that was searched; NULL: none */
		const char *at;	       /* its element or key that was found */
		size_t index;	       /* of an array's element */
	} steps[PLACE_DEPTH];
	const char *counted; /* position is of this; NULL: nothing counted yet */
	struct position position;
};

/*
 * Finds the value (for a key: the key) at place in text, which must be well-formed JSON. A step
 * that cannot be found ends the search at the value it starts from.
 */
struct position place_find(const struct place *place, const char *text,
			   struct place_memory *memory);

/* Writes "syscalls[3].action" into buffer, cut to size bytes. */
void place_path(const struct place *place, char *buffer, size_t size);

#endif
