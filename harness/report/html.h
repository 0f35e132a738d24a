/* SPDX-License-Identifier: GPL-2.0 */
/* The sections of report.html, each in the file of its name. Context: one report, one thread. */
#ifndef VKERNEL_HARNESS_REPORT_HTML_H
#define VKERNEL_HARNESS_REPORT_HTML_H

#include "harness/report/report.h"

/* What could not be measured, what the guest complained of: before all else. */
void html_alerts(const struct report *report, FILE *out);

/* What the subject costs against each peer, and what it held. */
void html_verdict(const struct report *report, FILE *out);

/* The subject's headlines, the dearest first. */
void html_workloads(const struct report *report, FILE *out);

void html_isolation(const struct report *report, FILE *out);

/* Returns 0, or -1 with err set: a drawing that should be there cannot be read. */
int html_plots(const struct report *report, FILE *out, struct error *err);

/* The drawings that stand among a workload's figures, or (NULL) among the page's plots. */
int html_drawings(const struct report *report, const struct workload *workload, FILE *out,
		  struct error *err);

/* Nothing where none were counted. */
void html_calls(const struct report *report, const struct workload *workload, FILE *out);

void html_glance(const struct report *report, FILE *out);
/* Returns as html_plots(). */
int html_rows(const struct report *report, FILE *out, struct error *err);
/* Nothing where the run has no two profiles to compare. */
void html_attribution(const struct report *report, FILE *out);
bool html_has_attribution(const struct report *report);
void html_published(FILE *out);
void html_method(const struct report *report, FILE *out);
void html_environment(const struct report *report, FILE *out);
void html_files(const struct report *report, FILE *out);

/* Pieces that sections share. */

/* "+47.8 %", a coloured word, and below it the interval. */
void html_change(const struct estimate *ratio, enum change verdict, FILE *out);

/* The range of costs that a column's tracks show, as powers of two. */
struct scale {
	double low, high;
};
void scale_begin(struct scale *scale);
void scale_add(struct scale *scale, const struct estimate *cost);
void html_track(const struct scale *scale, const struct estimate *cost, enum change verdict,
		FILE *out);

/* A table begins with the box in which it scrolls; label says what it is, for who cannot see it. */
void html_table_begin(const char *class, const char *label, FILE *out);
void html_table_end(FILE *out);

#endif
