/* SPDX-License-Identifier: GPL-2.0 */
/* The report's last sections: where it ran, and how it was measured. */
#ifndef VKERNEL_HARNESS_REPORT_ENVIRONMENT_H
#define VKERNEL_HARNESS_REPORT_ENVIRONMENT_H

#include <stdio.h>

#include "harness/report/report.h"

void environment_print(const struct report *report, FILE *out);
void method_print(const struct report *report, FILE *out);

#endif
