/* SPDX-License-Identifier: GPL-2.0 */
/* Figures and foreign text in Markdown. */
#ifndef VKERNEL_HARNESS_REPORT_NUMBER_H
#define VKERNEL_HARNESS_REPORT_NUMBER_H

#include <stdio.h>

#include "harness/summary.h"

/* "326.4", "76,645", "0.0182": about four digits. */
void number_print(FILE *out, double value);

/* The ratio as a change: "+47.8 %", "−0.31 %"; from twice on as "×2.31". */
void number_change(FILE *out, double ratio);

/* The interval of a ratio with a spread as changes: "+47.2 % to +48.3 %". */
void number_change_range(FILE *out, const struct estimate *ratio);

/* "325.9 to 326.8", or "unknown" where too few boots were made. */
void number_interval(FILE *out, const struct estimate *estimate);

/*
 * A paired ratio in words: "+47.8 %, slower (95 %: +47.2 % to +48.3 %)", "+0.1 %, within noise
 * (95 %: …)", or "… (interval unknown)" where too few boots were made.
 */
void number_verdict(FILE *out, const struct estimate *ratio, enum change verdict);

/* Text of others on one line, so that it neither ends a table's cell nor becomes markup. */
void number_escape(FILE *out, const char *text);

#endif
