/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How names in a configuration are written. crun takes them as they stand, and so does this program;
 * runc, as all that is written in Go, without regard to case, and the last of several counts. What it
 * would read and this program would not is refused.
 */
#ifndef VKERNEL_RUNTIME_SPELLING_H
#define VKERNEL_RUNTIME_SPELLING_H

#include <jansson.h>

#include "lib/error.h"

/*
 * Refuses (EXIT_USAGE, -1) a configuration in which a name differs only in case from one of OCI's, or
 * from another one of its object. What are keys of the user's own, as those of annotations, may.
 */
int spelling_check(const json_t *root, struct error *err);

#endif
