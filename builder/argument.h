/* SPDX-License-Identifier: GPL-2.0 */
/* The conditions of an entry: its `args`. */
#ifndef VKERNEL_BUILDER_ARGUMENT_H
#define VKERNEL_BUILDER_ARGUMENT_H

#include "builder/fields.h"
#include "builder/model.h"

/* For messages. */
#define FIELDS "clone3 has flags, openat2 has flags, mode and resolve"

/* What the names of one entry have in common. */
struct entry_rules {
	__u32 verdict;
	unsigned int origin;
	bool fields;  /* the conditions ask for fields */
	size_t count; /* 0: without conditions */
	struct rule *rules;
};

/*
 * Fills count, rules and fields from args, which may be NULL. The caller frees rules, also after a
 * failure. Returns 0, or -1 with err set.
 */
int read_arguments(struct reader *reader, const struct place *place, const json_t *args,
		   struct entry_rules *entry);

/* True if call `number` has all the fields that the conditions ask for. */
bool has_fields(const struct entry_rules *entry, unsigned int number);

#endif
