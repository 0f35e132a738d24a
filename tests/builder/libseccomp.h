/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The same profile, once through the builder and once through libseccomp as runc and crun feed
 * it: both must answer every call alike.
 */
#ifndef VKERNEL_TESTS_BUILDER_LIBSECCOMP_H
#define VKERNEL_TESTS_BUILDER_LIBSECCOMP_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>
#include <vkernel/policy.h>

#include "builder/builder.h"

/* What both make of a profile. */
struct readings {
	void *blob;
	struct policy policy; /* a view of blob */
	struct sock_fprog program;
};

/*
 * Fails the test if one of them does not take the profile. context's text is read by both; for
 * what libseccomp has no notion of, see compare_profile(). The caller frees.
 */
void readings_make(struct readings *readings, const struct seccomp_context *context);
void readings_free(struct readings *readings);

/* What each answers, as a verdict; arguments on i386 must have 32 bits. */
__u32 readings_policy(const struct readings *readings, enum policy_table_index table, int number,
		      const __u64 arguments[6]);
__u32 readings_libseccomp(const struct readings *readings, enum policy_table_index table,
			  int number, const __u64 arguments[6]);

/*
 * Fails the test unless both answer every number of both entries alike for many arguments, in a
 * container with the capabilities `allowed`. with_multiplexers: also i386's socketcall and ipc.
 * errno names (without a number), minKernel, private calls and fields must not be used in the
 * profile, which is read as a runtime does, clone3 as written.
 */
void compare_profile(const char *text, uint64_t allowed, bool with_multiplexers);

/*
 * Fails the test unless clone3 is decided by its flags, and is answered for each as libseccomp has
 * clone answered; flags that clone cannot be given must not be allowed.
 */
void compare_clone3(const char *text, uint64_t allowed);

#endif
