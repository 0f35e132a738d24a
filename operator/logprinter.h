/* SPDX-License-Identifier: GPL-2.0 */
/* Prints records to standard output: those that are asked for, and what is missing between them. */
#ifndef VKERNEL_OPERATOR_LOGPRINTER_H
#define VKERNEL_OPERATOR_LOGPRINTER_H

#include <stddef.h>
#include <stdint.h>

#include "lib/error.h"

enum log_format {
	LOG_TEXT,
	LOG_RAW,
	LOG_JSON, /* an object on a line */
};

struct log_printer {
	const char *program; /* who tells of lost records, on standard error */
	enum log_format format;
	unsigned int levels; /* bits: which are printed */
	uint64_t next;	     /* at first the first sequence number that is wanted */
};

/*
 * Prints whole records that stand in size bytes. What comes before printer->next is passed over; a
 * record beyond it is behind others that are lost, which is told. Returns 0, or -1 with err set
 * where a record is none; name says in which log.
 */
int log_print(struct log_printer *printer, const char *name, const char *bytes, size_t size,
	      struct error *err);

/* Adds the levels of a list as dmesg knows them ("err,warn"). Returns 0, or -1 with err set. */
int log_levels(const char *list, unsigned int *levels, struct error *err);

#endif
