/* SPDX-License-Identifier: GPL-2.0 */
/* What a policy answers to a call, written so that what means the same is written the same. */
#ifndef VKERNEL_BUILDER_NORMAL_H
#define VKERNEL_BUILDER_NORMAL_H

#include <vkernel/policy.h>

/*
 * A text for the answer that a table of policy gives by verdict. Answers with the same text are the
 * same: the order of conditions, and of rules with one answer, does not count, nor does how a condition
 * is put ("& 0xffffffffffffffff is 3" for "is 3", "is less than 4" for "is at most 3"), nor what changes
 * nothing. Answers with other texts may still be the same. The caller frees it; NULL without memory.
 */
char *normal_answer(const struct policy *policy, enum policy_table_index index, __u32 verdict);

#endif
