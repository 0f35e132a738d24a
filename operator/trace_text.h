/* SPDX-License-Identifier: GPL-2.0 */
/* A text that grows; and paths with any bytes in it. Context: any thread, one at a time. */
#ifndef VKERNEL_OPERATOR_TRACE_TEXT_H
#define VKERNEL_OPERATOR_TRACE_TEXT_H

#include <stddef.h>

#include "lib/error.h"

/* Made by text_open(); the caller frees bytes after text_close(). */
struct text {
	FILE *stream;
	char *bytes;
	size_t size;
};

/* Each returns 0, or -1 with err set (no memory). What is written to stream is in bytes when closed. */
int text_open(struct text *text, struct error *err);
int text_close(struct text *text, struct error *err);

/*
 * A path for JSON: printable ASCII stays, but "\" and all else becomes \xNN. The caller frees it;
 * NULL without memory.
 */
char *path_to_plain(const char *path);

/* The opposite; NULL: it is not of that form, has a zero byte, or there is no memory. */
char *path_from_plain(const char *text);

#endif
