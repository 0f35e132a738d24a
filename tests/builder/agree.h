/* SPDX-License-Identifier: GPL-2.0 */
/* Rules that vKM runs against the policy that they were made of. */
#ifndef VKERNEL_TESTS_BUILDER_AGREE_H
#define VKERNEL_TESTS_BUILDER_AGREE_H

#include <stdint.h>
#include <vkernel/policy.h>

/* What was compared, added up; the caller starts with zeros. */
struct agreement {
	unsigned long calls;   /* numbers on a path */
	unsigned long by_set;  /* decisions by a filter that is a hash table */
	unsigned long by_list; /* decisions by another filter */
	unsigned long by_rule; /* of both: by one of its rules, not by its otherwise */
};

/*
 * Makes rules of policy, which was parsed from blob, as an instance does, and asks both about every
 * number on both entry paths, `rounds` times where arguments or fields decide, with arguments near
 * what the conditions ask for. Returns true if they always agree; else a line that says where they
 * do not is on standard error.
 */
bool rules_agree(const struct policy *policy, const void *blob, size_t size, unsigned int rounds,
		 struct agreement *agreement);

/* xorshift64: the same sequence in every run. */
uint64_t next_random(void);

#endif
