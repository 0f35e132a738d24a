/* SPDX-License-Identifier: GPL-2.0 */
/* What a report says of one cell, the same in every form of it. */
#ifndef VKERNEL_HARNESS_REPORT_CELL_H
#define VKERNEL_HARNESS_REPORT_CELL_H

#include "harness/report/report.h"

/* Whose costs the report is about. */
#define SUBJECT "vkernel"

/* Each returns NULL where there is none. */
const struct configuration *report_subject(void);
const struct figure *report_headline(const struct report *report, const struct workload *workload,
				     const struct configuration *configuration);
const struct configuration *report_base(enum summary_base base);

/* What the subject's headline is compared with first: crun, or the host where it runs there. */
enum summary_base report_first_base(const struct workload *workload);

/* A ratio as a cost: above 1 is dearer, whatever the metric's better direction is. */
struct estimate report_cost(const struct estimate *ratio, enum better better);

/* In how many headlines the subject is faster, slower, and neither, than base. */
struct report_score {
	unsigned int faster, slower, same, unknown;
};
struct report_score report_score(const struct report *report, enum summary_base base);

/* The cheapest and the dearest of the workloads that a mean is made of; false: it has none. */
struct report_reach {
	const struct figure *least, *most;
};
bool report_reach(const struct report *report, const struct mean *mean, struct report_reach *reach);

/* "better", "worse", "same" or "unknown": the class that colours a judgement. */
const char *change_class(enum change verdict);

/* The previous run's median of the same figure, or a negative number. */
double report_previous_median(const struct report *report, const struct figure *figure);

/* The first reason for which a cell has no figure, or NULL. */
const struct absence *report_absence(const struct report *report, const struct workload *workload,
				     const struct configuration *configuration);

/* Whether the run holds anything about it: a figure, or a reason why there is none. */
bool report_has_configuration(const struct report *report,
			      const struct configuration *configuration);
bool report_has_workload(const struct report *report, const struct workload *workload);

#endif
