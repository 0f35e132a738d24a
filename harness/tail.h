/* SPDX-License-Identifier: GPL-2.0 */
/* The last lines of a log, for an error that must explain itself. */
#ifndef VKERNEL_HARNESS_TAIL_H
#define VKERNEL_HARNESS_TAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"

/* Adds "\n<what>:\n" and at most lines of the end of path to err; nothing if there is no text. */
void tail_append(struct error *err, const char *what, const char *path, unsigned int lines);

/*
 * Copies the rest of the first line of path that contains text, from text on, to line; false, and
 * an empty line, where there is none.
 */
bool tail_find(const char *path, const char *text, char *line, size_t size);

/* Removes path if it is an empty file. */
void tail_remove_empty(const char *path);

#endif
