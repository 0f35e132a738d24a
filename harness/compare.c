// SPDX-License-Identifier: GPL-2.0
#include "harness/compare.h"

#include <stdlib.h>
#include <string.h>

#include "harness/jsonfile.h"
#include "harness/machine.h"
#include "harness/report/lines.h"
#include "harness/report/number.h"
#include "harness/samples.h"
#include "harness/summary.h"
#include "lib/cleanup.h"

#define VALUES_MAX 1000 /* boots */

/* A run as far as it is compared. */
struct side {
	const char *folder;
	json_t *environment, *summary, *figures; /* figures: borrowed from summary */
	json_t *index;				 /* figures by name */
	json_t *cells;				 /* that have one, by name */
	json_t *reasons;			 /* of cells that gave none, by name */
};

/* "workload\nconfiguration\nmetric", or without the last; the caller's, NULL: it names none. */
static char *name_of(const json_t *object, bool metric)
{
	const char *workload = json_string_value(json_object_get(object, "workload"));
	const char *configuration = json_string_value(json_object_get(object, "configuration"));
	const char *last = metric ? json_string_value(json_object_get(object, "metric")) : "";
	char *name;

	if (!workload || !configuration || !last ||
	    asprintf(&name, "%s\n%s\n%s", workload, configuration, last) < 0)
		return NULL;
	return name;
}

static int refuse_figure(const struct side *side, const json_t *figure, const char *why,
			 struct error *err)
{
	return error_set(err, EXIT_USAGE, "%s/summary.json: %s of %s in %s %s", side->folder,
			 json_string_value(json_object_get(figure, "metric")),
			 json_string_value(json_object_get(figure, "workload")),
			 json_string_value(json_object_get(figure, "configuration")), why);
}

static int index_figure(struct side *side, json_t *figure, const char *name, struct error *err)
{
	autofree char *cell = name_of(figure, false);

	if (json_object_get(side->index, name))
		return refuse_figure(side, figure, "stands there twice", err);
	if (json_object_get(figure, "clock") &&
	    !json_equal(json_object_get(figure, "clock"),
			json_object_get(side->environment, "clock")))
		return refuse_figure(side, figure, "is of another clock than env.json says", err);
	if (!cell || json_object_set(side->index, name, figure) ||
	    json_object_set_new(side->cells, cell, json_true()))
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a comparison");
	return 0;
}

static int index_figures(struct side *side, struct error *err)
{
	json_t *each;
	size_t i;

	side->index = json_object();
	side->cells = json_object();
	json_array_foreach(side->figures, i, each) {
		autofree char *name = name_of(each, true);

		if (!name)
			return error_set(err, EXIT_USAGE,
					 "%s/summary.json: figure %zu lacks its workload, "
					 "configuration or metric",
					 side->folder, i + 1);
		if (index_figure(side, each, name, err))
			return -1;
	}
	return 0;
}

static int take_reason(void *context, const json_t *line, struct error *err)
{
	autofree char *name = name_of(line, false);
	json_t *reason = json_object_get(line, "reason");

	if (!name || !json_is_string(reason))
		return error_set(err, EXIT_USAGE, "it lacks workload, configuration or reason");
	if (json_is_true(json_object_get(line, "again")))
		return 0; /* a second visit has no figure to lose */
	return json_object_set(context, name, reason)
		       ? error_set(err, EXIT_ENVIRONMENT, "no memory for a reason")
		       : 0;
}

static int side_read(struct side *side, const char *folder, struct error *err)
{
	side->folder = folder;
	side->environment = jsonfile_read_schema(folder, "env.json", ENVIRONMENT_SCHEMA, err);
	if (!side->environment)
		return -1;
	side->summary = jsonfile_read_schema(folder, "summary.json", SUMMARY_SCHEMA, err);
	if (!side->summary)
		return -1;
	side->figures = json_object_get(side->summary, "figures");
	if (!json_is_array(side->figures))
		return error_set(err, EXIT_USAGE, "%s/summary.json has no figures", folder);
	side->reasons = json_object();
	return index_figures(side, err) || lines_read(folder, "missing.jsonl", SAMPLES_SCHEMA,
						      take_reason, side->reasons, err)
		       ? -1
		       : 0;
}

static void side_free(struct side *side)
{
	json_decref(side->environment);
	json_decref(side->summary);
	json_decref(side->index);
	json_decref(side->cells);
	json_decref(side->reasons);
}

/* The boots' values of a figure; -1 where it has none, or one that can be none. */
static int read_values(const json_t *figure, double values[VALUES_MAX])
{
	const json_t *array = json_object_get(figure, "values");
	json_t *each;
	size_t i;

	if (!json_array_size(array) || json_array_size(array) > VALUES_MAX)
		return -1;
	json_array_foreach(array, i, each) {
		values[i] = json_number_value(each);
		if (!json_is_number(each) || values[i] < 0 || values[i] > SAMPLE_MOST ||
		    (values[i] > 0 && values[i] < SAMPLE_LEAST))
			return -1;
	}
	return json_array_size(array);
}

static int refuse_values(const struct side *side, const json_t *figure, struct error *err)
{
	return error_set(
		err, EXIT_USAGE,
		"%s/summary.json: %s of %s in %s has no values of its boots, or one that is "
		"none: vkbench report %s makes it anew",
		side->folder, json_string_value(json_object_get(figure, "metric")),
		json_string_value(json_object_get(figure, "workload")),
		json_string_value(json_object_get(figure, "configuration")), side->folder);
}

static char *copy_text(const json_t *figure, const char *key)
{
	const char *text = json_string_value(json_object_get(figure, key));

	return strdup(text ? text : "");
}

static int row_fill(struct comparison_row *row, const struct side *a, const json_t *from,
		    const struct side *b, const json_t *to, struct error *err)
{
	const char *better = json_string_value(json_object_get(from, "better"));
	double was[VALUES_MAX], is[VALUES_MAX];
	int n = read_values(from, was), m = read_values(to, is);

	if (n < 0 || m < 0)
		return n < 0 ? refuse_values(a, from, err) : refuse_values(b, to, err);
	if (!json_same_text(from, to, "unit"))
		return error_set(err, EXIT_USAGE, "%s is in %s in %s and in %s in %s", row->metric,
				 row->unit, a->folder,
				 json_string_value(json_object_get(to, "unit")), b->folder);
	if (!json_same_text(from, to, "better"))
		return error_set(err, EXIT_USAGE,
				 "%s and %s do not agree whether less of %s is better", a->folder,
				 b->folder, row->metric);
	row->better = better && !strcmp(better, "higher") ? BETTER_HIGHER : BETTER_LOWER;
	row->a = statistics_estimate(was, n);
	row->b = statistics_estimate(is, m);
	row->ratio = statistics_compare(was, n, is, m);
	row->chance = statistics_chance(was, n, is, m);
	return 0;
}

static int add_row(struct comparison *comparison, const struct side *a, const json_t *from,
		   const struct side *b, const json_t *to, struct error *err)
{
	struct comparison_row *row =
		realloc(comparison->rows, (comparison->count + 1) * sizeof(*comparison->rows));

	if (!row)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a comparison");
	comparison->rows = row;
	row = &row[comparison->count++];
	*row = (struct comparison_row){
		.workload = copy_text(from, "workload"),
		.configuration = copy_text(from, "configuration"),
		.metric = copy_text(from, "metric"),
		.unit = copy_text(from, "unit"),
	};
	if (!row->workload || !row->configuration || !row->metric || !row->unit)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a comparison");
	if (row_fill(row, a, from, b, to, err))
		return -1;
	row->verdict = statistics_judge(&row->ratio, row->better, comparison->minimum_effect);
	comparison->better += row->verdict == CHANGE_FASTER;
	comparison->worse += row->verdict == CHANGE_SLOWER;
	comparison->unknown += row->verdict == CHANGE_UNKNOWN;
	return 0;
}

/* Lists a figure that the other run does not have. */
static int list_figure(json_t *list, const json_t *figure, json_t *reason, struct error *err)
{
	return json_array_append_new(list,
				     json_pack("{s:O, s:O, s:O, s:O*}", "workload",
					       json_object_get(figure, "workload"), "configuration",
					       json_object_get(figure, "configuration"), "metric",
					       json_object_get(figure, "metric"), "reason", reason))
		       ? error_set(err, EXIT_ENVIRONMENT, "no memory for a comparison")
		       : 0;
}

/* The caller's; NULL: b did not visit its cell. */
static json_t *why_gone(const json_t *figure, const struct side *b)
{
	autofree char *cell = name_of(figure, false);

	if (cell && json_object_get(b->cells, cell))
		return json_sprintf("it has other figures, and no %s",
				    json_string_value(json_object_get(figure, "metric")));
	return cell ? json_incref(json_object_get(b->reasons, cell)) : NULL;
}

static int add_gone(struct comparison *comparison, const json_t *figure, const struct side *b,
		    struct error *err)
{
	json_t *reason = why_gone(figure, b);
	int result = list_figure(comparison->gone, figure, reason, err);

	comparison->only_a++;
	comparison->failed += reason != NULL;
	json_decref(reason);
	return result;
}

static int add_added(struct comparison *comparison, const struct side *a, const struct side *b,
		     struct error *err)
{
	json_t *figure;
	size_t i;

	json_array_foreach(b->figures, i, figure) {
		autofree char *name = name_of(figure, true);

		if (!(name && json_object_get(a->index, name)) &&
		    list_figure(comparison->added, figure, NULL, err))
			return -1;
	}
	comparison->only_b = json_array_size(comparison->added);
	return 0;
}

static int add_rows(struct comparison *comparison, const struct side *a, const struct side *b,
		    struct error *err)
{
	json_t *figure;
	size_t i;

	json_array_foreach(a->figures, i, figure) {
		autofree char *name = name_of(figure, true);
		const json_t *other = name ? json_object_get(b->index, name) : NULL;

		if (other ? add_row(comparison, a, figure, b, other, err)
			  : add_gone(comparison, figure, b, err))
			return -1;
	}
	if (!comparison->count)
		return error_set(err, EXIT_USAGE, "%s and %s have no figure in common", a->folder,
				 b->folder);
	return add_added(comparison, a, b, err);
}

static int compare(struct comparison *comparison, const struct side *a, const struct side *b,
		   struct error *err)
{
	if (machine_check(a->folder, a->environment, b->folder, b->environment, err))
		return -1;
	comparison->a = strdup(a->folder);
	comparison->b = strdup(b->folder);
	comparison->clock = copy_text(a->environment, "clock");
	comparison->kernel = copy_text(a->environment, "kernel");
	comparison->gone = json_array();
	comparison->added = json_array();
	comparison->differences = machine_differences(a->environment, b->environment);
	if (!comparison->a || !comparison->b || !comparison->clock || !comparison->kernel ||
	    !comparison->differences || !comparison->gone || !comparison->added)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a comparison");
	return add_rows(comparison, a, b, err);
}

int comparison_make(const char *a, const char *b, double minimum_effect,
		    struct comparison *comparison, struct error *err)
{
	struct side from = {0}, to = {0};
	int result;

	*comparison = (struct comparison){.minimum_effect = minimum_effect};
	result = side_read(&from, a, err) || side_read(&to, b, err) ||
				 compare(comparison, &from, &to, err)
			 ? -1
			 : 0;
	side_free(&from);
	side_free(&to);
	if (result)
		comparison_free(comparison);
	return result;
}

static int check_side(const struct side *side, struct error *err)
{
	double values[VALUES_MAX];
	json_t *figure;
	size_t i;

	if (!json_array_size(side->figures))
		return error_set(err, EXIT_USAGE, "%s/summary.json holds no figure", side->folder);
	json_array_foreach(side->figures, i, figure)
		if (read_values(figure, values) < 0)
			return refuse_values(side, figure, err);
	return machine_check(side->folder, side->environment, side->folder, side->environment, err);
}

int comparison_check(const char *folder, struct error *err)
{
	struct side side = {0};
	int result = side_read(&side, folder, err) || check_side(&side, err) ? -1 : 0;

	side_free(&side);
	return result;
}

const char *comparison_verdict(enum change change)
{
	static const char *const names[] = {
		[CHANGE_UNKNOWN] = "unknown", [CHANGE_NOISE] = "same",	 [CHANGE_SMALL] = "same",
		[CHANGE_FASTER] = "better",   [CHANGE_SLOWER] = "worse",
	};

	return names[change];
}

static json_t *number_or_null(bool known, double value)
{
	return known ? json_real(value) : json_null();
}

static json_t *side_json(const struct estimate *value)
{
	return json_pack("{s:o, s:o, s:o, s:i}", "median", json_real(value->median), "low",
			 number_or_null(value->spread, value->low), "high",
			 number_or_null(value->spread, value->high), "n", value->n);
}

static json_t *row_json(const struct comparison *comparison, const struct comparison_row *row)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s}", "workload",
			 row->workload, "configuration", row->configuration, "metric", row->metric,
			 "unit", row->unit, "better",
			 row->better == BETTER_LOWER ? "lower" : "higher", "clock",
			 comparison->clock, "a", side_json(&row->a), "b", side_json(&row->b),
			 "ratio", number_or_null(row->ratio.n, row->ratio.median), "low",
			 number_or_null(row->ratio.spread, row->ratio.low), "high",
			 number_or_null(row->ratio.spread, row->ratio.high), "verdict",
			 comparison_verdict(row->verdict));
}

json_t *comparison_json(const struct comparison *comparison)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < comparison->count; i++)
		json_array_append_new(rows, row_json(comparison, &comparison->rows[i]));
	return json_pack(
		"{s:i, s:s, s:s, s:s, s:s, s:f, s:i, s:i, s:i, s:i, s:i, s:O, s:O, s:O, s:o}",
		"schema", COMPARE_SCHEMA, "a", comparison->a, "b", comparison->b, "clock",
		comparison->clock, "kernel", comparison->kernel, "minimum_effect",
		comparison->minimum_effect, "better", (int)comparison->better, "worse",
		(int)comparison->worse, "unknown", (int)comparison->unknown, "only_a",
		(int)comparison->only_a, "only_b", (int)comparison->only_b, "gone",
		comparison->gone, "added", comparison->added, "differences",
		comparison->differences, "rows", rows);
}

void comparison_free(struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->count; i++) {
		free(comparison->rows[i].workload);
		free(comparison->rows[i].configuration);
		free(comparison->rows[i].metric);
		free(comparison->rows[i].unit);
	}
	free(comparison->rows);
	free(comparison->a);
	free(comparison->b);
	free(comparison->clock);
	free(comparison->kernel);
	json_decref(comparison->differences);
	json_decref(comparison->gone);
	json_decref(comparison->added);
	memset(comparison, 0, sizeof(*comparison));
}
