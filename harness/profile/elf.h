/* SPDX-License-Identifier: GPL-2.0 */
/* The code in ELF files: functions and pages. */
#ifndef VKERNEL_HARNESS_PROFILE_ELF_H
#define VKERNEL_HARNESS_PROFILE_ELF_H

#include <stdint.h>

#include "lib/error.h"

/* What is called for what is found; where one returns other than 0, the visit ends for want of memory. */
struct elf_visitor {
	const char *section; /* NULL, or only the functions in this section, relative to it */
	int (*function)(void *context, uint64_t address, uint64_t size, const char *name);
	/* NULL, or the pages of segments with code, as they are in memory, page_hash()'s size. */
	int (*page)(void *context, uint64_t address, const void *bytes);
};

/*
 * Visits file; functions from its table of symbols, or, where it is stripped, from the dynamic one.
 * What is no ELF file is passed over. Returns 0, or -1 with err set.
 */
int elf_visit(const char *file, const struct elf_visitor *visitor, void *context,
	      struct error *err);

#endif
