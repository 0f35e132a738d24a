/* SPDX-License-Identifier: GPL-2.0 */
/* Where and how the figures of a run were read. */
#ifndef VKERNEL_HARNESS_REPORT_ENVIRONMENT_H
#define VKERNEL_HARNESS_REPORT_ENVIRONMENT_H

#include <stdio.h>

#include "harness/report/report.h"

/* What a report shows of env.json, in this order; a value is a scalar or an object. */
struct environment_fact {
	const char *key; /* NULL ends the table */
	const char *label;
};

extern const struct environment_fact environment_facts[];

/* As Markdown. */
void environment_print(const struct report *report, FILE *out);

/* The method, paragraph by paragraph; NULL after the last. Static text. */
const char *method_text(const struct report *report, unsigned int paragraph);

/*
 * One sentence, for HTML as for Markdown: how far figures of a kind lay apart over the boots. The kind
 * has some (repeats[kind].n).
 */
void method_repeat(const struct report *report, enum kind kind, FILE *out);

#endif
