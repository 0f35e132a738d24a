// SPDX-License-Identifier: GPL-2.0
#include <math.h>

#include "harness/report/cell.h"
#include "harness/report/html.h"
#include "harness/report/markup.h"
#include "harness/report/number.h"

/* Of a track, in units of its drawing. */
#define WIDTH  144
#define MIDDLE 11

void html_change(const struct estimate *ratio, enum change verdict, FILE *out)
{
	fputs("<b>", out);
	number_change(out, ratio->median);
	html(out, "</b> <span class=\"%s\">%s</span>", change_class(verdict), change_name(verdict));
	fputs("<span class=\"low\">", out);
	if (ratio->spread)
		number_change_range(out, ratio);
	else
		fputs("interval unknown", out);
	fputs("</span>", out);
}

void scale_begin(struct scale *scale)
{
	*scale = (struct scale){.low = -0.25, .high = 0.25};
}

static double place(double ratio)
{
	return ratio > 0 ? log2(ratio) : 0;
}

void scale_add(struct scale *scale, const struct estimate *cost)
{
	double low = place(cost->spread ? cost->low : cost->median);
	double high = place(cost->spread ? cost->high : cost->median);

	scale->low = fmin(scale->low, low);
	scale->high = fmax(scale->high, high);
}

/* Up to 1/8 and 8 times the range is shown as it is; beyond, an arrow points outwards. */
static double across(const struct scale *scale, double ratio)
{
	double low = fmax(scale->low, -3) - 0.1, high = fmin(scale->high, 3) + 0.1;

	return WIDTH * fmin(1, fmax(0, (place(ratio) - low) / (high - low)));
}

static void print_mark(double x, FILE *out)
{
	if (x <= 0)
		html(out, "<path d=\"M0 %d l8 -5 v10z\"/>", MIDDLE);
	else if (x >= WIDTH)
		html(out, "<path d=\"M%d %d l-8 -5 v10z\"/>", WIDTH, MIDDLE);
	else
		html(out, "<circle cx=\"%.1f\" cy=\"%d\" r=\"4.5\"/>", x, MIDDLE);
}

void html_track(const struct scale *scale, const struct estimate *cost, enum change verdict,
		FILE *out)
{
	double one = across(scale, 1);

	html(out,
	     "<svg class=\"track ink-%s\" viewBox=\"0 0 %d %d\" aria-hidden=\"true\">"
	     "<line class=\"axis\" x1=\"0\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>"
	     "<line class=\"one\" x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%d\"/>",
	     change_class(verdict), WIDTH, 2 * MIDDLE, WIDTH, MIDDLE, MIDDLE, one, one, 2 * MIDDLE);
	if (cost->spread)
		html(out, "<line class=\"range\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
		     across(scale, cost->low), across(scale, cost->high), MIDDLE, MIDDLE);
	print_mark(across(scale, cost->median), out);
	fputs("</svg>", out);
}

void html_table_begin(const char *class, const char *label, FILE *out)
{
	html(out,
	     "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">"
	     "<table class=\"%s\">\n",
	     label, class);
}

void html_table_end(FILE *out)
{
	fputs("</tbody></table></div>\n", out);
}
