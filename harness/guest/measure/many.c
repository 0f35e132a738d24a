// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/measure/many.h"

#include <stdlib.h>
#include <string.h>

#include "harness/guest/measure/process.h"

/* One of those that run at once. */
struct copy {
	struct launch launch;
	struct process process;
	struct counters counters;
	bool prepared, counting;
};

static int start(struct copy *copy, const struct workload *workload,
		 const struct configuration *configuration, enum visit_purpose purpose,
		 struct tasks *tasks, struct error *err)
{
	struct launch_options options = workload->options;

	if (launch_begin(configuration, &options, workload->argv, &copy->launch, err))
		return -1;
	copy->prepared = true;
	if (process_start(&copy->process, (const char *const *)copy->launch.argv, err))
		return -1;
	if (purpose == VISIT_OBSERVE)
		return tasks_add(tasks, copy->process.pid, err);
	if (purpose != VISIT_COUNT)
		return 0;
	if (counters_open(&copy->counters, copy->process.pid, err))
		return -1;
	copy->counting = true;
	return 0;
}

static void end(struct copy *copy, const struct configuration *configuration)
{
	process_free(&copy->process);
	if (copy->counting)
		counters_close(&copy->counters);
	if (copy->prepared)
		launch_end(configuration, &copy->launch);
}

static int finish(struct copy *copy, unsigned int seconds, struct error *err)
{
	int result = process_wait(&copy->process, seconds * 1000, err);

	if (result < 0)
		return -1;
	if (!result)
		return error_set(err, EXIT_FINDING, "%s did not end within %u seconds of the guest",
				 copy->process.name, seconds);
	return process_succeeded(&copy->process, err);
}

static int add_counters(const struct copy *copy, double sums[COUNTERS], struct error *err)
{
	double values[COUNTERS];

	if (!copy->counting)
		return 0;
	if (counters_read(&copy->counters, values, err))
		return -1;
	for (int i = 0; i < COUNTERS_EVENTS; i++)
		sums[i] += values[i];
	/* The first copy finds the sum 0, which is no share. */
	if (!sums[COUNTERS_EVENTS] || values[COUNTERS_EVENTS] < sums[COUNTERS_EVENTS])
		sums[COUNTERS_EVENTS] = values[COUNTERS_EVENTS];
	return 0;
}

/* The last one that is waited for is seen to have ended when all have. */
static int run(struct copy *copies, unsigned int count, const struct workload *workload,
	       struct visit *visit, struct error *err)
{
	const struct copy *last = &copies[count - 1];
	unsigned int i;

	for (i = 0; i < count; i++)
		process_release(&copies[i].process);
	for (i = 0; i < count; i++)
		if (finish(&copies[i], workload->timeout, err) ||
		    add_counters(&copies[i], visit->counters, err))
			return -1;
	return readings_add(&visit->readings,
			    last->process.start_ns + last->process.elapsed_ns -
				    copies[0].process.start_ns,
			    1, err);
}

int many_run(const struct workload *workload, const struct configuration *configuration,
	     enum visit_purpose purpose, struct visit *visit, struct error *err)
{
	/* One of them reads from the disk all that the others will. */
	const unsigned int count = purpose == VISIT_WARM ? 1 : workload->copies;
	struct copy *copies = calloc(count, sizeof(*copies));
	int result = 0;
	unsigned int i;

	memset(&visit->readings, 0, sizeof(visit->readings));
	memset(visit->counters, 0, sizeof(visit->counters));
	if (!copies)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for %u launches", count);
	for (i = 0; i < count && !result; i++)
		result = start(&copies[i], workload, configuration, purpose, visit->tasks, err);
	if (!result)
		result = run(copies, count, workload, visit, err);
	for (i = 0; i < count; i++)
		end(&copies[i], configuration);
	free(copies);
	return result;
}
