/* SPDX-License-Identifier: GPL-2.0 */
/*
 * File rules: what may be done with a path, as one automaton over the path's bytes.
 *
 * The builder makes it from all patterns of a profile together, so that a path is judged in one
 * walk, whether there are ten rules or two thousand. The bytes are part of the policy blob
 * (policy.h), and are walked where they lie.
 *
 * A path is absolute, without a terminating zero in the walk; a directory's ends with '/', as
 * AppArmor has it.
 */
#ifndef VKERNEL_FILES_H
#define VKERNEL_FILES_H

#ifdef __KERNEL__
#include <linux/types.h>
#include <asm/byteorder.h>
#else
#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>
#endif

/* Permissions, as AppArmor's letters. Whoever may write may append; creating, removing, renaming
 * and changing attributes are writing. */
#define POLICY_FILE_READ    0x01 /* r */
#define POLICY_FILE_WRITE   0x02 /* w, together with POLICY_FILE_APPEND */
#define POLICY_FILE_APPEND  0x04 /* a */
#define POLICY_FILE_EXECUTE 0x08 /* ix; x in deny rules */
#define POLICY_FILE_MAP	    0x10 /* m: map executable */
#define POLICY_FILE_LINK    0x20 /* l */
#define POLICY_FILE_LOCK    0x40 /* k */
#define POLICY_FILE_ALL	    0x7f

/* Who asks: rules may be for the file's owner only. */
enum policy_subject {
	POLICY_OTHERS,
	POLICY_OWNER,
	POLICY_SUBJECTS,
};

/* What all matching rules together say; denied goes before allowed. */
struct policy_accept {
	__le16 allowed[POLICY_SUBJECTS]; /* POLICY_FILE_* */
	__le16 denied[POLICY_SUBJECTS];
	__le16 audited[POLICY_SUBJECTS]; /* a line in the log also where it is allowed */
	__le32 first_match;		 /* the rules that matched, for the log */
	__le32 matches;
};

struct policy_state {
	__le32 base; /* of its transitions: that of class C stands at base + C, if it is there */
	__le32 otherwise; /* the next state where it is not */
};

struct policy_transition {
	__le32 state; /* whose it is, or POLICY_NO_STATE: nobody's */
	__le32 next;  /* of nobody's 0 */
};

#define POLICY_NO_STATE 0xffffffffu

#define POLICY_FILE_RULE_DENY  1u
#define POLICY_FILE_RULE_OWNER 2u
#define POLICY_FILE_RULE_AUDIT 4u
/* Which of several sets of rules it is of, each of which must allow: for words, not for judging. */
#define POLICY_FILE_RULE_SET   0x0700u
#define POLICY_FILE_RULE_SET_OF(flags) (((flags) & POLICY_FILE_RULE_SET) >> 8)

struct policy_file_rule {
	__le32 text;   /* as written; offset of a terminated string in the text */
	__le32 source; /* where from ("docker-default:23"), likewise */
	__le16 permissions;
	__le16 flags; /* POLICY_FILE_RULE_* */
};

/* A longer one names nothing: PATH_MAX counts the terminating zero. */
#define POLICY_PREFIX_MAX 4095

/*
 * POLICY_FILES: this, then states, ends (__le32 for each state: the accept of a path that ends
 * there), transitions, accepts, matches (__le32, numbers of rules), rules, prefixes (__le32,
 * offsets of terminated strings in the text), each padded with zeros to 8 bytes, then the text.
 *
 * State 0 is the start. Accept 0 says nothing: nothing allowed, nothing denied. Matches belong to
 * accepts one after the other, without a rest: they are the deny rules that together deny what is
 * denied, and the audit rules that together audit what is audited; one that adds nothing to those
 * before it need not be there, and rules that only allow are not.
 *
 * prefixes: what patterns begin with, up to the last '/' before their first wildcard, or all of one
 * without wildcards ("{,/...}" at the end, which goes below a name, is none), without a '/' at the
 * end ("/" is the root); of deny rules only, each once, sorted by bytes. The text begins with them, one after the other. An instance finds the inodes
 * there when its container starts, so that a rule holds under another name too.
 */
struct policy_files {
	__le32 flags; /* POLICY_FILES_* */
	__le32 states;
	__le32 transitions;
	__le32 accepts;
	__le32 matches;
	__le32 rules;
	__le32 prefixes;
	__le32 text_size;  /* ends with a zero; 0: no rule and no prefix has any */
	__le32 restricted; /* POLICY_FILE_* that some path lacks: only for these there are hooks */
	__le32 reserved[3];
	/* Of bytes: which have the same transitions everywhere. Numbered as they first appear. */
	__u8 classes[256];
};

#define POLICY_FILES_COMPLAIN 1u /* nothing is refused; what would be is told */

/* A parsed section: pointers into the blob, every index in it checked. */
struct files {
	__u32 states; /* 0: there is none */
	__u32 flags;
	const __u8 *classes;
	const struct policy_state *state;
	const __le32 *end; /* by state: its accept */
	const struct policy_transition *transition;
	const struct policy_accept *accept;
	const __le32 *match;
	const struct policy_file_rule *rule;
	const __le32 *prefix;
	__u32 accepts, rules, prefixes;
	const char *text;
	__u16 restricted; /* POLICY_FILE_* that some path lacks */
};

#ifdef __KERNEL__
#define files_le32 le32_to_cpu
#define files_le16 le16_to_cpu
#else
#define files_le32 le32toh
#define files_le16 le16toh
#endif

/* The state after one more byte. */
static inline __u32 files_step(const struct files *files, __u32 state, __u8 byte)
{
	const struct policy_state *from = &files->state[state];
	const struct policy_transition *transition =
		&files->transition[files_le32(from->base) + files->classes[byte]];

	return files_le32(files_le32(transition->state) == state ? transition->next
								 : from->otherwise);
}

/*
 * What the rules say of path (length bytes). files must come from policy_parse() and have states.
 * Costs a step for each byte, whatever the rules. Context: any; neither sleeps nor allocates.
 */
static inline const struct policy_accept *files_match(const struct files *files, const char *path,
						      size_t length)
{
	__u32 state = 0;

	while (length--)
		state = files_step(files, state, *path++);
	return &files->accept[files_le32(files->end[state])];
}

/* What accept allows to subject. */
static inline __u16 files_allowed(const struct policy_accept *accept, enum policy_subject subject)
{
	return files_le16(accept->allowed[subject]) & ~files_le16(accept->denied[subject]);
}

#endif
