/* SPDX-License-Identifier: GPL-2.0 */
/* File patterns matched in the slowest and most obvious way, and patterns and paths at random. */
#ifndef VKERNEL_TESTS_BUILDER_YARDSTICK_H
#define VKERNEL_TESTS_BUILDER_YARDSTICK_H

#include <stdbool.h>
#include <stddef.h>

/* Both are shorter than this. */
#define YARDSTICK_MAX 256

/* Whether pattern, which is valid, matches path. */
bool yardstick_matches(const char *pattern, const char *path);

/* A valid pattern, with everything that patterns have, over few letters. */
void random_pattern(char pattern[YARDSTICK_MAX]);

/* A path over the same letters, which pattern often matches. */
void random_path(const char *pattern, char path[YARDSTICK_MAX]);

#endif
