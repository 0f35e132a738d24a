/* SPDX-License-Identifier: GPL-2.0 */
/*
 * File rules between the profiles that are read and the automaton that is written.
 *
 * Patterns are AppArmor's: `*` any bytes but '/', `**` any bytes, `?` one byte but '/', [abc],
 * [a-z], [^abc], {one,two} with nesting and empty alternatives, `\\` before a byte that stands for
 * itself (also `\\000` octal, `\\x2f`). `*` at the end of a path or after a '/' matches at least one
 * byte, as in AppArmor.
 * Variables are replaced before. Context: one thread at a time for one set of rules.
 */
#ifndef VKERNEL_BUILDER_FILES_H
#define VKERNEL_BUILDER_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <vkernel/files.h>

#include "lib/error.h"

struct file_rule {
	char *pattern;		  /* absolute; a directory itself ends with '/' */
	unsigned int permissions; /* POLICY_FILE_* */
	bool deny, owner, audit;
	unsigned int set; /* below struct file_rules' sets */
	char *text;	  /* as written, for the log */
	char *source;	  /* "docker-default:23:3" */
};

/* A path may be used as far as each set allows it, and no rule of any set denies it. */
#define FILE_SETS_MAX 6

struct file_rules {
	struct file_rule *rules;
	size_t count;
	unsigned int sets; /* 0: one */
	bool complain;
};

/* A POLICY_FILES section. */
struct file_section {
	void *bytes; /* malloc()ed */
	size_t size;
};

/* Adds a rule; the strings are copied. Returns 0, or -1 without memory. */
int file_rules_add(struct file_rules *rules, const struct file_rule *rule);

void file_rules_free(struct file_rules *rules);

/*
 * Checks a pattern: absolute, braces and brackets balanced, nothing that AppArmor does not have.
 * Returns 0, or -1 with err set (EXIT_USAGE) and *at the offset in pattern; err's text names neither
 * file nor line, which the caller puts before it.
 */
int file_pattern_check(const char *pattern, size_t *at, struct error *err);

/*
 * Makes the section of rules. Returns 0, or -1 with err set: EXIT_USAGE where a pattern is wrong or
 * the automaton would become too large ("source: ..." names the rule), EXIT_ENVIRONMENT without
 * memory. Deterministic: the same rules give the same bytes.
 */
int file_rules_compile(const struct file_rules *rules, struct file_section *section,
		       struct error *err);

#endif
