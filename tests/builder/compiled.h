/* SPDX-License-Identifier: GPL-2.0 */
/* File rules made into a policy, to be asked. */
#ifndef VKERNEL_TESTS_BUILDER_COMPILED_H
#define VKERNEL_TESTS_BUILDER_COMPILED_H

#include "builder/model.h"

/* A policy with file rules only. */
struct compiled {
	struct profile *profile;
	void *blob;
	size_t size;
	struct policy policy;
};

/* Adds a copy of rule; where it has no text or source, its pattern and "test:1:1" are these. */
void compiled_add(struct profile *profile, const struct file_rule *rule);

/* Makes the policy of profile, which is its own from here on. Fails the test where that fails. */
struct compiled compiled_make(struct profile *profile);

void compiled_free(struct compiled *compiled);

const struct policy_accept *compiled_ask(const struct compiled *compiled, const char *path);

#endif
