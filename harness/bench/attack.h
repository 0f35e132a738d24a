/* SPDX-License-Identifier: GPL-2.0 */
/* The isolation check of a run: what its report says of what held. */
#ifndef VKERNEL_HARNESS_BENCH_ATTACK_H
#define VKERNEL_HARNESS_BENCH_ATTACK_H

#include "harness/bench/run.h"

/*
 * Attacks the configurations in a guest of its own and puts isolation.json into the run's folder. A
 * verdict that is not the expected one is a failure of the run; a guest that dies is one too, with
 * "isolation_failure" in the environment saying why, and the run goes on: figures need no attack.
 * Returns 0, or -1 with err set: an interrupt, or a folder that cannot be written.
 */
int attack_make(struct run *run, struct error *err);

#endif
