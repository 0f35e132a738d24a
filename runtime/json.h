/* SPDX-License-Identifier: GPL-2.0 */
/*
 * JSON whose numbers come out as they went in. Jansson's integers are signed 64-bit ones, and
 * engines write unsigned ones (an unlimited rlimit is 18446744073709551615); its reals lose
 * digits and gain some. Numbers that it would not give back are strings with a mark between
 * reading and writing.
 */
#ifndef VKERNEL_RUNTIME_JSON_H
#define VKERNEL_RUNTIME_JSON_H

#include <jansson.h>
#include <stddef.h>

#include "lib/error.h"

/* What a marked string begins with; the number's own characters follow. */
#define JSON_MARK "vkernel:number:"

/*
 * Parses size bytes of text, which file names in messages; refuses duplicate keys, and strings
 * that contain the mark. The caller owns *root. Returns 0, or -1 with err set (EXIT_USAGE, with
 * line and column; the column counts the marks before it).
 */
int json_read(const char *file, const char *text, size_t size, json_t **root, struct error *err);

/* root as compact text, the marked strings as numbers again; NULL where memory fails. */
char *json_write(const json_t *root);

#endif
