/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The same profile, once through the builder and once through libseccomp as runc and crun feed
 * it: both must answer every call alike.
 */
#ifndef VKERNEL_TESTS_BUILDER_LIBSECCOMP_H
#define VKERNEL_TESTS_BUILDER_LIBSECCOMP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Fails the test unless both answer every number of both entries alike for many arguments, in a
 * container with the capabilities `allowed`. with_multiplexers: also i386's socketcall and ipc.
 * errno names (without a number) and minKernel must not be used in the profile.
 */
void compare_profile(const char *text, uint64_t allowed, bool with_multiplexers);

#endif
