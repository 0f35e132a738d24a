// SPDX-License-Identifier: GPL-2.0
#include "harness/bench/visit.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Host seconds: the slowest visit takes a tenth of it. */
#define TIMEOUT 600

struct listener {
	struct visit *visit;
	const struct stop *stop;
	enum clock clock;
};

static int refuse(struct visit *visit, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int refuse(struct visit *visit, const char *format, ...)
{
	va_list arguments;

	visit->status = EXIT_FINDING;
	va_start(arguments, format);
	vsnprintf(visit->reason, sizeof(visit->reason), format, arguments);
	va_end(arguments);
	return -1;
}

static int add(struct visit *visit, const struct stop *stop, const struct metric *metric,
	       double value)
{
	struct sample *larger;

	if (visit->count == VISIT_SAMPLES_MAX)
		return refuse(visit, "measure printed more than %d samples", VISIT_SAMPLES_MAX);
	larger = realloc(visit->samples, (visit->count + 1) * sizeof(*larger));
	if (!larger)
		return refuse(visit, "no memory for a sample");
	visit->samples = larger;
	larger[visit->count++] = (struct sample){
		.workload = stop->workload,
		.configuration = stop->configuration,
		.metric = metric,
		.value = value,
		.again = stop->again,
	};
	return 0;
}

static int take(struct visit *visit, const struct stop *stop, enum clock clock, json_t *object,
		const char *line)
{
	const struct metric *metric;
	const char *name, *unit;
	json_error_t fault;
	double value;

	if (json_unpack_ex(object, &fault, JSON_STRICT, "{s:s, s:s, s:F}", "metric", &name, "unit",
			   &unit, "value", &value))
		return refuse(visit, "measure printed \"%.200s\", not a sample: %s", line,
			      fault.text);
	metric = workload_metric(stop->workload, name, clock);
	if (!metric || strcmp(unit, workload_unit(stop->workload, metric)))
		return refuse(visit,
			      "measure printed \"%.200s\": no such metric of %s; are the programs "
			      "in the guest of another build?",
			      line, stop->workload->name);
	if (!samples_possible(metric, value))
		return refuse(visit, "measure printed the value %g for %s", value, name);
	return add(visit, stop, metric, value);
}

static bool is_observation(const json_t *object)
{
	return json_is_array(json_object_get(object, "buckets")) ||
	       json_is_object(json_object_get(object, "calls")) ||
	       json_is_string(json_object_get(object, "unobserved"));
}

static int keep_observation(struct visit *visit, json_t *object)
{
	if (!visit->observations)
		visit->observations = json_array();
	return json_array_append(visit->observations, object)
		       ? refuse(visit, "no memory for an observation")
		       : 0;
}

int visit_line(struct visit *visit, const struct stop *stop, enum clock clock, const char *line)
{
	json_error_t fault;
	json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, &fault);
	int result;

	if (!object)
		return refuse(visit, "measure printed \"%.200s\", not a sample: %s", line,
			      fault.text);
	result = is_observation(object) ? keep_observation(visit, object)
					: take(visit, stop, clock, object, line);
	json_decref(object);
	return result;
}

static void add_reason(struct visit *visit, const char *line)
{
	size_t used = strlen(visit->reason);

	snprintf(visit->reason + used, sizeof(visit->reason) - used, "%s%s", used ? " " : "", line);
}

static void listen(void *context, int stream, const char *line)
{
	struct listener *listener = context;

	if (listener->visit->status)
		return;
	if (stream == 1)
		visit_line(listener->visit, listener->stop, listener->clock, line);
	else
		add_reason(listener->visit, line);
}

/* measure begins its message with what is known already. */
static void shorten(struct visit *visit, const struct stop *stop)
{
	char prefix[256];
	size_t length =
		snprintf(prefix, sizeof(prefix), "measure: %s in %s: ", stop->workload->name,
			 stop->configuration->name);

	if (!strncmp(visit->reason, prefix, length))
		memmove(visit->reason, visit->reason + length, strlen(visit->reason + length) + 1);
}

static void conclude(struct visit *visit, const struct stop *stop, int status)
{
	if (!visit->status && status) {
		visit->status = status == EXIT_ENVIRONMENT ? EXIT_ENVIRONMENT : EXIT_FINDING;
		shorten(visit, stop);
		if (!visit->reason[0])
			refuse(visit, "measure ended with status %d and said nothing", status);
	}
	if (!visit->status && !visit->count)
		refuse(visit, "measure printed no sample");
	if (visit->status)
		visit->count = 0;
}

int visit_make(struct vm *vm, const struct stop *stop, enum clock clock, unsigned int repeat,
	       bool observe, struct visit *visit, struct error *err)
{
	struct listener listener = {.visit = visit, .stop = stop, .clock = clock};
	char number[16];
	const char *const argv[] = {
		"/vkernel/bin/measure",
		"--workload",
		stop->workload->name,
		"--configuration",
		stop->configuration->name,
		"--clock",
		clock_name(clock),
		"--repeat",
		number,
		observe ? "--observe" : NULL,
		NULL,
	};
	int status;

	memset(visit, 0, sizeof(*visit));
	snprintf(number, sizeof(number), "%u", repeat);
	if (vm_exec(vm, argv, TIMEOUT, listen, &listener, &status, err))
		return error_context(err, "%s in %s", stop->workload->name,
				     stop->configuration->name);
	conclude(visit, stop, status);
	return 0;
}

void visit_free(struct visit *visit)
{
	free(visit->samples);
	json_decref(visit->observations);
}
