/* SPDX-License-Identifier: GPL-2.0 */
/* A workload's argv with its folder and port filled in. */
#ifndef VKERNEL_HARNESS_GUEST_MEASURE_EXPAND_H
#define VKERNEL_HARNESS_GUEST_MEASURE_EXPAND_H

/*
 * Copies argv and puts directory for each "{directory}" and port for each "{port}". Returns NULL
 * where there is no memory; the caller frees the result with expand_free().
 */
char **expand(const char *const argv[], const char *directory, unsigned int port);

/* NULL is fine. */
void expand_free(char **argv);

#endif
