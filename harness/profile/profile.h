/* SPDX-License-Identifier: GPL-2.0 */
/* Where the instructions of one launch went, by function and by stack, with names. */
#ifndef VKERNEL_HARNESS_PROFILE_PROFILE_H
#define VKERNEL_HARNESS_PROFILE_PROFILE_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "harness/profile/symbols.h"
#include "lib/error.h"

#define PROFILE_SCHEMA 1

struct share {
	char *image, *symbol;
	uint64_t instructions;
};

struct stack {
	char *frames; /* from the outermost, with ';' between them */
	uint64_t instructions;
};

struct profile {
	char *run, *workload, *configuration;
	unsigned int boot;
	char scope[16];	       /* what was counted: "thread", "elapsed", or "launch", all of it */
	double operations;     /* in what was counted */
	double elapsed_ns;     /* of what was counted, by the clock of the workload's figure */
	uint64_t instructions; /* the sum of the shares, and of the stacks */
	struct share *shares;  /* by image and symbol, each once */
	size_t share_count;
	struct stack *stacks; /* by frames, each once */
	size_t stack_count;
};

/*
 * Reads a record (harness/plugin/record.h) from in, and sets scope, instructions, shares and stacks;
 * the others are the caller's to set. Returns 0, or -1 with err set where there is no whole record.
 */
int profile_read_record(FILE *in, struct symbols *symbols, struct profile *profile,
			struct error *err);

/* The pages, page_hash(), that a record names and symbols do not know; the caller frees them. */
int profile_unknown_pages(FILE *in, struct symbols *symbols, uint64_t **pages, size_t *count,
			  struct error *err);

/* As a line of attribution.jsonl, without a newline; NULL without memory. The caller owns it. */
json_t *profile_to_json(const struct profile *profile);

/* The reverse. Returns 0, or -1 with err set: the object is not of that form. */
int profile_from_json(const json_t *object, struct profile *profile, struct error *err);

/* Frees what profile holds; zeroed is fine. */
void profile_clear(struct profile *profile);

#endif
