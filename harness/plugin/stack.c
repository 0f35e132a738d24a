// SPDX-License-Identifier: GPL-2.0
#include "harness/plugin/stack.h"

#include <stdlib.h>
#include <string.h>

#include "harness/plugin/memory.h"

#define NODE_BUCKETS 65536u
#define TASK_BUCKETS 256u
#define ENTRIES_MOST 256

static struct node *nodes[NODE_BUCKETS];
static struct node **in_order;
static unsigned int node_count, node_room;
static struct node root;
static struct task *tasks[TASK_BUCKETS];

/* Where interrupts and exceptions were seen to arrive: a few addresses of the kernel. */
static uint64_t entries[ENTRIES_MOST];
static unsigned int entry_count;

static bool is_entry(uint64_t address)
{
	for (unsigned int i = 0; i < entry_count; i++)
		if (entries[i] == address)
			return true;
	return false;
}

static void learn_entry(uint64_t address)
{
	if (entry_count < ENTRIES_MOST && !is_entry(address))
		entries[entry_count++] = address;
}

struct task *stack_task(uint64_t address)
{
	struct task **bucket = &tasks[(address >> 6) % TASK_BUCKETS], *task;

	for (task = *bucket; task; task = task->next)
		if (task->address == address)
			return task;
	task = allocate(sizeof(*task));
	task->address = address;
	task->next = *bucket;
	*bucket = task;
	return task;
}

static void keep_in_order(struct node *node)
{
	if (node_count == node_room) {
		node_room = node_room ? node_room * 2 : 1024;
		in_order = reallocate(in_order, node_room * sizeof(*in_order));
	}
	in_order[node_count++] = node;
	node->number = node_count;
}

static struct node *child_of(struct node *parent, const struct block *block)
{
	uint64_t address = block->function ? block->function : block->address;
	uint64_t hash = (uintptr_t)parent / sizeof(*parent) * 31 + address * 7 + block->page;
	struct node **bucket = &nodes[(hash ^ hash >> 17) % NODE_BUCKETS], *node;

	for (node = *bucket; node; node = node->next)
		if (node->parent == parent && node->address == address && node->page == block->page)
			return node;
	node = allocate(sizeof(*node));
	node->parent = parent;
	node->address = address;
	node->page = block->page;
	node->next = *bucket;
	*bucket = node;
	keep_in_order(node);
	return node;
}

static struct node *top(const struct task *task)
{
	return task->depth ? task->frames[task->depth - 1].node : &root;
}

/* A stack that is too deep stays as it is; the returns that follow find their frames all the same. */
static void push(struct task *task, const struct block *block, uint64_t back,
		 const struct block *broken)
{
	struct node *node = child_of(top(task), block);

	if (task->depth == FRAMES_MOST)
		return;
	task->frames[task->depth++] = (struct frame){.node = node, .back = back, .broken = broken};
}

/* The function of the frame on top has become that of block, without a call. */
static void replace(struct task *task, const struct block *block)
{
	struct frame *frame;

	if (task->depth <= (in_kernel(block->address) ? task->outside : 0)) {
		push(task, block, 0, NULL);
		return;
	}
	frame = &task->frames[task->depth - 1];
	frame->node = child_of(frame->node->parent, block);
}

/* The lowest frame that a return in the mode of address may pop. */
static unsigned int bottom(const struct task *task, uint64_t address)
{
	return in_kernel(address) ? task->outside : 0;
}

static void step_return(struct task *task, const struct block *block)
{
	unsigned int lowest = bottom(task, block->address);

	for (unsigned int i = task->depth; i > lowest; i--)
		if (task->frames[i - 1].back == block->address) {
			task->depth = i - 1;
			return;
		}
	if (is_entry(block->address)) {
		push(task, block, 0, task->last);
		return;
	}
	/* It went elsewhere: a jump by way of a return, as retpolines make it. */
	replace(task, block);
}

static void step_by(struct task *task, const struct block *last, const struct block *block);

/* Whether block is the rest of last, which a fault ended. */
static bool resumes(const struct block *last, const struct block *block, struct broken *broken)
{
	*broken = (struct broken){last, block_rest(last, block->address)};
	return broken->instructions;
}

/* Back to what an interrupt came in, in the same mode. */
static void step_leave(struct task *task, const struct block *block, struct broken *broken)
{
	unsigned int lowest = bottom(task, block->address);

	for (unsigned int i = task->depth; i > lowest; i--) {
		const struct block *last = task->frames[i - 1].broken;

		if (!last)
			continue;
		task->depth = i - 1;
		if (!resumes(last, block, broken) && block_leads_to(last, block->address))
			step_by(task, last, block);
		return;
	}
}

/* From last to block by what last ends with. */
static void step_by(struct task *task, const struct block *last, const struct block *block)
{
	switch (last->ending) {
	case ENDING_CALL:
		push(task, block, last->follows, NULL);
		break;
	case ENDING_RETURN:
		step_return(task, block);
		break;
	case ENDING_JUMP:
	case ENDING_JUMP_ANY:
	case ENDING_NEXT:
		if (block->function && block->function != last->function)
			replace(task, block);
		break;
	case ENDING_LEAVE:
	case ENDING_ENTER:
		break;
	}
}

static void step_inside(struct task *task, const struct block *last, const struct block *block,
			struct broken *broken)
{
	bool indirect =
		last->ending == ENDING_JUMP_ANY || (last->ending == ENDING_CALL && !last->target);

	if (last->ending == ENDING_LEAVE)
		step_leave(task, block, broken);
	else if (!block_leads_to(last, block->address)) {
		if (resumes(last, block, broken))
			return;
		learn_entry(block->address);
		push(task, block, 0, last);
	} else if (indirect && is_entry(block->address))
		push(task, block, 0, last);
	else
		step_by(task, last, block);
}

/* Into the kernel, whose frames lie on top of the program's. */
static void step_enter(struct task *task, const struct block *last, const struct block *block)
{
	task->outside = task->depth;
	task->last_outside = last;
	if (last->ending != ENDING_ENTER)
		learn_entry(block->address);
	push(task, block, 0, NULL);
}

/*
 * Back to the program: where it left off, or elsewhere, which is another program or a signal's
 * handler; what was called before is not known then.
 */
static void step_outside(struct task *task, const struct block *block, struct broken *broken)
{
	const struct block *last = task->last_outside;

	task->depth = task->outside;
	task->outside = 0;
	task->last_outside = NULL;
	if (last && last->ending == ENDING_ENTER && last->follows == block->address)
		return;
	if (last && resumes(last, block, broken))
		return;
	if (last && last->ending != ENDING_ENTER && block_leads_to(last, block->address))
		step_by(task, last, block);
	else
		task->depth = 0;
}

struct node *stack_step(struct task *task, const struct block *block, struct broken *broken)
{
	const struct block *last = task->last;

	*broken = (struct broken){0};
	if (!last)
		push(task, block, 0, NULL);
	else if (in_kernel(last->address) && !in_kernel(block->address))
		step_outside(task, block, broken);
	else if (!in_kernel(last->address) && in_kernel(block->address))
		step_enter(task, last, block);
	else
		step_inside(task, last, block, broken);
	task->last = block;
	if (!task->depth)
		push(task, block, 0, NULL);
	return top(task);
}

void stack_nodes(void (*visit)(const struct node *node, void *context), void *context)
{
	for (unsigned int i = 0; i < node_count; i++)
		visit(in_order[i], context);
}

static void free_tasks(void)
{
	for (unsigned int i = 0; i < TASK_BUCKETS; i++) {
		while (tasks[i]) {
			struct task *next = tasks[i]->next;

			free(tasks[i]);
			tasks[i] = next;
		}
	}
}

void stack_reset(void)
{
	free_tasks();
	for (unsigned int i = 0; i < node_count; i++)
		free(in_order[i]);
	node_count = 0;
	memset(nodes, 0, sizeof(nodes));
}
