/* SPDX-License-Identifier: GPL-2.0 */
/* The private calls of a profile that its blob names: those that a verdict of it still names. */
#ifndef VKERNEL_BUILDER_PRIVATE_H
#define VKERNEL_BUILDER_PRIVATE_H

#include "builder/model.h"

struct private_calls {
	bool named[POLICY_CALLS_MAX];
	__u32 index[POLICY_CALLS_MAX]; /* in the blob */
	size_t size;		       /* of the section in bytes; 0: there is none */
};

/* Fills calls, and returns it. */
const struct private_calls *private_collect(const struct profile *profile,
					    struct private_calls *calls);

/* The verdict as the blob has it. */
__u32 private_verdict(const struct private_calls *calls, __u32 verdict);

/* Writes the section's calls->size bytes. */
void private_put(char *section, const struct profile *profile, const struct private_calls *calls);

#endif
