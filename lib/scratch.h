/* SPDX-License-Identifier: GPL-2.0 */
/* A temporary folder that is gone when the work is. */
#ifndef VKERNEL_LIB_SCRATCH_H
#define VKERNEL_LIB_SCRATCH_H

#include <limits.h>

#include "lib/error.h"

/* Makes a folder under $TMPDIR or /tmp, called after this program. */
int scratch_make(char path[PATH_MAX], struct error *err);

/* Removes it with all that is in it. */
void scratch_remove(const char *path);

#endif
