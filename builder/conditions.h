/* SPDX-License-Identifier: GPL-2.0 */
/* includes and excludes of an entry in Docker form: does the entry count for this container? */
#ifndef VKERNEL_BUILDER_CONDITIONS_H
#define VKERNEL_BUILDER_CONDITIONS_H

#include "builder/fields.h"

/*
 * An entry counts where everything in `includes` is so and nothing in `excludes` is: all of the
 * capabilities against any of them, one of the architectures, at least this kernel. Either may be
 * NULL. place is the entry's. Returns 1, 0, or -1 with err set.
 */
int entry_counts(struct reader *reader, const struct place *place, const json_t *includes,
		 const json_t *excludes);

/* Reads "6.12.3-x" into reader->kernel; NULL: the running kernel's release. */
int read_kernel_release(struct reader *reader, const char *release);

#endif
