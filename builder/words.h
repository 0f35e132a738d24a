/* SPDX-License-Identifier: GPL-2.0 */
/* Parts of words_print(). Context: any thread. */
#ifndef VKERNEL_BUILDER_WORDS_H
#define VKERNEL_BUILDER_WORDS_H

#include <stdio.h>

#include "builder/builder.h"

/* Words separated by commas, broken into lines; all zero but for stream at first. */
struct words_list {
	FILE *stream;
	int column; /* 0: nothing written yet */
};

void words_list_add(struct words_list *list, const char *word);
void words_list_end(struct words_list *list);

/* "EPERM"; the verdict is neither POLICY_FILTER nor POLICY_FIELDS. */
void words_verdict(char *buffer, size_t size, const struct policy *policy, __u32 verdict);

/* "openat", "call 600" */
void words_call(char *buffer, size_t size, enum policy_table_index index, unsigned int number);

/* A line for each rule of a POLICY_FILTER or POLICY_FIELDS verdict, and one for the rest. */
void words_filter(FILE *stream, const struct policy *policy, const struct policy_table *table,
		  __u32 verdict);

/* "its own, 256 KiB" */
void words_log(FILE *stream, const struct policy *policy);

/* Kinds of sockets, signals, tracing. */
void words_access(FILE *stream, const struct policy *policy);

/* File rules, and what rules say of sockets, signals and tracing. */
void words_files(FILE *stream, const struct policy *policy);

#endif
