// SPDX-License-Identifier: GPL-2.0
#include "harness/cells.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/statistics.h"

static int by_address(const void *one, const void *other)
{
	return ((uintptr_t)one > (uintptr_t)other) - ((uintptr_t)one < (uintptr_t)other);
}

/* Any order will do in which the samples of a cell stand together. */
static int against_cell(const struct sample *sample, const struct cell *cell)
{
	int order = by_address(sample->workload, cell->workload);

	if (!order)
		order = by_address(sample->configuration, cell->configuration);
	if (!order)
		order = by_address(sample->metric, cell->metric);
	return order ? order : sample->again - cell->again;
}

static int by_cell_and_boot(const void *a, const void *b, void *rows)
{
	const struct sample *one = (const struct sample *)rows + *(const size_t *)a;
	const struct sample *other = (const struct sample *)rows + *(const size_t *)b;
	const struct cell cell = {
		.workload = other->workload,
		.configuration = other->configuration,
		.metric = other->metric,
		.again = other->again,
	};
	int order = against_cell(one, &cell);

	return order ? order : (one->boot > other->boot) - (one->boot < other->boot);
}

int cells_make(const struct samples *samples, struct cells *cells)
{
	*cells = (struct cells){.samples = samples};
	cells->order = calloc(samples->count + 1, sizeof(*cells->order));
	cells->pool = calloc(samples->count + 1, sizeof(*cells->pool));
	if (!cells->order || !cells->pool) {
		cells_free(cells);
		return -1;
	}
	for (size_t i = 0; i < samples->count; i++) {
		cells->order[i] = i;
		if (samples->rows[i].boot > cells->boots)
			cells->boots = samples->rows[i].boot;
	}
	if (samples->count)
		qsort_r(cells->order, samples->count, sizeof(*cells->order), by_cell_and_boot,
			samples->rows);
	return 0;
}

/* The place of the first sample that is not before cell. */
static size_t find(const struct cells *cells, const struct cell *cell)
{
	size_t low = 0, high = cells->samples->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (against_cell(&cells->samples->rows[cells->order[middle]], cell) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t cells_values(const struct cells *cells, const struct cell *cell, double *values)
{
	const struct sample *rows = cells->samples->rows;
	size_t first = find(cells, cell), at = first;

	for (unsigned int boot = 1; boot <= cells->boots; boot++) {
		size_t n = 0;

		for (; at < cells->samples->count; at++) {
			const struct sample *sample = &rows[cells->order[at]];

			if (sample->boot != boot || against_cell(sample, cell))
				break;
			cells->pool[n++] = sample->value;
		}
		values[boot - 1] = n ? statistics_median(cells->pool, n) : NAN;
	}
	return at - first;
}

void cells_free(struct cells *cells)
{
	free(cells->order);
	free(cells->pool);
	memset(cells, 0, sizeof(*cells));
}
