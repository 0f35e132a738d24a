/* SPDX-License-Identifier: GPL-2.0 */
/* The report's first lines, as Markdown: what vkernel costs, and what it held. */
#ifndef VKERNEL_HARNESS_REPORT_VERDICT_H
#define VKERNEL_HARNESS_REPORT_VERDICT_H

#include <stdio.h>

#include "harness/report/report.h"

void verdict_print(const struct report *report, FILE *out);

/* The matrix of verdicts; nothing where the run attacked nothing. */
void verdict_print_isolation(const struct report *report, FILE *out);

#endif
