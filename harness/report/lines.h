/* SPDX-License-Identifier: GPL-2.0 */
/* Files of one JSON object a line. */
#ifndef VKERNEL_HARNESS_REPORT_LINES_H
#define VKERNEL_HARNESS_REPORT_LINES_H

#include <jansson.h>

#include "lib/error.h"

/*
 * Hands each line of folder/name, an object of that schema, to take(), which returns 0, or -1 with
 * err set. A file that is not there has no lines; a last line without its end is refused. Returns 0,
 * or -1 with err naming file and line.
 */
int lines_read(const char *folder, const char *name, int schema,
	       int (*take)(void *context, const json_t *line, struct error *err), void *context,
	       struct error *err);

#endif
