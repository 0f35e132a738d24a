/* SPDX-License-Identifier: GPL-2.0 */
/* One entry of a profile's `syscalls`. */
#ifndef VKERNEL_BUILDER_ENTRY_H
#define VKERNEL_BUILDER_ENTRY_H

#include "builder/fields.h"

/*
 * Adds what the entry at place says to the tables of reader->profile, whose defaults are settled,
 * if it counts for this container. Returns 0, or -1 with err set.
 */
int add_entry(struct reader *reader, const struct place *place, const json_t *object);

#endif
