/* SPDX-License-Identifier: GPL-2.0 */
/* Where the instructions of a workload went, as attribution.jsonl of two runs tells of it. */
#ifndef VKERNEL_HARNESS_NIGHTLY_ATTRIBUTION_H
#define VKERNEL_HARNESS_NIGHTLY_ATTRIBUTION_H

#include "lib/error.h"

/*
 * The symbol that executes most more in the run than in the reference, and how much: "vkm_enter_syscall
 * (vkm), +31.2 instructions an operation". The reference is the same workload and configuration in
 * the folder before, or where before is NULL or has none, the configuration crun of the same run;
 * the text then says so. NULL where nothing can be said: there is no attribution, or nothing grew.
 * The caller owns it.
 */
char *attribution_where(const char *before, const char *run, const char *workload,
			const char *configuration);

#endif
