/* SPDX-License-Identifier: GPL-2.0 */
/* A command run in a container that is already there. */
#ifndef VKERNEL_SCENARIOS_ENTER_H
#define VKERNEL_SCENARIOS_ENTER_H

#include "harness/guest/configuration.h"
#include "scenarios/capture.h"

/*
 * Starts launch, whose program prints a line and then waits for the end of its standard input;
 * runs argv (NULL-terminated) in it by the runtime's `exec`, and lets the container end. capture
 * is of argv, as capture_run() fills it. Returns 0, or -1 with err set: the container did not
 * start, or argv did not end in `seconds`.
 */
int enter_run(const char *runtime, const struct launch *launch, const char *const argv[],
	      unsigned int seconds, struct capture *capture, struct error *err);

#endif
