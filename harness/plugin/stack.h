/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which functions are active, for each task of the guest, from the blocks that it executes: calls
 * push, returns pop to the frame that they return to, interrupts push until they are left.
 * Context: QEMU's one thread that executes the guest.
 */
#ifndef VKERNEL_HARNESS_PLUGIN_STACK_H
#define VKERNEL_HARNESS_PLUGIN_STACK_H

#include "harness/plugin/block.h"

#define FRAMES_MOST 192

/* A function as called from the functions above it; the same for all tasks. */
struct node {
	struct node *next; /* in the table */
	struct node *parent;
	uint64_t address, page; /* of the function, or of the first block seen of it */
	unsigned int number;	/* in the order of their making, from 1; the root is 0 */
	bool used;		/* it, or one that it called, has counts: record.c's */
};

struct frame {
	struct node *node;
	uint64_t back;		    /* where its return goes; 0: an entry into the kernel */
	const struct block *broken; /* what an interrupt came in; else NULL */
};

struct task {
	struct task *next; /* in the table */
	uint64_t address;
	const struct block *last, *last_outside; /* any; in user space */
	unsigned int depth, outside;		 /* frames; those of user space, which lie below */
	struct frame frames[FRAMES_MOST];
};

/* What a fault kept a block from executing; it is executed again from there. */
struct broken {
	const struct block *block;
	unsigned int instructions; /* 0: there is none */
};

/* The task at address, which begins with no frames; never NULL. */
struct task *stack_task(uint64_t address);

/*
 * task goes on with block. Returns the node that block belongs to; *broken, where there is one,
 * belongs to the same.
 */
struct node *stack_step(struct task *task, const struct block *block, struct broken *broken);

/* Calls visit for every node in the order of their numbers, parents first, without the root. */
void stack_nodes(void (*visit)(const struct node *node, void *context), void *context);

/* Forgets tasks and nodes. */
void stack_reset(void);

#endif
