/* SPDX-License-Identifier: GPL-2.0 */
/* A workload's argv with its folder, port and configuration's answer filled in. */
#ifndef VKERNEL_HARNESS_GUEST_MEASURE_EXPAND_H
#define VKERNEL_HARNESS_GUEST_MEASURE_EXPAND_H

/* What stands for "{directory}", "{port}", "{answer}" and "{rules}"; the caller's. */
struct expansion {
	const char *directory;
	unsigned int port;
	const char *answer;
	const char *rules;
};

/*
 * Copies argv with the values filled in. Returns NULL where there is no memory; the caller frees
 * the result with expand_free().
 */
char **expand(const char *const argv[], const struct expansion *values);

/* NULL is fine. */
void expand_free(char **argv);

#endif
