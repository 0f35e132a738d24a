// SPDX-License-Identifier: GPL-2.0
#include "harness/samples.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"

#define FILE_MAX  ((size_t)256 << 20)
#define BOOTS_MAX 1000

bool samples_possible(const struct metric *metric, double value)
{
	if (metric->formula == FORMULA_COUNTER && value == 0)
		return true;
	return value >= SAMPLE_LEAST && value <= SAMPLE_MOST;
}

static int write_line(FILE *file, json_t *object, struct error *err)
{
	int failed = !object || json_dumpf(object, file, JSON_COMPACT | JSON_REAL_PRECISION(12)) ||
		     fputc('\n', file) == EOF || fflush(file);

	json_decref(object);
	return failed ? error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot write a sample") : 0;
}

/* Stands in a line only where it is true: most lines are what they were before there was any. */
static json_t *mark_again(json_t *object, bool again)
{
	if (object && again && json_object_set_new(object, "again", json_true())) {
		json_decref(object);
		return NULL;
	}
	return object;
}

int samples_write(FILE *file, const char *run, enum clock clock, const struct sample *sample,
		  struct error *err)
{
	json_t *object = json_pack(
		"{s:i, s:s, s:i, s:i, s:s, s:s, s:s, s:s, s:s, s:f}", "schema", SAMPLES_SCHEMA,
		"run", run, "boot", sample->boot, "order", sample->order, "workload",
		sample->workload->name, "configuration", sample->configuration->name, "metric",
		sample->metric->name, "unit", workload_unit(sample->workload, sample->metric),
		"clock", clock_name(clock), "value", sample->value);

	return write_line(file, mark_again(object, sample->again), err);
}

int samples_write_absence(FILE *file, const char *run, enum clock clock,
			  const struct absence *absence, struct error *err)
{
	json_t *object = json_pack(
		"{s:i, s:s, s:i, s:i, s:s, s:s, s:s, s:i, s:s}", "schema", SAMPLES_SCHEMA, "run",
		run, "boot", absence->boot, "order", absence->order, "workload",
		absence->workload->name, "configuration", absence->configuration->name, "clock",
		clock_name(clock), "status", (int)absence->status, "reason", absence->reason);

	return write_line(file, mark_again(object, absence->again), err);
}

/* What every line of both files says. */
struct head {
	json_int_t schema, boot, order;
	int again;
	const char *run, *workload_name, *configuration_name, *clock;
	const struct workload *workload;
	const struct configuration *configuration;
};

static int find_clock(const char *name, enum clock *clock, struct error *err)
{
	static const enum clock clocks[] = {CLOCK_INSTRUCTIONS, CLOCK_WALL};

	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		if (strcmp(clock_name(clocks[i]), name))
			continue;
		*clock = clocks[i];
		return 0;
	}
	return error_set(err, EXIT_USAGE, "unknown clock \"%s\"", name);
}

/* The first line of a run fixes its name and clock. */
static int same_run(struct samples *samples, const char *run, const char *name, struct error *err)
{
	enum clock clock = CLOCK_WALL;

	if (find_clock(name, &clock, err))
		return -1;
	if (!samples->run) {
		samples->clock = clock;
		samples->run = strdup(run);
		return samples->run ? 0 : error_set(err, EXIT_ENVIRONMENT, "no memory");
	}
	if (strcmp(samples->run, run))
		return error_set(err, EXIT_USAGE, "run \"%s\" in the file of run \"%s\"", run,
				 samples->run);
	if (samples->clock != clock)
		return error_set(err, EXIT_USAGE,
				 "clock \"%s\" in a run on the clock \"%s\": figures of different "
				 "clocks are never compared",
				 name, clock_name(samples->clock));
	return 0;
}

static int check_head(struct samples *samples, struct head *head, struct error *err)
{
	if (head->schema != SAMPLES_SCHEMA)
		return error_set(err, EXIT_USAGE, "schema %lld; this vkbench reads schema %d",
				 (long long)head->schema, SAMPLES_SCHEMA);
	if (head->boot < 1 || head->boot > BOOTS_MAX || head->order < 1 || head->order > UINT_MAX)
		return error_set(err, EXIT_USAGE,
				 "boot %lld, order %lld: both count from 1, boots to %d",
				 (long long)head->boot, (long long)head->order, BOOTS_MAX);
	head->workload = workload_find(head->workload_name);
	if (!head->workload)
		return error_set(err, EXIT_USAGE, "unknown workload \"%s\"", head->workload_name);
	head->configuration = configuration_find(head->configuration_name);
	if (!head->configuration)
		return error_set(err, EXIT_USAGE, "unknown configuration \"%s\"",
				 head->configuration_name);
	return same_run(samples, head->run, head->clock, err);
}

static int append(void **rows, size_t *count, size_t size, const void *row, struct error *err)
{
	if (!(*count & (*count - 1))) {
		void *larger = realloc(*rows, (*count ? *count * 2 : 1) * size);

		if (!larger)
			return error_set(err, EXIT_ENVIRONMENT, "no memory for the samples");
		*rows = larger;
	}
	memcpy((char *)*rows + (*count)++ * size, row, size);
	return 0;
}

static int read_sample(struct samples *samples, json_t *object, struct error *err)
{
	const char *metric, *unit;
	json_error_t fault;
	struct head head = {0};
	double value;
	struct sample sample;

	if (json_unpack_ex(object, &fault, JSON_STRICT,
			   "{s:I, s:s, s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:F, s?b}", "schema",
			   &head.schema, "run", &head.run, "boot", &head.boot, "order", &head.order,
			   "workload", &head.workload_name, "configuration",
			   &head.configuration_name, "metric", &metric, "unit", &unit, "clock",
			   &head.clock, "value", &value, "again", &head.again))
		return error_set(err, EXIT_USAGE, "not a sample: %s", fault.text);
	if (check_head(samples, &head, err))
		return -1;
	sample = (struct sample){
		.boot = head.boot,
		.order = head.order,
		.workload = head.workload,
		.configuration = head.configuration,
		.metric = workload_metric(head.workload, metric, samples->clock),
		.value = value,
		.again = head.again,
	};
	if (!sample.metric)
		return error_set(err, EXIT_USAGE, "unknown metric \"%s\" of %s on the clock %s",
				 metric, head.workload_name, head.clock);
	if (strcmp(unit, workload_unit(sample.workload, sample.metric)))
		return error_set(err, EXIT_USAGE, "unit \"%s\"; %s is in %s", unit, metric,
				 workload_unit(sample.workload, sample.metric));
	if (!samples_possible(sample.metric, value))
		return error_set(err, EXIT_USAGE, "value %g is not a measurement", value);
	return append((void **)&samples->rows, &samples->count, sizeof(sample), &sample, err);
}

static int read_absence(struct samples *samples, json_t *object, struct error *err)
{
	struct absence absence;
	json_error_t fault;
	const char *reason;
	struct head head = {0};
	int status;

	if (json_unpack_ex(object, &fault, JSON_STRICT,
			   "{s:I, s:s, s:I, s:I, s:s, s:s, s:s, s:i, s:s, s?b}", "schema",
			   &head.schema, "run", &head.run, "boot", &head.boot, "order", &head.order,
			   "workload", &head.workload_name, "configuration",
			   &head.configuration_name, "clock", &head.clock, "status", &status,
			   "reason", &reason, "again", &head.again))
		return error_set(err, EXIT_USAGE, "not a missing measurement: %s", fault.text);
	if (check_head(samples, &head, err))
		return -1;
	absence = (struct absence){
		.boot = head.boot,
		.order = head.order,
		.workload = head.workload,
		.configuration = head.configuration,
		.again = head.again,
		.status = status,
		.reason = strdup(reason),
	};
	if (!absence.reason)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for the samples");
	if (!append((void **)&samples->absences, &samples->absences_count, sizeof(absence),
		    &absence, err))
		return 0;
	free(absence.reason);
	return -1;
}

typedef int (*read_object)(struct samples *samples, json_t *object, struct error *err);

static int read_line(struct samples *samples, const char *line, size_t length, read_object take,
		     struct error *err)
{
	json_error_t fault;
	json_t *object = json_loadb(line, length, JSON_REJECT_DUPLICATES, &fault);
	int result;

	if (!object)
		return error_set(err, EXIT_USAGE, "not JSON: %s", fault.text);
	result = take(samples, object, err);
	json_decref(object);
	return result;
}

static int read_lines(struct samples *samples, const char *path, read_object take,
		      struct error *err)
{
	autofree char *text = NULL;
	unsigned int number = 1;
	const char *line, *end;
	size_t size;

	if (file_read(path, FILE_MAX, &text, &size, err))
		return -1;
	for (line = text; line < text + size; line = end + 1, number++) {
		end = memchr(line, '\n', text + size - line);
		if (!end) {
			error_set(err, EXIT_USAGE,
				  "the last line is cut off; remove it to report what is there");
			return error_context(err, "%s:%u", path, number);
		}
		if (read_line(samples, line, end - line, take, err))
			return error_context(err, "%s:%u", path, number);
	}
	return 0;
}

int samples_read(const char *folder, struct samples *samples, struct error *err)
{
	autofree char *path = NULL, *missing = NULL;

	memset(samples, 0, sizeof(*samples));
	if (asprintf(&path, "%s/samples.jsonl", folder) < 0 ||
	    asprintf(&missing, "%s/missing.jsonl", folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (!read_lines(samples, path, read_sample, err) &&
	    (access(missing, F_OK) || !read_lines(samples, missing, read_absence, err)))
		return 0;
	samples_free(samples);
	return -1;
}

void samples_free(struct samples *samples)
{
	for (size_t i = 0; i < samples->absences_count; i++)
		free(samples->absences[i].reason);
	free(samples->absences);
	free(samples->rows);
	free(samples->run);
	memset(samples, 0, sizeof(*samples));
}
