/* SPDX-License-Identifier: GPL-2.0 */
/* From a profile's text to a parsed policy, for the tests of the builder. */
#ifndef VKERNEL_TESTS_BUILDER_COMPILE_H
#define VKERNEL_TESTS_BUILDER_COMPILE_H

#include "builder/builder.h"

#define CASES	    "tests/builder/cases/"
#define TEST_KERNEL "6.12.3-test"

/* The set that the list names; unknown names fail the test. */
uint64_t capabilities(const char *list);

/*
 * Reads the profile text as `file` for a container with these capabilities on Linux 6.12, and
 * emits it. The caller frees *blob. Returns 0, or -1 with err set.
 */
int compile(const char *file, const char *text, uint64_t allowed, void **blob, size_t *size,
	    struct error *err);

/* The same with a context whose text is the profile. */
int compile_as(const struct seccomp_context *context, void **blob, size_t *size, struct error *err);

/* compile() of a file of CASES that must succeed, parsed; *blob must outlive *policy. */
void compile_case(const char *file, uint64_t allowed, void **blob, struct policy *policy);

#endif
