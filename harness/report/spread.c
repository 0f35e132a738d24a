// SPDX-License-Identifier: GPL-2.0
#include "harness/report/spread.h"

#include <math.h>
#include <stdlib.h>

#include "harness/report/plot.h"

#define LETTER 15 /* height of a label's line, in units of the drawing */

void spread_add(struct spread *spread, const char *text, const char *colour, double at)
{
	if (spread->count < SPREAD_MOST)
		spread->names[spread->count++] = (struct spread_name){text, colour, at};
}

static int by_place(const void *one, const void *other)
{
	double a = ((const struct spread_name *)one)->at;
	double b = ((const struct spread_name *)other)->at;

	return (a > b) - (a < b);
}

/* Upwards, each at least gap above the one below; then down again from the top where it overflows. */
static void move_apart(struct spread *spread, double gap)
{
	double limit = 1;

	for (size_t i = 1; i < spread->count; i++)
		spread->names[i].at = fmax(spread->names[i].at, spread->names[i - 1].at + gap);
	for (size_t i = spread->count; i-- > 0; limit = spread->names[i].at - gap)
		spread->names[i].at = fmin(spread->names[i].at, limit);
}

void spread_print(struct spread *spread, double low, double high, double height, FILE *out)
{
	qsort(spread->names, spread->count, sizeof(spread->names[0]), by_place);
	for (size_t i = 0; i < spread->count; i++)
		spread->names[i].at = (spread->names[i].at - low) / (high - low);
	move_apart(spread, LETTER / height);
	for (size_t i = 0; i < spread->count; i++) {
		fputs("set label \"", out);
		plot_text(spread->names[i].text, out);
		fprintf(out, "\" at graph 1.02, graph %.4f left tc rgb \"%s\"\n",
			spread->names[i].at, spread->names[i].colour);
	}
}
