/* SPDX-License-Identifier: GPL-2.0 */
/* The stacks of two profiles as one tree of calls. */
#ifndef VKERNEL_HARNESS_PROFILE_TREE_H
#define VKERNEL_HARNESS_PROFILE_TREE_H

#include "harness/profile/profile.h"

#define TREE_DEEPEST 64 /* calls below belong to the frame at this depth */

/* Instructions for each operation. */
struct call_node {
	char *name;
	struct call_node *children, *next; /* by name */
	double self_before, self_after;
	double before, after; /* the children's included */
	/* What it takes to draw it: of before and after the larger, for each function by itself. */
	double weight;
};

/*
 * The tree, whose root is nobody's frame and has no name; NULL with err set without memory. The
 * caller frees it with tree_free().
 */
struct call_node *tree_make(const struct profile *before, const struct profile *after,
			    struct error *err);

void tree_free(struct call_node *root); /* NULL is fine */

#endif
