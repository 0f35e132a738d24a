/* SPDX-License-Identifier: GPL-2.0 */
/* File rules that no builder would make, and a walk through all that a parsed policy has of them. */
#ifndef VKERNEL_TESTS_BUILDER_RANDOM_FILES_H
#define VKERNEL_TESTS_BUILDER_RANDOM_FILES_H

#include <stddef.h>
#include <vkernel/policy.h>

/* A valid POLICY_FILES section; the caller frees it. */
void *random_files(size_t *size);

/*
 * Walks files over paths of any bytes and reads every accept, match, rule, prefix and text. Ends
 * the program where something is not as policy_parse() promises. Returns what the walk saw, so that
 * two can be compared.
 */
__u64 walk_files(const struct files *files);

#endif
