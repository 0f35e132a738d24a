/* SPDX-License-Identifier: GPL-2.0 */
/* A night's steps and results as findings, and these as nightly.md and nightly.json. */
#ifndef VKERNEL_HARNESS_NIGHTLY_TRIAGE_H
#define VKERNEL_HARNESS_NIGHTLY_TRIAGE_H

#include <stdio.h>

#include "harness/nightly/figures.h"
#include "harness/nightly/finding.h"
#include "harness/nightly/steps.h"

#define TRIAGE_SCHEMA 1
#define TRIAGE_ROWS   5 /* of the table that comes first */

struct triage {
	const char *folder; /* the night's */
	struct figures_options figures;
	struct steps steps;
	struct findings findings; /* sorted */
	char *commit;		  /* of the runs; NULL: there was none */
	json_t *previous;	  /* nightly.json of the night before, or NULL */
};

/* Returns 0, or -1 with err set. The caller ends it with triage_free(), also after a failure. */
int triage_make(struct triage *triage, struct error *err);

/* EXIT_FINDING where something got worse or failed, else EXIT_ENVIRONMENT where something is
 * missing, else EXIT_GOOD. */
enum exit_status triage_status(const struct triage *triage);

/* Both files in the night's folder. Returns 0, or -1 with err set. */
int triage_write(const struct triage *triage, struct error *err);

/* The table that comes first, as in nightly.md. */
void triage_print_table(const struct triage *triage, FILE *out);

void triage_free(struct triage *triage);

#endif
