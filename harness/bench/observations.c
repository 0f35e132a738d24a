// SPDX-License-Identifier: GPL-2.0
#include "harness/bench/observations.h"

static int write_line(FILE *file, json_t *line, json_t *observation, struct error *err)
{
	int failed = !line || json_object_update_missing(line, observation) ||
		     json_dumpf(line, file, JSON_COMPACT) || fputc('\n', file) == EOF ||
		     fflush(file);

	json_decref(line);
	return failed ? error_set(err, EXIT_ENVIRONMENT,
				  "cannot keep what was observed; is there space?")
		      : 0;
}

static int write_histogram(FILE *file, const struct observed *observed, json_t *observation,
			   struct error *err)
{
	return write_line(file,
			  json_pack("{s:i, s:s, s:i, s:i, s:s, s:s}", "schema", OBSERVATIONS_SCHEMA,
				    "run", observed->run, "boot", (int)observed->boot, "order",
				    (int)observed->order, "workload",
				    observed->stop->workload->name, "configuration",
				    observed->stop->configuration->name),
			  observation, err);
}

static int write_calls(FILE *file, const struct observed *observed, json_t *observation,
		       struct error *err)
{
	return write_line(file,
			  json_pack("{s:i, s:s, s:i, s:s, s:s}", "schema", OBSERVATIONS_SCHEMA,
				    "run", observed->run, "boot", (int)observed->boot, "workload",
				    observed->stop->workload->name, "configuration",
				    observed->stop->configuration->name),
			  observation, err);
}

int observations_write(const json_t *list, const struct observed *observed, FILE *histograms,
		       FILE *calls, const char **reason, struct error *err)
{
	json_t *observation;
	size_t i;

	*reason = NULL;
	json_array_foreach((json_t *)list, i, observation) {
		const char *unobserved =
			json_string_value(json_object_get(observation, "unobserved"));
		int result = 0;

		if (unobserved)
			*reason = unobserved;
		else if (json_object_get(observation, "buckets"))
			result = write_histogram(histograms, observed, observation, err);
		else
			result = write_calls(calls, observed, observation, err);
		if (result)
			return -1;
	}
	return 0;
}
