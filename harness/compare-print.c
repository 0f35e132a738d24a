// SPDX-License-Identifier: GPL-2.0
/* A comparison as a table for a terminal. */
#include <string.h>

#include "harness/compare.h"
#include "harness/jsonfile.h"
#include "harness/report/number.h"
#include "lib/cleanup.h"

typedef void (*print_cell)(FILE *out, const struct comparison_row *row);

static void print_workload(FILE *out, const struct comparison_row *row)
{
	print_plain(out, row->workload);
}

static void print_configuration(FILE *out, const struct comparison_row *row)
{
	print_plain(out, row->configuration);
}

static void print_metric(FILE *out, const struct comparison_row *row)
{
	print_plain(out, row->metric);
	fputs(" (", out);
	print_plain(out, row->unit);
	fputc(')', out);
}

static void print_a(FILE *out, const struct comparison_row *row)
{
	number_print(out, row->a.median);
}

static void print_b(FILE *out, const struct comparison_row *row)
{
	number_print(out, row->b.median);
}

static void print_change(FILE *out, const struct comparison_row *row)
{
	if (!row->ratio.n)
		fputs("-", out);
	else
		fprintf(out, "%+.2f %%", 100 * (row->ratio.median - 1));
}

static void print_interval(FILE *out, const struct comparison_row *row)
{
	if (!row->ratio.spread)
		fputs("unknown", out);
	else
		fprintf(out, "%+.2f to %+.2f %%", 100 * (row->ratio.low - 1),
			100 * (row->ratio.high - 1));
}

static void print_verdict(FILE *out, const struct comparison_row *row)
{
	fputs(comparison_verdict(row->verdict), out);
}

static const struct {
	const char *title;
	print_cell print;
	int align; /* -1 left, 1 right */
} columns[] = {
	{"workload", print_workload, -1},
	{"configuration", print_configuration, -1},
	{"metric", print_metric, -1},
	{"was", print_a, 1},
	{"is", print_b, 1},
	{"change", print_change, 1},
	{"95 %", print_interval, 1},
	{"verdict", print_verdict, -1},
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* In memory that the caller frees; NULL without any. */
static char *cell_text(size_t column, const struct comparison_row *row)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	columns[column].print(out, row);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

static bool is_shown(const struct comparison_row *row, bool all)
{
	return all || row->verdict == CHANGE_FASTER || row->verdict == CHANGE_SLOWER;
}

static int width_of(const struct comparison *comparison, size_t column, bool all)
{
	size_t width = strlen(columns[column].title);

	for (size_t i = 0; i < comparison->count; i++) {
		autofree char *text = is_shown(&comparison->rows[i], all)
					      ? cell_text(column, &comparison->rows[i])
					      : NULL;

		if (text && strlen(text) > width)
			width = strlen(text);
	}
	return width;
}

static void print_row(const struct comparison_row *row, const int widths[], FILE *out)
{
	for (size_t c = 0; c < COLUMNS; c++) {
		autofree char *text = row ? cell_text(c, row) : NULL;

		fprintf(out, "%s%*s", c ? "  " : "",
			c + 1 < COLUMNS ? columns[c].align * widths[c] : 0,
			row ? text ? text : "?" : columns[c].title);
	}
	fputc('\n', out);
}

static void print_table(const struct comparison *comparison, bool all, FILE *out)
{
	int widths[COLUMNS];

	for (size_t c = 0; c < COLUMNS; c++)
		widths[c] = width_of(comparison, c, all);
	print_row(NULL, widths, out);
	for (size_t i = 0; i < comparison->count; i++)
		if (is_shown(&comparison->rows[i], all))
			print_row(&comparison->rows[i], widths, out);
	fputc('\n', out);
}

static void print_differences(const struct comparison *comparison, FILE *out)
{
	const char *key;
	json_t *pair;

	json_object_foreach(comparison->differences, key, pair) {
		autofree char *was = json_dumps(json_array_get(pair, 0), JSON_ENCODE_ANY);
		autofree char *is = json_dumps(json_array_get(pair, 1), JSON_ENCODE_ANY);

		fprintf(out, "%s: %s, now %s\n", key, was ? was : "?", is ? is : "?");
	}
	if (json_object_size(comparison->differences))
		fputc('\n', out);
}

static bool same_line(const json_t *one, const json_t *other)
{
	const json_t *reason = json_object_get(one, "reason");

	return json_same_text(one, other, "workload") &&
	       json_same_text(one, other, "configuration") &&
	       (!reason || json_same_text(one, other, "reason"));
}

/* A line for each cell and reason; a cell's figures stand one after the other. */
static void print_gone(const struct comparison *comparison, bool all, FILE *out)
{
	const json_t *before = NULL;
	json_t *each;
	size_t i;

	json_array_foreach(comparison->gone, i, each) {
		const char *reason = json_string_value(json_object_get(each, "reason"));

		if ((!reason && !all) || (before && same_line(before, each)))
			continue;
		before = each;
		fputs("gone: ", out);
		print_plain(out, json_string_value(json_object_get(each, "workload")));
		fputs(" in ", out);
		print_plain(out, json_string_value(json_object_get(each, "configuration")));
		fputs(reason ? ", not measured: " : ", not visited", out);
		print_plain(out, reason ? reason : "");
		fputc('\n', out);
	}
}

void comparison_print(const struct comparison *comparison, bool all, FILE *out)
{
	size_t same =
		comparison->count - comparison->better - comparison->worse - comparison->unknown;

	fprintf(out, "%s beside %s: kernel %s, clock %s\n\n", comparison->b, comparison->a,
		comparison->kernel, comparison->clock);
	print_differences(comparison, out);
	if (all || comparison->better || comparison->worse)
		print_table(comparison, all, out);
	fprintf(out,
		"%zu figures: %zu better, %zu worse, %zu the same (interval holds 0 %%, or less "
		"than %g %%), %zu unknown (too few boots, or a figure of 0)\n",
		comparison->count, comparison->better, comparison->worse, same,
		100 * comparison->minimum_effect, comparison->unknown);
	if (comparison->better || comparison->worse)
		fputs("Each is judged by itself: of 100 that have not changed, chance calls up to "
		      "5 better or worse\n",
		      out);
	if (comparison->only_a || comparison->only_b)
		fprintf(out,
			"%zu only in %s (%zu of cells that were visited again and gave none), "
			"%zu only in %s\n",
			comparison->only_a, comparison->a, comparison->failed, comparison->only_b,
			comparison->b);
	print_gone(comparison, all, out);
}
