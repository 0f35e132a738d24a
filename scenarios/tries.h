/* SPDX-License-Identifier: GPL-2.0 */
/* What a probe tried and how each try went: the observations that a verdict is made from. */
#ifndef VKERNEL_SCENARIOS_TRIES_H
#define VKERNEL_SCENARIOS_TRIES_H

#include <stddef.h>

#include "lib/error.h"

enum outcome {
	OUTCOME_REFUSED, /* the code was not reached: EPERM or what the probe knows to mean it */
	OUTCOME_MISSING, /* ENOSYS: there is no such call, or it is refused that way */
	OUTCOME_REACHED, /* it worked, or failed in a way that only the code itself can */
	OUTCOME_PRIVATE, /* it worked, on state that is not the host's */
	OUTCOME_WORKS,	 /* something that has to work, does */
	OUTCOME_FAILS,	 /* something that has to work, does not */
	OUTCOME_BROKEN,	 /* the probe could not be made */
};

struct
try {
	char *name;
	enum outcome outcome;
	char *detail; /* for people: an errno's name, a count */
	char *text;   /* what was read, for a scenario's inspect(), or NULL */
};

/* All zero is an empty list. */
struct tries {
	struct try *list;
	size_t count;
};

/* Adds a copy; detail is a format. Ends the program where there is no memory. */
void tries_add(struct tries *tries, const char *name, enum outcome outcome, const char *detail, ...)
	__attribute__((format(printf, 4, 5)));

/* Sets the last try's text to a copy. */
void tries_set_text(struct tries *tries, const char *text);

/*
 * Adds a try that ended with errno value `number` (0: it succeeded): EPERM and `also` (0: none)
 * mean REFUSED, ENOSYS MISSING, all else REACHED.
 */
void tries_add_errno(struct tries *tries, const char *name, int number, int also);

/* Adds a try that has to work: WORKS with number 0, else FAILS. */
void tries_add_must(struct tries *tries, const char *name, int number);

/* Says that a try, looked at from outside, went otherwise; detail is copied. */
void tries_correct(struct try *one, enum outcome outcome, const char *detail);

/* The one called name, or NULL. */
const struct try *tries_find(const struct tries *tries, const char *name);

/* "EPERM", "success" for 0, a number where there is no name. The text is static or a literal. */
const char *errno_name(int number);

/* As a JSON array, on one line, in memory that the caller frees. */
char *tries_dump(const struct tries *tries);

/* Reads what tries_dump() wrote; returns 0, or -1 with err set and *tries empty. */
int tries_parse(const char *text, struct tries *tries, struct error *err);

void tries_free(struct tries *tries);

#endif
