/* SPDX-License-Identifier: GPL-2.0 */
/* Policies that no profile would make: everything that a blob may have, at random. */
#ifndef VKERNEL_TESTS_BUILDER_RANDOM_POLICY_H
#define VKERNEL_TESTS_BUILDER_RANDOM_POLICY_H

#include <stddef.h>

/*
 * A valid blob with both tables, lists of rules, rules that compare one argument each, fields,
 * private calls, file and access rules. A filter has at most `largest` (4 or more) rules. The caller frees it.
 */
void *random_policy(unsigned int largest, size_t *size);

/* A valid blob with file and access rules only. The caller frees it. */
void *random_file_policy(size_t *size);

#endif
