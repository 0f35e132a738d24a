/* SPDX-License-Identifier: GPL-2.0 */
/* Whether one policy's system calls make another's unnecessary. */
#ifndef VKERNEL_RUNTIME_COVERS_H
#define VKERNEL_RUNTIME_COVERS_H

#include <stdbool.h>
#include <vkernel/policy.h>

/*
 * True only if, of every system call with whatever arguments, policy says something at least as
 * strict, in seccomp's order, as other does. Conditions are not reasoned about: where they are not
 * the same ones, the most lenient that policy may say is held against the strictest of other.
 */
bool policy_covers(const struct policy *policy, const struct policy *other);

#endif
