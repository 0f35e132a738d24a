// SPDX-License-Identifier: GPL-2.0
#include "harness/report/histogram.h"

#include <stdlib.h>
#include <string.h>

#include "harness/report/lines.h"

#define SCHEMA 1

static struct histogram *find(struct histograms *histograms, const char *workload,
			      const char *configuration, const char *what)
{
	for (size_t i = 0; i < histograms->count; i++) {
		struct histogram *row = &histograms->rows[i];

		if (!strcmp(row->workload, workload) && !strcmp(row->what, what) &&
		    !strcmp(row->configuration, configuration))
			return row;
	}
	return NULL;
}

static struct histogram *add(struct histograms *histograms, const char *workload,
			     const char *configuration, const char *what, const char *unit)
{
	struct histogram *larger =
		realloc(histograms->rows, (histograms->count + 1) * sizeof(*larger));
	struct histogram *row;

	if (!larger)
		return NULL;
	histograms->rows = larger;
	row = &larger[histograms->count++];
	*row = (struct histogram){
		.workload = strdup(workload),
		.configuration = strdup(configuration),
		.what = strdup(what),
		.unit = strdup(unit),
	};
	return row->workload && row->configuration && row->what && row->unit ? row : NULL;
}

static unsigned int bucket_of(json_int_t low)
{
	unsigned int bucket = 0;

	while (low > 1) {
		low >>= 1;
		bucket++;
	}
	return bucket;
}

static int add_buckets(struct histogram *row, const json_t *buckets, struct error *err)
{
	json_t *each;
	size_t i;

	json_array_foreach((json_t *)buckets, i, each) {
		json_int_t low, count;

		if (json_unpack(each, "[I, I]", &low, &count) || low < 0 || count < 0)
			return error_set(err, EXIT_USAGE,
					 "bucket %zu is not [low, count], two numbers from 0 on",
					 i + 1);
		row->counts[bucket_of(low)] += count;
		row->total += count;
	}
	return 0;
}

static int take(void *context, const json_t *line, struct error *err)
{
	const char *workload, *configuration, *what, *unit;
	struct histogram *row;
	json_t *buckets;

	if (json_unpack((json_t *)line, "{s:s, s:s, s:s, s:s, s:o}", "workload", &workload,
			"configuration", &configuration, "histogram", &what, "unit", &unit,
			"buckets", &buckets) ||
	    !json_is_array(buckets))
		return error_set(err, EXIT_USAGE,
				 "it lacks workload, configuration, histogram, unit or buckets");
	row = find(context, workload, configuration, what);
	if (!row)
		row = add(context, workload, configuration, what, unit);
	if (!row)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a histogram");
	return add_buckets(row, buckets, err);
}

int histograms_load(const char *folder, struct histograms *histograms, struct error *err)
{
	*histograms = (struct histograms){0};
	if (!lines_read(folder, "histograms.jsonl", SCHEMA, take, histograms, err))
		return 0;
	histograms_release(histograms);
	return -1;
}

void histograms_release(struct histograms *histograms)
{
	for (size_t i = 0; i < histograms->count; i++) {
		free(histograms->rows[i].workload);
		free(histograms->rows[i].configuration);
		free(histograms->rows[i].what);
		free(histograms->rows[i].unit);
	}
	free(histograms->rows);
	*histograms = (struct histograms){0};
}
