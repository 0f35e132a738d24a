// SPDX-License-Identifier: GPL-2.0
/* Runs in the guest: measures one workload in one configuration, one JSON line a sample. */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/guest/configuration.h"
#include "harness/guest/measure/engine.h"
#include "harness/guest/measure/framework.h"
#include "harness/guest/measure/places.h"
#include "harness/guest/measure/visit.h"
#include "harness/plugin/mark.h"
#include "lib/error.h"
#include "workloads/workload.h"

static const char usage[] =
	"usage: measure --workload W --configuration C --clock instructions|wall [--repeat N]\n"
	"               [--counted] [--observe] [--attribute]\n"
	"Prints {\"metric\", \"unit\", \"value\"} for each sample; --repeat multiplies timed "
	"launches (1); --counted attaches counters to these, too.\n"
	"With --observe: also what the tasks waited for and called, from a launch of its own.\n"
	"With --attribute: one launch, marked for QEMU's plugin, and what is needed to read its "
	"record.\n";

struct request {
	const struct workload *workload;
	const struct configuration *configuration;
	enum clock clock;
	unsigned int repeat;
	bool counted; /* times of launches with counters, to see what these cost */
	bool observe, attribute;
};

static int parse_clock(const char *text, enum clock *clock, struct error *err)
{
	if (!strcmp(text, "instructions"))
		*clock = CLOCK_INSTRUCTIONS;
	else if (!strcmp(text, "wall"))
		*clock = CLOCK_WALL;
	else
		return error_set(err, EXIT_USAGE, "unknown clock \"%s\": say instructions or wall",
				 text);
	return 0;
}

static int parse_repeat(const char *text, unsigned int *repeat, struct error *err)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value < 1 || value > 1000)
		return error_set(err, EXIT_USAGE, "--repeat \"%s\" is not a number from 1 to 1000",
				 text);
	*repeat = value;
	return 0;
}

static int parse_option(int option, const char *value, struct request *request, struct error *err)
{
	switch (option) {
	case 'w':
		request->workload = workload_find(value);
		return request->workload
			       ? 0
			       : error_set(err, EXIT_USAGE, "unknown workload \"%s\"", value);
	case 'c':
		request->configuration = configuration_find(value);
		return request->configuration
			       ? 0
			       : error_set(err, EXIT_USAGE, "unknown configuration \"%s\"", value);
	case 'k':
		return parse_clock(value, &request->clock, err);
	case 'r':
		return parse_repeat(value, &request->repeat, err);
	case 'o':
		request->observe = true;
		return 0;
	case 'n':
		request->counted = true;
		return 0;
	case 'a':
		request->attribute = true;
		return 0;
	default:
		return error_set(err, EXIT_USAGE, "wrong option\n%s", usage);
	}
}

static int parse_arguments(int argc, char **argv, struct request *request, struct error *err)
{
	static const struct option options[] = {
		{"workload", required_argument, NULL, 'w'},
		{"configuration", required_argument, NULL, 'c'},
		{"clock", required_argument, NULL, 'k'},
		{"repeat", required_argument, NULL, 'r'},
		{"observe", no_argument, NULL, 'o'},
		{"counted", no_argument, NULL, 'n'},
		{"attribute", no_argument, NULL, 'a'},
		{0},
	};
	int clocks = 0, option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		clocks += option == 'k';
		if (parse_option(option, optarg, request, err))
			return -1;
	}
	if (optind != argc || !request->workload || !request->configuration || !clocks)
		return error_set(err, EXIT_USAGE,
				 "a workload, a configuration and a clock are needed\n%s", usage);
	if (request->attribute && request->workload->copies > 1)
		return error_set(err, EXIT_USAGE,
				 "%s launches several at once, which --attribute "
				 "cannot tell apart",
				 request->workload->name);
	if (!(request->workload->clocks & ON_CLOCK(request->clock)))
		return error_set(err, EXIT_USAGE, "%s means nothing on this clock",
				 request->workload->name);
	if (!workload_runs_in(request->workload, request->configuration))
		return error_set(err, EXIT_USAGE, "%s is not measured in %s",
				 request->workload->name, request->configuration->name);
	return 0;
}

static int print_sample(const struct workload *workload, const struct metric *metric, double value,
			struct error *err)
{
	json_t *sample = json_pack("{s:s, s:s, s:f}", "metric", metric->name, "unit",
				   workload_unit(workload, metric), "value", value);
	int failed = !sample || json_dumpf(sample, stdout, JSON_REAL_PRECISION(12)) ||
		     putchar('\n') == EOF || fflush(stdout);

	json_decref(sample);
	return failed ? error_set(err, EXIT_ENVIRONMENT, "cannot print a sample") : 0;
}

static int print_readings(const struct request *request, const struct readings *readings,
			  struct error *err)
{
	for (size_t i = 0; i < readings->count; i++)
		for (const struct metric *m = request->workload->metrics; m->name; m++)
			if (m->clocks & ON_CLOCK(request->clock) &&
			    m->formula != FORMULA_TASK_CLOCK &&
			    print_sample(request->workload, m,
					 workload_value(m->formula, &readings->rows[i]), err))
				return -1;
	return 0;
}

static int print_counters(const struct workload *workload, enum clock clock,
			  const struct visit *visit, struct error *err)
{
	double operations = workload->fixed_time ? visit->readings.rows[0].operations : 1;

	for (const struct metric *m = workload->metrics; m->name; m++)
		if (m->formula == FORMULA_TASK_CLOCK && m->clocks & ON_CLOCK(clock) &&
		    print_sample(workload, m, visit->counters[0] / operations, err))
			return -1;
	for (int i = 0; i < COUNTERS; i++) {
		const struct metric *metric = &workload_counters[i];
		double value = visit->counters[i] / (i < COUNTERS_EVENTS ? operations : 1);

		if (metric->clocks & ON_CLOCK(clock) && !isnan(value) &&
		    print_sample(workload, metric, value, err))
			return -1;
	}
	return 0;
}

/* On the instruction clock a loop that is launched again in the same boot says the same again. */
static unsigned int launches_of(const struct request *request)
{
	const struct workload *workload = request->workload;
	unsigned int launches = workload->launches ? workload->launches : 1;

	if (workload->once || (workload->micro && request->clock == CLOCK_INSTRUCTIONS))
		return launches;
	return launches * request->repeat;
}

static int print_attribution(const struct visit *visit, struct error *err)
{
	double elapsed = 0, operations = 0;
	json_t *line;
	int failed;

	for (size_t i = 0; i < visit->readings.count; i++) {
		elapsed += visit->readings.rows[i].elapsed_ns;
		operations += visit->readings.rows[i].operations;
	}
	line = json_pack("{s:f, s:f, s:O}", "elapsed_ns", elapsed, "operations", operations,
			 "places", visit->places);
	failed = !line || json_dumpf(line, stdout, 0) || putchar('\n') == EOF || fflush(stdout);
	json_decref(line);
	return failed ? error_set(err, EXIT_ENVIRONMENT, "cannot print what was attributed") : 0;
}

static int attribute(const struct request *request, struct error *err)
{
	struct visit visit = {.places = json_object()};
	int result;

	/* The first container in a configuration also makes its policy and places its hooks. */
	mark(MARK_ARM);
	result = visit_run(request->workload, request->configuration, VISIT_WARM, &visit, err);
	if (!result)
		result = visit_run(request->workload, request->configuration, VISIT_ATTRIBUTE,
				   &visit, err);
	if (!result)
		result = print_attribution(&visit, err);
	json_decref(visit.places);
	return result;
}

static bool has_counted_metric(const struct workload *workload)
{
	for (const struct metric *m = workload->metrics; m->name; m++)
		if (m->formula == FORMULA_TASK_CLOCK)
			return true;
	return false;
}

/*
 * Docker's work is its daemon's, to which no counters are attached. What a kernel in user space counts
 * for is worth another of its long launches only where it is the figure itself.
 */
static bool is_counted(const struct request *request)
{
	if (request->workload->docker)
		return false;
	return !request->configuration->own_kernel || has_counted_metric(request->workload);
}

/* What cannot be observed is said; the figures are good without. */
static int print_unobserved(const struct error *reason, struct error *err)
{
	json_t *line = json_pack("{s:s}", "unobserved", reason->text);
	int failed = !line || json_dumpf(line, stdout, 0) || putchar('\n') == EOF || fflush(stdout);

	json_decref(line);
	return failed ? error_set(err, EXIT_ENVIRONMENT, "cannot print a reason") : 0;
}

static int observe(const struct request *request, struct error *err)
{
	struct visit visit = {0};
	struct error reason;
	int result;

	if (tasks_open(&visit.tasks, &reason))
		return print_unobserved(&reason, err);
	result = visit_run(request->workload, request->configuration, VISIT_OBSERVE, &visit, err);
	if (!result)
		result = tasks_print(visit.tasks, stdout, err);
	tasks_close(visit.tasks);
	return result;
}

/*
 * The counting launch is the last one but for one that observes, so that it finds the same warm caches
 * as the others.
 */
static int measure(const struct request *request, struct error *err)
{
	enum visit_purpose purpose = request->counted ? VISIT_COUNT : VISIT_TIME;
	unsigned int launches = launches_of(request);
	struct visit visit = {0};

	if (request->attribute)
		return attribute(request, err);
	if (!request->workload->warms_itself &&
	    visit_run(request->workload, request->configuration, VISIT_WARM, &visit, err))
		return -1;
	for (unsigned int i = 0; i < launches; i++)
		if (visit_run(request->workload, request->configuration, purpose, &visit, err) ||
		    print_readings(request, &visit.readings, err))
			return -1;
	if (!is_counted(request))
		return 0;
	if (visit_run(request->workload, request->configuration, VISIT_COUNT, &visit, err) ||
	    print_counters(request->workload, request->clock, &visit, err))
		return -1;
	return request->observe ? observe(request, err) : 0;
}

static int measure_docker(const struct request *request, struct error *err)
{
	int result;

	if (launch_check(request->configuration, err) || engine_begin(err))
		return -1;
	result = measure(request, err);
	engine_end();
	return result;
}

/* In a host with the hooks that belong to the configuration, and no others. */
static int measure_micro(const struct request *request, struct error *err)
{
	struct request inside = *request;
	struct framework framework;
	struct error also;
	int result;

	if (request->workload->outside)
		inside.configuration = configuration_find("native");
	result = framework_begin(request->workload, request->configuration, &framework, err);
	if (!result)
		result = measure(&inside, err);
	if (!framework_end(&framework, &also))
		return result;
	if (!result)
		*err = also;
	else
		fprintf(stderr, "%s\n", also.text);
	return -1;
}

/* What a workload asks of the guest and of the kernel that answers its calls. */
static int check(const struct request *request, struct error *err)
{
	const struct workload *workload = request->workload;
	const char *lacking = workload->lacking;

	if (workload->needs && access(workload->needs, F_OK))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "it needs %s%s%s",
				       workload->needs, lacking ? ", of " : "",
				       lacking ? lacking : "");
	if (workload->linux_only && request->configuration->own_kernel)
		return error_set(err, EXIT_ENVIRONMENT,
				 "it is not measured on a kernel in user space: %s",
				 workload->linux_only);
	return 0;
}

static int run(const struct request *request, struct error *err)
{
	if (launch_check(request->configuration, err) || check(request, err))
		return -1;
	if (request->workload->micro)
		return measure_micro(request, err);
	return request->workload->docker ? measure_docker(request, err) : measure(request, err);
}

int main(int argc, char **argv)
{
	struct request request = {.repeat = 1};
	struct error err;

	if (parse_arguments(argc, argv, &request, &err))
		return error_report(&err, "measure");
	if (run(&request, &err)) {
		error_context(&err, "%s in %s", request.workload->name,
			      request.configuration->name);
		return error_report(&err, "measure");
	}
	return EXIT_GOOD;
}
