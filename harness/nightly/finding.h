/* SPDX-License-Identifier: GPL-2.0 */
/* What a night found, as rows of the triage table. */
#ifndef VKERNEL_HARNESS_NIGHTLY_FINDING_H
#define VKERNEL_HARNESS_NIGHTLY_FINDING_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* In the order of the table. */
enum finding_kind {
	FINDING_MISSING,    /* could not be done */
	FINDING_ATTACK,	    /* another verdict than expected */
	FINDING_REGRESSION, /* a figure beyond interval and minimum effect */
	FINDING_TEST,	    /* a test failed */
	FINDING_SUSPECT,    /* worse, but that much happens by chance among so many figures */
	FINDING_NOTE,	    /* not compared, and why */
	FINDING_BETTER,
	FINDING_KINDS,
};

struct finding {
	enum finding_kind kind;
	char *kernel;	     /* 6.12 */
	char *workload;	     /* or "isolation", "tests", "bench", ... */
	char *configuration; /* "" where that says nothing */
	char *what;	     /* in words */
	bool measured;	     /* ratio is set; low and high where spread */
	bool spread;
	double ratio, low, high; /* to what it was */
	char *since;		 /* commits, in words; "" */
	char *where;		 /* the likely place, or "" */
};

struct findings {
	struct finding *rows;
	size_t count;
	size_t counts[FINDING_KINDS];
	bool failed; /* a row is lost for want of memory */
};

/*
 * Adds a row; the texts are copied, NULL is "". The row may be completed until the next one is
 * added; NULL: no memory, and findings->failed is set.
 */
struct finding *finding_add(struct findings *findings, enum finding_kind kind, const char *kernel,
			    const char *workload, const char *configuration, const char *what);

/* Replaces a text of a row by value, which it takes over; NULL leaves it. */
void finding_set(char **text, char *value);

/* By kind, then the largest change first. */
void findings_sort(struct findings *findings);

/* "missing", "attack", "regression", "test", "suspect", "note", "better". */
const char *finding_kind_name(enum finding_kind kind);

json_t *finding_json(const struct finding *finding);

void findings_free(struct findings *findings);

#endif
