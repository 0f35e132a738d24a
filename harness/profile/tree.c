// SPDX-License-Identifier: GPL-2.0
#include "harness/profile/tree.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The child called name, of length bytes, made where there is none; NULL without memory. */
static struct call_node *child(struct call_node *parent, const char *name, size_t length)
{
	struct call_node **place = &parent->children, *made;

	for (; *place; place = &(*place)->next) {
		int order = strncmp((*place)->name, name, length);

		if (!order && !(*place)->name[length])
			return *place;
		if (order > 0 || (!order && (*place)->name[length]))
			break;
	}
	made = calloc(1, sizeof(*made));
	if (made)
		made->name = strndup(name, length);
	if (!made || !made->name) {
		free(made);
		return NULL;
	}
	made->next = *place;
	*place = made;
	return made;
}

/* The node that the frames lead to; NULL without memory. */
static struct call_node *walk(struct call_node *root, const char *frames)
{
	struct call_node *node = root;

	for (unsigned int depth = 0; node && *frames && depth < TREE_DEEPEST; depth++) {
		size_t length = strcspn(frames, ";");

		node = child(node, frames, length);
		frames += length + (frames[length] == ';');
	}
	return node;
}

static int add(struct call_node *root, const struct profile *profile, bool is_after)
{
	for (size_t i = 0; i < profile->stack_count; i++) {
		const struct stack *stack = &profile->stacks[i];
		struct call_node *node = walk(root, stack->frames);

		if (!node)
			return -1;
		*(is_after ? &node->self_after : &node->self_before) +=
			(double)stack->instructions / profile->operations;
	}
	return 0;
}

static void sum(struct call_node *node)
{
	node->before = node->self_before;
	node->after = node->self_after;
	node->weight = fmax(node->self_before, node->self_after);
	for (struct call_node *each = node->children; each; each = each->next) {
		sum(each);
		node->before += each->before;
		node->after += each->after;
		node->weight += each->weight;
	}
}

struct call_node *tree_make(const struct profile *before, const struct profile *after,
			    struct error *err)
{
	struct call_node *root = calloc(1, sizeof(*root));

	if (!root || add(root, before, false) || add(root, after, true)) {
		tree_free(root);
		error_set(err, EXIT_ENVIRONMENT, "no memory for a tree of calls");
		return NULL;
	}
	sum(root);
	return root;
}

void tree_free(struct call_node *root)
{
	if (!root)
		return;
	while (root->children) {
		struct call_node *next = root->children->next;

		tree_free(root->children);
		root->children = next;
	}
	free(root->name);
	free(root);
}
