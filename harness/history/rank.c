// SPDX-License-Identifier: GPL-2.0
#include "harness/history/rank.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"

int rank_centred(const double *values, size_t n, double *ranks)
{
	autofree size_t *order = calloc(n, sizeof(*order));

	if (!order)
		return -1;
	gsl_sort_index(order, values, 1, n);
	for (size_t first = 0, next; first < n; first = next) {
		for (next = first + 1; next < n && values[order[next]] == values[order[first]];)
			next++;
		for (size_t i = first; i < next; i++)
			ranks[order[i]] = (double)(first + 1 + next) / 2 - (double)(n + 1) / 2;
	}
	return 0;
}

static double median_in_place(double *values, size_t n)
{
	gsl_sort(values, 1, n);
	return gsl_stats_median_from_sorted_data(values, 1, n);
}

double rank_median(const double *values, size_t n)
{
	autofree double *work = calloc(n, sizeof(*work));

	if (!work)
		return NAN;
	memcpy(work, values, n * sizeof(*work));
	return median_in_place(work, n);
}

int rank_line(const double *values, size_t n, struct line *line)
{
	autofree double *slopes = calloc(n * n / 2 + n, sizeof(*slopes));
	size_t count = 0;

	if (!slopes)
		return -1;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			slopes[count++] = (values[j] - values[i]) / (double)(j - i);
	line->slope = median_in_place(slopes, count);
	for (size_t i = 0; i < n; i++)
		slopes[i] = values[i] - line->slope * (double)i;
	line->start = median_in_place(slopes, n);
	return 0;
}
