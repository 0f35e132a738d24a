/* SPDX-License-Identifier: GPL-2.0 */
/* The workload once more, under the profile: what is denied it. */
#ifndef VKERNEL_OPERATOR_TRACE_VERIFY_H
#define VKERNEL_OPERATOR_TRACE_VERIFY_H

#include "lib/error.h"
#include "operator/trace_recording.h"

/*
 * Runs argv's container by vkernel-runtime under the profile at path, which was made of the recording, and
 * prints what was denied, as vKM's trace event and the container's own log tell it; the command's
 * output is its own. Returns 0 and how much was denied, or -1 with err set (EXIT_ENVIRONMENT: the
 * container did not run under the profile; EXIT_USAGE: it cannot).
 */
int trace_verify(char *const *argv, const struct recording *recording, const char *path,
		 unsigned long *denied, struct error *err);

#endif
