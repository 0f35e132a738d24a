/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Drawings of a report: SVG files that gnuplot makes in plots/, and the same within the page, where
 * their colours follow its theme. All of a report's are made by one run of gnuplot.
 */
#ifndef VKERNEL_HARNESS_REPORT_PLOT_H
#define VKERNEL_HARNESS_REPORT_PLOT_H

#include <stdio.h>

#include "harness/report/report.h"

#define PLOT_WIDTH 400 /* of every drawing, in its own units; a letter is about 6 wide */

/* Below and above the frame, for the axis' ticks and title. */
#define PLOT_BOTTOM 48
#define PLOT_TOP    8

/* Colours of the light theme; page.css has them under the names beside. */
#define INK  "#1a1c1f" /* --ink */
#define SOFT "#565b61" /* --soft */
#define LINE "#dcdcd5" /* --line */
#define RULE "#b9b9b0" /* --rule */

/*
 * Begins a drawing of height units: what is written to the script next draws it. Returns 0, or -1
 * where there is no memory.
 */
int drawing_begin(struct drawings *drawings, unsigned int height, const char *name,
		  const char *title, const char *caption);

/* Each adds what the run has figures for, which may be nothing. Returns as drawing_begin(). */
int plot_costs(const struct report *report, struct drawings *drawings);
int plot_startup(const struct report *report, struct drawings *drawings);
int plot_delays(const struct report *report, struct drawings *drawings);
int plot_containers(const struct report *report, struct drawings *drawings);
int plot_history(const struct report *report, struct drawings *drawings);

/*
 * Makes plots/ in the report's folder; report->drawings then says what is there. Returns 0, or -1
 * with err set: gnuplot is missing or failed.
 */
int plot_write(struct report *report, struct error *err);

/* Writes the drawing as a part of a page. Returns 0, or -1 with err set. */
int plot_inline(const struct report *report, const struct drawing *drawing, FILE *out,
		struct error *err);

void drawings_release(struct drawings *drawings);

/* A configuration's colour, the same in every drawing. */
const char *plot_colour(const char *configuration);

/* Ticks of an axis of ratios from low to high: `set xtics (...)` or y. */
void plot_ratio_ticks(char axis, double low, double high, FILE *out);

/* Text within the double quotes of a script. */
void plot_text(const char *text, FILE *out);

#endif
