/* SPDX-License-Identifier: GPL-2.0 */
/* The guest's kernel log: what was added since a position, and whether the kernel complained. */
#ifndef VKERNEL_SCENARIOS_KERNELLOG_H
#define VKERNEL_SCENARIOS_KERNELLOG_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/error.h"

/* Is this line, as the kernel printed it, its own report of a flaw, if it is the kernel's? */
bool kernellog_flaw(const char *text);

/*
 * Is this record of /dev/kmsg ("6,123,4567,-;text") the kernel's own report of a flaw: oops,
 * BUG, WARNING, lockdep, leak, stall, hung task? What a program wrote to the log never is.
 */
bool kernellog_complaint(const char *record);

/*
 * Appends every complaint with a sequence number of at least *position to list as a string, and
 * moves *position behind the last record. Returns 0, or -1 with err set.
 */
int kernellog_scan(unsigned long long *position, json_t *list, struct error *err);

/* The sequence number that the next record will have at least. */
int kernellog_position(unsigned long long *position, struct error *err);

/* Is text somewhere in the log? 1 or 0, or -1 with err set. */
int kernellog_contains(const char *text, struct error *err);

/* Is text in a record after the last one that has marker? 1 or 0, or -1 with err set. */
int kernellog_contains_after(const char *marker, const char *text, struct error *err);

/* Writes count lines "text 1", "text 2", ... to the log. */
int kernellog_write(const char *text, int count, struct error *err);

#endif
