/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Texts that are mutated, the same way at every run, for a reader that must take each or refuse it with
 * a place. FUZZ_COUNT in the environment says how many (default 20000).
 */
#ifndef VKERNEL_TESTS_BUILDER_FUZZ_H
#define VKERNEL_TESTS_BUILDER_FUZZ_H

#include <stdbool.h>
#include <stddef.h>

struct fuzz {
	const char *const *seeds; /* good texts of at most 2048 bytes, each with all forms it can */
	size_t seeds_count;
	const char *const *words; /* that are put in */
	size_t words_count;
	size_t changes; /* to one text, at most */
	bool printable; /* most bytes that are written over */
	/* Reads the text; returns whether it is accepted. Aborts where anything else is amiss. */
	bool (*try)(const char *text, size_t size);
	/* One text in so many must be accepted: where all are refused at once, nothing is tested. */
	unsigned long accepted_at_least;
};

/* Prints TAP; returns main()'s status. */
int fuzz_run(const struct fuzz *fuzz);

#endif
