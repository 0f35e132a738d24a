/* SPDX-License-Identifier: GPL-2.0 */
/* Small commands whose output is a fact. */
#ifndef VKERNEL_HARNESS_BENCH_CAPTURE_H
#define VKERNEL_HARNESS_BENCH_CAPTURE_H

#include "harness/vm.h"

/*
 * The standard output of a command on this machine without its last newline, which the caller
 * frees; NULL where it is not there, fails, or there is no memory.
 */
char *capture_host(const char *const argv[]);

/*
 * Runs a shell line in the guest; *text is its standard output, lines ended with newlines, which
 * the caller frees. Its exit status does not matter. Returns 0, or -1 with err set.
 */
int capture_guest(struct vm *vm, const char *line, char **text, struct error *err);

#endif
