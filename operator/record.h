/* SPDX-License-Identifier: GPL-2.0 */
/* One record of a kernel log, in the form that /dev/kmsg gives them. */
#ifndef VKERNEL_OPERATOR_RECORD_H
#define VKERNEL_OPERATOR_RECORD_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* The most bytes that a record has. */
#define RECORD_MAX 4096

#define RECORD_LEVELS 8

/* The pointers lead into what was parsed. */
struct record {
	unsigned int priority; /* 8 times the facility, and the level */
	uint64_t sequence;
	uint64_t microseconds; /* since boot */
	const char *text;      /* as it stands there: control characters are \xNN */
	size_t text_size;
	const char *fields; /* lines " KEY=VALUE\n" */
	size_t fields_size;
	const char *bytes; /* all of it */
	size_t size;
};

/* Parses the first of the records in size bytes, which hold all of it. Returns its size, or -1. */
ssize_t record_parse(const char *bytes, size_t size, struct record *record);

/* The name of a level, as dmesg knows it; static. */
const char *record_level(unsigned int priority);

/*
 * Prints it as dmesg does, a line for each line of its text, each with the time. What would steer
 * the terminal becomes a question mark.
 */
void record_print(FILE *stream, const struct record *record);

/* Prints it as it stands in the log. */
void record_print_raw(FILE *stream, const struct record *record);

/* One object; NULL without memory. */
json_t *record_json(const struct record *record);

#endif
