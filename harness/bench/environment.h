/* SPDX-License-Identifier: GPL-2.0 */
/* env.json: what a run was made on and with. */
#ifndef VKERNEL_HARNESS_BENCH_ENVIRONMENT_H
#define VKERNEL_HARNESS_BENCH_ENVIRONMENT_H

#include "harness/bench/run.h"

/*
 * What the host knows before the first boot: run, clock, accelerator, commit, packages, host,
 * seeds, and the run before this one. Fills run->environment. Returns 0, or -1 with err set.
 */
int environment_host(struct run *run, struct error *err);

/*
 * Asks the guest for kernel, command line, processor, mitigations and modules, and notes the boot.
 * Returns 0, or -1 with err set: the guest is lost, or two boots differ in what must be the same.
 */
int environment_guest(struct run *run, struct vm *vm, unsigned int boot, struct error *err);

/* Writes env.json as it stands; the caller holds the lock. */
int environment_save(struct run *run, struct error *err);

#endif
