/* SPDX-License-Identifier: GPL-2.0 */
/* Docker, for workloads that measure a container's start through it. */
#ifndef VKERNEL_HARNESS_GUEST_MEASURE_ENGINE_H
#define VKERNEL_HARNESS_GUEST_MEASURE_ENGINE_H

#include "harness/guest/configuration.h"
#include "lib/error.h"

/*
 * Starts the daemon with every configuration's runtime, and makes an image that has `true`, the
 * guest's own. Returns 0, or -1 with err set, EXIT_ENVIRONMENT where the guest has no Docker; nothing
 * is then left behind. Context: once in a program, before engine_launch(); engine_end() ends it.
 */
int engine_begin(struct error *err);

/* Removes what containers are left, and ends the daemon. */
void engine_end(void);

/*
 * Fills launch with the docker client's command for argv in configuration: without a network, which
 * would be most of the time; Docker's own seccomp profile where the configuration has one, else none;
 * its AppArmor profile, which it gives every container, only where the configuration has one, and in an
 * instance its rules in the instance. Returns 0, or -1 with err set. The caller frees it by launch_end().
 */
int engine_launch(const struct configuration *configuration, const char *const argv[],
		  struct launch *launch, struct error *err);

#endif
