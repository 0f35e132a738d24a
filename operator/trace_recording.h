/* SPDX-License-Identifier: GPL-2.0 */
/* What was seen of containers: each different thing once. Context: any thread, one at a time. */
#ifndef VKERNEL_OPERATOR_TRACE_RECORDING_H
#define VKERNEL_OPERATOR_TRACE_RECORDING_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/error.h"
#include "operator/bpf/trace.h"

struct recorded_call {
	enum trace_table table;
	unsigned int number;
	bool unread;		       /* what an argument points to could not be read */
	uint64_t values[TRACE_VALUES]; /* of trace_call_arguments(), masked; others are 0 */
	uint64_t count;
};

struct recorded_file {
	char *path;	     /* any bytes but zero; a directory's ends with '/' */
	unsigned int access; /* TRACE_EXECUTE, ... */
};

struct recorded_fact {
	enum trace_fact_kind kind;
	unsigned int first, second; /* see enum trace_fact_kind */
	uint64_t count;
};

struct recording {
	struct recorded_call *calls; /* sorted by table, number and values, when settled */
	struct recorded_file *files; /* sorted by path, each once, when settled */
	struct recorded_fact *facts; /* sorted by kind, first and second, when settled */
	size_t calls_count, files_count, facts_count;
	size_t calls_size, files_size, facts_size;
	unsigned int runs;
	uint64_t lost; /* things that were seen and could not be kept */
};

/* All zeros is an empty recording. */
void recording_free(struct recording *recording);

/* Each returns 0, or -1 with err set. What is there already is added to by recording_settle(). */
int recording_add_call(struct recording *recording, const struct recorded_call *call,
		       struct error *err);
int recording_add_file(struct recording *recording, const char *path, size_t length,
		       unsigned int access, struct error *err);
int recording_add_fact(struct recording *recording, const struct recorded_fact *fact,
		       struct error *err);

/* Sorts, and makes one of what is the same. */
void recording_settle(struct recording *recording);

/* Adds all of other, and settles. */
int recording_merge(struct recording *recording, const struct recording *other, struct error *err);

/* NULL with err set. */
json_t *recording_to_json(const struct recording *recording, struct error *err);

/*
 * Reads what recording_to_json() made, from size bytes of text with a zero behind; file names it in
 * messages. Fills recording, which was empty and is settled, or returns -1 with err set.
 */
int recording_from_json(struct recording *recording, const char *file, const char *text,
			size_t size, struct error *err);

#endif
