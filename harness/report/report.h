/* SPDX-License-Identifier: GPL-2.0 */
/* What a run's raw files say, as summary.json, report.md, report.html and plots/. */
#ifndef VKERNEL_HARNESS_REPORT_REPORT_H
#define VKERNEL_HARNESS_REPORT_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "harness/profile/store.h"
#include "harness/report/histogram.h"
#include "harness/report/history.h"
#include "harness/report/calls.h"
#include "harness/report/isolation.h"
#include "harness/samples.h"
#include "harness/summary.h"
#include "lib/error.h"

struct drawing {
	char *name;    /* of the file in plots/, without .svg */
	char *title;   /* what is shown: a heading of the page, and the image's text */
	char *caption; /* how to read it */
	const struct workload *workload; /* among its figures, or NULL: among the page's plots */
};

struct drawings {
	struct drawing *rows; /* in the order of the page */
	size_t count;
	FILE *script; /* of gnuplot, while it is written */
};

struct report {
	const char *folder;
	struct samples samples;
	struct summary summary;
	json_t *environment;	 /* env.json */
	json_t *previous;	 /* the previous run's summary.json, or NULL */
	char *previous_name;	 /* NULL: there was none */
	const char *previous_no; /* why previous is NULL although there was one; static */
	struct isolation isolation;
	struct histograms histograms;
	struct calls calls;
	struct profiles profiles; /* attribution.jsonl */
	struct history history;
	struct drawings drawings;
};

/*
 * Makes all reports of the run in folder anew from samples.jsonl, missing.jsonl, env.json and, where
 * they are, isolation.json, histograms.jsonl and attribution.jsonl; each file whole or not at all.
 * Returns 0, or -1 with err set.
 */
int report_make(const char *folder, struct error *err);

/* The parts. Each writes one file (or its text) and returns 0, or -1 with err set. */
int markdown_write(const struct report *report, FILE *out);
int html_write(const struct report *report, struct error *err);

#endif
