/* SPDX-License-Identifier: GPL-2.0 */
/* A translated piece of code, and how control can leave it. */
#ifndef VKERNEL_HARNESS_PLUGIN_BLOCK_H
#define VKERNEL_HARNESS_PLUGIN_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ending {
	ENDING_NEXT,	 /* no branch: what follows */
	ENDING_JUMP,	 /* to `target`, or what follows */
	ENDING_JUMP_ANY, /* to an address that is not in the instruction */
	ENDING_CALL,	 /* of `target`; 0: of an address that is not in the instruction */
	ENDING_RETURN,
	ENDING_LEAVE, /* iret, sysret, sysexit */
	ENDING_ENTER, /* syscall, sysenter, int */
};

struct counter;

struct block {
	struct block *next; /* in the table */
	uint64_t address;   /* of the first instruction */
	uint64_t page;	    /* page_hash() of a program's page; 0 in the kernel */
	uint64_t follows;   /* the address behind the last instruction */
	uint64_t target;
	uint64_t function; /* where its function begins, if that is known; else 0 */
	enum ending ending;
	unsigned int count;	 /* instructions */
	uint16_t *offsets;	 /* of each instruction, from address */
	struct counter *counter; /* the last one used */
	unsigned int generation; /* of counter */
};

/* Reads the last instruction, of size bytes at address; fills ending, follows and target. */
void block_decode(struct block *block, uint64_t address, const uint8_t *bytes, size_t size);

static inline bool in_kernel(uint64_t address)
{
	return address >> 63;
}

/* The instructions of block from address to its end; 0 where none begins there. */
unsigned int block_rest(const struct block *block, uint64_t address);

/* Whether control goes from block to address by itself, without an interrupt or a fault. */
bool block_leads_to(const struct block *block, uint64_t address);

#endif
