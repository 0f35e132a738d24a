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
 * errno names (without a number), minKernel, private calls and fields must not be used in the
 * profile, whose answers to clone3 are taken as written.
 */
void compare_profile(const char *text, uint64_t allowed, bool with_multiplexers);

/*
 * Fails the test unless clone3 is decided by its flags, and is answered for each as libseccomp has
 * clone answered; flags that clone cannot be given must not be allowed.
 */
void compare_clone3(const char *text, uint64_t allowed);

#endif
