/* SPDX-License-Identifier: GPL-2.0 */
/* The rules of an OCI configuration's linux.seccomp as libseccomp's binary tree. */
#ifndef VKERNEL_HARNESS_GUEST_TREEFILTER_H
#define VKERNEL_HARNESS_GUEST_TREEFILTER_H

#include <jansson.h>

#include "lib/error.h"

/*
 * Makes the BPF program that libseccomp emits for the rules with its optimisation level 2 (a tree
 * over the call numbers, where runtimes take level 1, one comparison after the other), and writes
 * it as base64 to *text, which the caller frees. Calls that libseccomp does not know get the
 * default action, as with crun. Returns 0, or -1 with err set (EXIT_USAGE: a part of the rules is
 * not understood).
 */
int treefilter_make(const json_t *seccomp, char **text, struct error *err);

#endif
