/* SPDX-License-Identifier: GPL-2.0 */
/* What else a kernel and a processor do to figures, read from the same files on host and guest. */
#ifndef VKERNEL_HARNESS_BENCH_FACTS_H
#define VKERNEL_HARNESS_BENCH_FACTS_H

#include <jansson.h>

#include "harness/vm.h"

/*
 * Puts into object: command_line, clocksource, transparent_hugepage, speculative_store_bypass,
 * microcode, governor, turbo, smt, mitigations; null where the machine has none. Returns 0, or -1
 * with err set where the guest is lost.
 */
int facts_host(json_t *object, struct error *err);
int facts_guest(struct vm *vm, json_t *object, struct error *err);

#endif
