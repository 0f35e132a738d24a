/* SPDX-License-Identifier: GPL-2.0 */
/* What got worse in the figures of one kernel's run, beside its baseline and the nights before. */
#ifndef VKERNEL_HARNESS_NIGHTLY_FIGURES_H
#define VKERNEL_HARNESS_NIGHTLY_FIGURES_H

#include "harness/nightly/finding.h"
#include "lib/error.h"

struct figures_options {
	const char *results, *baselines;
	double minimum_effect; /* a fraction */
	double chance; /* of one false regression among a run's headlines, where nothing changed */
};

/*
 * Adds to findings what has changed in the run in folder, on kernel (6.12): regressions of
 * headlines, which are worse than the baseline or the night before by the minimum effect or more, and
 * by more than chance makes of so many, or where the history has a change for the
 * worse since the baseline; suspects; what is better; and a note where there was nothing to compare
 * with. commit is set to the run's, owned by the caller. Returns 0, or -1 with err set.
 */
int figures_judge(const struct figures_options *options, const char *kernel, const char *folder,
		  struct findings *findings, char **commit, struct error *err);

#endif
