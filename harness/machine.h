/* SPDX-License-Identifier: GPL-2.0 */
/* What figures must share to stand in one column, read from the env.json of runs. */
#ifndef VKERNEL_HARNESS_MACHINE_H
#define VKERNEL_HARNESS_MACHINE_H

#include <jansson.h>

#include "lib/error.h"

#define ENVIRONMENT_SCHEMA 1 /* of env.json */

/*
 * Refuses (-1, EXIT_USAGE, naming both) two runs whose clock, kernel or machine differ. On the
 * instruction clock the machine is QEMU's version and the processor that it emulates; on wall time
 * the host's processors too. A fact that one of them does not hold, being older, is not compared.
 */
int machine_check(const char *a_name, const json_t *a, const char *b_name, const json_t *b,
		  struct error *err);

/*
 * What else differs between two runs and may move figures: {"commit": ["x", "y"],
 * "packages.crun": ["1", "2"], ...}, null for what one does not hold. The caller owns it; NULL: no
 * memory.
 */
json_t *machine_differences(const json_t *a, const json_t *b);

#endif
