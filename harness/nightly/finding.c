// SPDX-License-Identifier: GPL-2.0
#include "harness/nightly/finding.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *copy(const char *text)
{
	return strdup(text ? text : "");
}

struct finding *finding_add(struct findings *findings, enum finding_kind kind, const char *kernel,
			    const char *workload, const char *configuration, const char *what)
{
	struct finding *rows = realloc(findings->rows, (findings->count + 1) * sizeof(*rows));
	struct finding *row;

	findings->failed |= !rows;
	if (!rows)
		return NULL;
	findings->rows = rows;
	row = &rows[findings->count++];
	*row = (struct finding){
		.kind = kind,
		.kernel = copy(kernel),
		.workload = copy(workload),
		.configuration = copy(configuration),
		.what = copy(what),
		.since = copy(NULL),
		.where = copy(NULL),
	};
	findings->counts[kind]++;
	findings->failed |= !row->kernel || !row->workload || !row->configuration || !row->what ||
			    !row->since || !row->where;
	return findings->failed ? NULL : row;
}

void finding_set(char **text, char *value)
{
	if (!value)
		return;
	free(*text);
	*text = value;
}

static double weight(const struct finding *finding)
{
	return finding->measured && finding->ratio > 0 ? fabs(log(finding->ratio)) : 0;
}

static int in_order(const void *a, const void *b)
{
	const struct finding *one = a, *other = b;
	double difference = weight(other) - weight(one);
	int order;

	if (one->kind != other->kind)
		return one->kind < other->kind ? -1 : 1;
	if (difference != 0)
		return difference < 0 ? -1 : 1;
	order = strcmp(one->kernel, other->kernel);
	if (!order)
		order = strcmp(one->workload, other->workload);
	if (!order)
		order = strcmp(one->configuration, other->configuration);
	return order ? order : strcmp(one->what, other->what);
}

void findings_sort(struct findings *findings)
{
	if (findings->count)
		qsort(findings->rows, findings->count, sizeof(*findings->rows), in_order);
}

const char *finding_kind_name(enum finding_kind kind)
{
	static const char *const names[FINDING_KINDS] = {
		[FINDING_MISSING] = "missing",	     [FINDING_ATTACK] = "attack",
		[FINDING_REGRESSION] = "regression", [FINDING_TEST] = "test",
		[FINDING_SUSPECT] = "suspect",	     [FINDING_NOTE] = "note",
		[FINDING_BETTER] = "better",
	};

	return names[kind];
}

static json_t *number_or_null(bool known, double value)
{
	return known ? json_real(value) : json_null();
}

json_t *finding_json(const struct finding *finding)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:s, s:s}", "kind",
			 finding_kind_name(finding->kind), "kernel", finding->kernel, "workload",
			 finding->workload, "configuration", finding->configuration, "what",
			 finding->what, "ratio", number_or_null(finding->measured, finding->ratio),
			 "low", number_or_null(finding->spread, finding->low), "high",
			 number_or_null(finding->spread, finding->high), "since", finding->since,
			 "where", finding->where);
}

void findings_free(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		free(findings->rows[i].kernel);
		free(findings->rows[i].workload);
		free(findings->rows[i].configuration);
		free(findings->rows[i].what);
		free(findings->rows[i].since);
		free(findings->rows[i].where);
	}
	free(findings->rows);
	memset(findings, 0, sizeof(*findings));
}
