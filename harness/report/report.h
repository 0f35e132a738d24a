/* SPDX-License-Identifier: GPL-2.0 */
/* What a run's raw files say, as summary.json, report.md, report.html and plots/. */
#ifndef VKERNEL_HARNESS_REPORT_REPORT_H
#define VKERNEL_HARNESS_REPORT_REPORT_H

#include <jansson.h>

#include "harness/samples.h"
#include "harness/summary.h"
#include "lib/error.h"

struct report {
	const char *folder;
	struct samples samples;
	struct summary summary;
	json_t *environment;	 /* env.json */
	json_t *previous;	 /* the previous run's summary.json, or NULL */
	char *previous_name;	 /* NULL: there was none */
	const char *previous_no; /* why previous is NULL although there was one; static */
};

/*
 * Makes all reports of the run in folder anew from samples.jsonl, missing.jsonl and env.json, each
 * file whole or not at all. Returns 0, or -1 with err set.
 */
int report_make(const char *folder, struct error *err);

/* The parts. Each writes one file (or its text) and returns 0, or -1 with err set. */
int markdown_write(const struct report *report, FILE *out);
int plot_write(const struct report *report, struct error *err);
int html_write(const struct report *report, const char *markdown, struct error *err);

/* Whether anything was measured beside crun; without it there is no plot. */
bool plot_possible(const struct report *report);

#define PLOT_PATH "plots/ratio.svg"

/* The first reason for which a cell has no figure, or NULL. */
const struct absence *report_absence(const struct report *report, const struct workload *workload,
				     const struct configuration *configuration);

/* Whether the run holds anything about it: a figure, or a reason why there is none. */
bool report_has_configuration(const struct report *report,
			      const struct configuration *configuration);
bool report_has_workload(const struct report *report, const struct workload *workload);

#endif
