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
	unsigned int missing; /* visited, and without a figure of either */
};
struct report_score report_score(const struct report *report, enum summary_base base);

/* The cheapest and the dearest of the workloads that a mean is made of; false: it has none. */
struct report_reach {
	const struct figure *least, *most;
};
bool report_reach(const struct report *report, const struct mean *mean, struct report_reach *reach);

/* Of how many workloads the subject's mean could have been made: of that kind, and both visited. */
unsigned int report_mean_size(const struct report *report, enum summary_base base, enum kind kind);

/* "better", "worse", "same" or "unknown": the class that colours a judgement. */
const char *change_class(enum change verdict);

/* The previous run's median of the same figure, or a negative number. */
double report_previous_median(const struct report *report, const struct figure *figure);

/* The first reason for which a cell has no figure, or NULL. */
const struct absence *report_absence(const struct report *report, const struct workload *workload,
				     const struct configuration *configuration);

/* The same of the second visits, which a configuration has that is compared with itself. */
const struct absence *report_absence_again(const struct report *report,
					   const struct workload *workload,
					   const struct configuration *configuration);

/* "boot 2" or "boots 2, 3, 5": in which the absence's visits of its cell gave no figure. */
void report_absent_boots(const struct report *report, const struct absence *absence, FILE *out);

/*
 * Why the subject has no figure in workloads[index], if no earlier workload has said so already; else
 * NULL. And all workloads in which that is why, "exec, stat".
 */
const char *report_unmeasured(const struct report *report, unsigned int index);
void report_unmeasured_where(const struct report *report, const char *reason, FILE *out);

/* "one operation", "programs", "start-up": a kind in the reports' words. */
const char *report_kind(enum kind kind);

/* Whether the run has enough boots to say how far figures repeat, of any kind. */
bool report_repeats(const struct report *report);

/* "3", or where fewer boots have figures than were asked for, "2 of 3 that were asked for". */
void report_boots(const struct report *report, FILE *out);

/* Why what was to be attacked has no verdicts, or NULL. */
const char *report_attacks_failed(const struct report *report);

/* More false alarms among a run's comparisons of likes than its verdicts may be wrong by: 5 %. */
bool report_alarming(const struct self_check *check);

/* Whether the run holds anything about it: a figure, or a reason why there is none. */
bool report_has_configuration(const struct report *report,
			      const struct configuration *configuration);
bool report_has_workload(const struct report *report, const struct workload *workload);

#endif
