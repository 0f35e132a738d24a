/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From file rules to a small deterministic automaton, in steps:
 *
 *   positions  places in the patterns, shared from the left and then from the right
 *   automaton  a state for each set of positions that a path can lead to
 *   minimise   states that no path tells apart become one
 *   comb       the transitions, most of which go where the others of their state go
 *
 * docs/decisions/file-automaton.md says why. Every step is deterministic. Context: one thread.
 */
#ifndef VKERNEL_BUILDER_AUTOMATON_H
#define VKERNEL_BUILDER_AUTOMATON_H

#include <stdbool.h>
#include <stdint.h>
#include <vkernel/files.h>

#include "builder/files.h"
#include "builder/lists.h"
#include "builder/pattern.h"

/* Beyond these a set of rules is refused. */
#define POSITIONS_MAX	(1u << 20)
#define STATES_MAX	(1u << 18)
#define TRANSITIONS_MAX (1u << 24) /* states times classes of bytes */
#define MEMBERS_MAX	(1u << 25) /* positions of all states together */

enum automaton_result {
	AUTOMATON_MADE,
	AUTOMATON_TOO_LARGE,
	AUTOMATON_NO_MEMORY,
};

/*
 * Masks of allowed, denied and audited permissions of both subjects, 8 bits each. What the second
 * set of rules allows, and those after it, stands behind these.
 */
typedef unsigned __int128 masks;

enum mask {
	MASK_ALLOWED = 0,
	MASK_DENIED = MASK_ALLOWED + POLICY_SUBJECTS,
	MASK_AUDITED = MASK_DENIED + POLICY_SUBJECTS,
	MASK_ALLOWED_MORE = MASK_AUDITED + POLICY_SUBJECTS,
};

_Static_assert(MASK_ALLOWED_MORE + (FILE_SETS_MAX - 1) * POLICY_SUBJECTS <= sizeof(masks),
	       "a set's masks lie outside");

/* What set number `set` allows. */
static inline enum mask mask_allowed(unsigned int set)
{
	return set ? MASK_ALLOWED_MORE + (set - 1) * POLICY_SUBJECTS : MASK_ALLOWED;
}

static inline masks masks_of(enum mask mask, enum policy_subject subject, unsigned int permissions)
{
	return (masks)permissions << 8 * (mask + subject);
}

static inline unsigned int masks_get(masks all, enum mask mask, enum policy_subject subject)
{
	return all >> 8 * (mask + subject) & 0xff;
}

/* What matching a rule means; rules that only allow, and the same, are not told apart. */
struct effect {
	masks masks;
	uint32_t rule; /* or NO_RULE */
};

#define NO_RULE UINT32_MAX

/*
 * A place in patterns: what may come next. All numbers in its list: the set of bytes that leads
 * back to it (or NO_SET), the count of edges, of followers and of effects; then the edges (a set
 * and a position), the followers (positions that one is at as well) and the effects of paths that
 * end here.
 */
enum position_word {
	POSITION_LOOP,
	POSITION_EDGES,
	POSITION_FOLLOWERS,
	POSITION_EFFECTS,
	POSITION_LISTS,
};

#define NO_SET UINT32_MAX

struct position_facts {
	masks own;   /* of the effects of a path that ends here */
	masks reach; /* of a path that goes on from here, or ends */
	bool always; /* every longer path stays here as well */
	bool empty;  /* has neither edges nor a loop nor effects */
};

struct positions {
	struct lists sets; /* of bytes, 8 words each */
	struct lists lists;
	struct position_facts *facts; /* by position */
	struct effect *effects;
	size_t effects_count;
	unsigned int rule_sets; /* of the rules */
	uint32_t start;
};

/*
 * Reads the first count of rules into positions, which is all zero. AUTOMATON_TOO_LARGE: more than
 * POSITIONS_MAX. Patterns must have passed file_pattern_check(). The caller ends positions with
 * positions_free(), whatever is returned.
 */
enum automaton_result positions_make(const struct file_rules *rules, size_t count,
				     struct positions *positions);

void positions_free(struct positions *positions);

/* State 0 is the start. */
struct automaton {
	uint8_t class_of[256];
	size_t classes, states;
	uint32_t *next;	      /* [state * classes + class] */
	uint32_t *accept;     /* by state, a list of accepts */
	struct lists accepts; /* each two words of masks (of one set), then rules; 0 says nothing */
};

/* Likewise; automaton is all zero before and ended with automaton_free(). */
enum automaton_result automaton_make(const struct positions *positions,
				     struct automaton *automaton);

/* Makes one state of those that no path tells apart, and numbers them as a walk meets them. */
enum automaton_result automaton_minimise(struct automaton *automaton);

void automaton_free(struct automaton *automaton);

/* Transitions of all states in one array, as files.h has them, in the machine's byte order. */
struct comb {
	uint32_t *base, *otherwise; /* by state */
	uint32_t *owner, *next;	    /* by transition */
	size_t transitions;
};

/* Likewise, ended with comb_free(). */
enum automaton_result comb_make(const struct automaton *automaton, struct comb *comb);

void comb_free(struct comb *comb);

#endif
