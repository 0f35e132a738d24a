/* SPDX-License-Identifier: GPL-2.0 */
/* A command run to its end, with what it printed. */
#ifndef VKERNEL_SCENARIOS_CAPTURE_H
#define VKERNEL_SCENARIOS_CAPTURE_H

#include "lib/error.h"

struct capture {
	char *output; /* standard output and standard error, each ended with a zero byte */
	char *errors;
	int status; /* exit status, or 128 + signal */
};

/*
 * Runs argv (argv[0] a path) with standard input from /dev/null, at most `seconds`; then it is
 * killed. Returns 0 and the caller frees with capture_free(), or -1 with err set.
 */
int capture_run(char *const argv[], unsigned int seconds, struct capture *capture,
		struct error *err);

void capture_free(struct capture *capture);

#endif
