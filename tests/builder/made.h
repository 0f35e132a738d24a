/* SPDX-License-Identifier: GPL-2.0 */
/* Policies made of several sources in memory, for the tests of what they mean together. */
#ifndef VKERNEL_TESTS_BUILDER_MADE_H
#define VKERNEL_TESTS_BUILDER_MADE_H

#include "builder/source.h"

/* A source in memory. */
struct text {
	const char *name, *text;
};

struct made {
	void *blob; /* for free() */
	size_t size;
	struct policy policy;
	struct sources_said said;
};

/* What sources make for a container with these capabilities on Linux 6.12. */
int made_of(const struct sources *sources, uint64_t allowed, struct made *made, struct error *err);

/* The same of texts. */
int made_try(const struct text *texts, size_t count, uint64_t allowed, struct made *made,
	     struct error *err);

/* Fails the test where it is refused. */
void made_must(const struct text *texts, size_t count, uint64_t allowed, struct made *made);

/* Fails the test where it is not refused so. */
void made_refuses(const struct text *texts, size_t count, const char *message);

/* What others, or the owner, may do with path: POLICY_FILE_*. */
unsigned int made_may(const struct policy *policy, const char *path, enum policy_subject subject);

#define MUST(made, ...)                                                             \
	made_must((const struct text[]){__VA_ARGS__},                               \
		  sizeof((const struct text[]){__VA_ARGS__}) / sizeof(struct text), \
		  CAPABILITIES_ALL, made)

#define REFUSES(message, ...)                            \
	made_refuses((const struct text[]){__VA_ARGS__}, \
		     sizeof((const struct text[]){__VA_ARGS__}) / sizeof(struct text), message)

#endif
