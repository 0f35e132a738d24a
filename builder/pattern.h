/* SPDX-License-Identifier: GPL-2.0 */
/*
 * AppArmor's path patterns, read into what they match byte by byte. What apparmor_parser makes of a
 * pattern is what it means here; what only an oversight there gives a meaning is refused.
 */
#ifndef VKERNEL_BUILDER_PATTERN_H
#define VKERNEL_BUILDER_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/error.h"

/* AppArmor's own limit. */
#define PATTERN_DEPTH_MAX 49

struct byte_set {
	uint64_t bits[4];
};

static inline bool byte_set_has(const struct byte_set *set, unsigned char byte)
{
	return set->bits[byte / 64] >> byte % 64 & 1;
}

static inline void byte_set_add(struct byte_set *set, unsigned char byte)
{
	set->bits[byte / 64] |= UINT64_C(1) << byte % 64;
}

/* Groups are balanced, at most PATTERN_DEPTH_MAX deep, and have at least one TOKEN_OR. */
enum token_kind {
	TOKEN_BYTE,   /* one byte of the set */
	TOKEN_REPEAT, /* any number of them */
	TOKEN_OPEN,
	TOKEN_OR,
	TOKEN_CLOSE,
};

struct token {
	enum token_kind kind;
	struct byte_set set;
};

struct pattern {
	struct token *tokens;
	size_t count;
};

/*
 * Reads text. Returns 0, or -1 with err set and *at the offset in text (EXIT_USAGE; EXIT_ENVIRONMENT
 * without memory). The caller ends pattern with pattern_free().
 */
int pattern_read(const char *text, struct pattern *pattern, size_t *at, struct error *err);

/* Also of a pattern that is all zero. */
void pattern_free(struct pattern *pattern);

/*
 * What every path that pattern matches begins with, as struct policy_files has it; malloc()ed. NULL
 * without memory.
 */
char *pattern_prefix(const struct pattern *pattern);

#endif
