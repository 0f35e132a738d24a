/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run reduced to what later runs are held against: environment and figures in one file, which is
 * committed as results/baselines/<kernel>-<clock>.json. No path of the machine it was made on is
 * left in it.
 */
#ifndef VKERNEL_HARNESS_NIGHTLY_BASELINE_H
#define VKERNEL_HARNESS_NIGHTLY_BASELINE_H

#include <limits.h>
#include <stdbool.h>

#include "lib/error.h"

#define BASELINE_SCHEMA 1

/*
 * Makes the baseline of the run in folder, in the folder baselines; path is where it is then.
 * Returns 0, or -1 with err set (EXIT_USAGE: the folder holds no run; its tree had changes that are
 * in no commit, unless dirty is allowed).
 */
int baseline_write(const char *folder, const char *baselines, bool dirty, char path[PATH_MAX],
		   struct error *err);

/*
 * Lays the baseline of kernel (6.12) and clock out as a run's folder, which the caller removes by
 * scratch_remove(). Returns 1, 0 where there is none, or -1 with err naming the file.
 */
int baseline_open(const char *baselines, const char *kernel, const char *clock,
		  char folder[PATH_MAX], struct error *err);

#endif
