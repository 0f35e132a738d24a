/* SPDX-License-Identifier: GPL-2.0 */
/* The report's first lines: what vkernel costs, in words. */
#ifndef VKERNEL_HARNESS_REPORT_VERDICT_H
#define VKERNEL_HARNESS_REPORT_VERDICT_H

#include <stdio.h>

#include "harness/report/report.h"

void verdict_print(const struct report *report, FILE *out);

#endif
