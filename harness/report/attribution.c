// SPDX-License-Identifier: GPL-2.0
#include "harness/report/attribution.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report/lines.h"

#define SCHEMA 1

const struct attribution *attribution_find(const struct attributions *attributions,
					   const char *workload, const char *configuration)
{
	for (size_t i = 0; i < attributions->count; i++)
		if (!strcmp(attributions->rows[i].workload, workload) &&
		    !strcmp(attributions->rows[i].configuration, configuration))
			return &attributions->rows[i];
	return NULL;
}

static struct attribution *get(struct attributions *attributions, const char *workload,
			       const char *configuration)
{
	struct attribution *row =
		(struct attribution *)attribution_find(attributions, workload, configuration);
	struct attribution *larger;

	if (row)
		return row;
	larger = realloc(attributions->rows, (attributions->count + 1) * sizeof(*larger));
	if (!larger)
		return NULL;
	attributions->rows = larger;
	row = &larger[attributions->count++];
	*row = (struct attribution){
		.workload = strdup(workload),
		.configuration = strdup(configuration),
	};
	return row->workload && row->configuration ? row : NULL;
}

static struct attributed *find(const struct attribution *attribution, const char *image,
			       const char *symbol)
{
	for (size_t i = 0; i < attribution->count; i++)
		if (!strcmp(attribution->rows[i].symbol, symbol) &&
		    !strcmp(attribution->rows[i].image, image))
			return &attribution->rows[i];
	return NULL;
}

static int add(struct attribution *attribution, const char *image, const char *symbol,
	       double instructions)
{
	struct attributed *row = find(attribution, image, symbol), *larger;

	if (row) {
		row->instructions += instructions;
		return 0;
	}
	larger = realloc(attribution->rows, (attribution->count + 1) * sizeof(*larger));
	if (!larger)
		return -1;
	attribution->rows = larger;
	row = &larger[attribution->count++];
	*row = (struct attributed){strdup(image), strdup(symbol), instructions};
	return row->image && row->symbol ? 0 : -1;
}

static int add_symbols(struct attribution *attribution, const json_t *symbols, double operations,
		       struct error *err)
{
	json_t *each;
	size_t i;

	json_array_foreach((json_t *)symbols, i, each) {
		const char *image, *symbol;
		double instructions;

		if (json_unpack(each, "{s:s, s:s, s:F}", "image", &image, "symbol", &symbol,
				"instructions", &instructions))
			return error_set(err, EXIT_USAGE,
					 "symbol %zu lacks image, symbol or instructions", i + 1);
		if (add(attribution, image, symbol, instructions / operations))
			return error_set(err, EXIT_ENVIRONMENT, "no memory for a symbol");
	}
	return 0;
}

static int take(void *context, const json_t *line, struct error *err)
{
	const char *workload, *configuration;
	struct attribution *row;
	double operations;
	json_t *symbols;

	if (json_unpack((json_t *)line, "{s:s, s:s, s:F, s:o}", "workload", &workload,
			"configuration", &configuration, "operations", &operations, "symbols",
			&symbols) ||
	    !json_is_array(symbols) || operations <= 0)
		return error_set(err, EXIT_USAGE,
				 "it lacks workload, configuration, operations (more than 0) or "
				 "symbols");
	row = get(context, workload, configuration);
	if (!row)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a line");
	row->lines++;
	return add_symbols(row, symbols, operations, err);
}

static void divide(struct attributions *attributions)
{
	for (size_t i = 0; i < attributions->count; i++)
		for (size_t j = 0; j < attributions->rows[i].count; j++)
			attributions->rows[i].rows[j].instructions /= attributions->rows[i].lines;
}

int attributions_load(const char *folder, struct attributions *attributions, struct error *err)
{
	*attributions = (struct attributions){0};
	if (lines_read(folder, "attribution.jsonl", SCHEMA, take, attributions, err)) {
		attributions_release(attributions);
		return -1;
	}
	divide(attributions);
	return 0;
}

void attributions_release(struct attributions *attributions)
{
	for (size_t i = 0; i < attributions->count; i++) {
		struct attribution *row = &attributions->rows[i];

		for (size_t j = 0; j < row->count; j++) {
			free(row->rows[j].image);
			free(row->rows[j].symbol);
		}
		free(row->rows);
		free(row->workload);
		free(row->configuration);
	}
	free(attributions->rows);
	*attributions = (struct attributions){0};
}

double attribution_total(const struct attribution *attribution)
{
	double total = 0;

	for (size_t i = 0; i < attribution->count; i++)
		total += attribution->rows[i].instructions;
	return total;
}

static int by_size(const void *one, const void *other)
{
	const struct excess *a = one, *b = other;
	double x = fabs(a->one - a->other), y = fabs(b->one - b->other);

	return (x < y) - (x > y);
}

size_t attribution_compare(const struct attribution *one, const struct attribution *other,
			   struct excess **rows)
{
	size_t count = 0;

	*rows = calloc(one->count + other->count + 1, sizeof(**rows));
	if (!*rows)
		return 0;
	for (size_t i = 0; i < one->count; i++) {
		const struct attributed *its = &one->rows[i];
		const struct attributed *same = find(other, its->image, its->symbol);

		(*rows)[count++] = (struct excess){its->image, its->symbol, its->instructions,
						   same ? same->instructions : 0};
	}
	for (size_t i = 0; i < other->count; i++)
		if (!find(one, other->rows[i].image, other->rows[i].symbol))
			(*rows)[count++] =
				(struct excess){other->rows[i].image, other->rows[i].symbol, 0,
						other->rows[i].instructions};
	qsort(*rows, count, sizeof(**rows), by_size);
	return count;
}
