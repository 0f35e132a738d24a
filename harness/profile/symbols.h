/* SPDX-License-Identifier: GPL-2.0 */
/* Names for addresses: of the guest's kernel, of its modules, and of programs by their pages. */
#ifndef VKERNEL_HARNESS_PROFILE_SYMBOLS_H
#define VKERNEL_HARNESS_PROFILE_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/error.h"

struct symbols;

struct symbol {
	const char *image; /* "kernel", a module, a program's file name, "unknown" */
	const char *name;  /* "[unknown]" where nothing is known of the address */
};

/* Nothing known yet; NULL without memory. The caller frees it with symbols_free(). */
struct symbols *symbols_new(void);
void symbols_free(struct symbols *symbols); /* NULL is fine */

/*
 * Adds a line of /proc/kallsyms: only code is kept. Lines of vKM's and of instances' are left to
 * symbols_add_module(), because these move. Returns 0, or -1 with err set: no such line, no memory.
 */
int symbols_add_line(struct symbols *symbols, const char *line, struct error *err);

/*
 * Where the kernel's functions begin, sorted, in memory of symbols', valid until a line is added; no
 * module's.
 */
const uint64_t *symbols_starts(struct symbols *symbols, size_t *count);

/* Forgets the modules that symbols_add_module() added. */
void symbols_forget_modules(struct symbols *symbols);

/*
 * Adds the functions of section of the module file, which lies at address; image is what they are
 * called in reports. Returns 0, or -1 with err set.
 */
int symbols_add_module(struct symbols *symbols, const char *image, const char *file,
		       const char *section, uint64_t address, struct error *err);

/*
 * Adds a program or library: its pages with code, and its functions where it has a table of them.
 * A page that is there already stays. What is no ELF file is passed over. Returns 0, or -1 with err
 * set.
 */
int symbols_add_program(struct symbols *symbols, const char *file, struct error *err);

/* The symbol that address is in; page is the page_hash() of a program's page, 0 in the kernel. */
struct symbol symbols_find(struct symbols *symbols, uint64_t address, uint64_t page);

#endif
