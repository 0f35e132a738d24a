// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/measure/neighbour.h"

#include <signal.h>
#include <string.h>

#define READY	 "ready\n"
#define POLL_MS	 5
#define READY_MS 60000 /* of the guest's clock */
#define STOP_MS	 10000 /* how long it may take to end after SIGTERM */

static int ended_early(const struct process *process, struct error *err)
{
	if (!process_succeeded(process, err))
		error_set(err, EXIT_FINDING, "%s ended", process->name);
	return error_context(err, "the neighbour");
}

static int wait_ready(struct process *process, struct error *err)
{
	for (int waited = 0; waited < READY_MS; waited += POLL_MS) {
		const char *text = process->streams[PROCESS_OUTPUT].text;
		int result;

		if (text && strstr(text, READY))
			return 0;
		result = process_wait(process, POLL_MS, err);
		if (result)
			return result < 0 ? -1 : ended_early(process, err);
	}
	return error_set(err, EXIT_FINDING, "the neighbour was not ready within %d ms", READY_MS);
}

static void clear(const struct configuration *configuration, struct neighbour *neighbour)
{
	process_free(&neighbour->process);
	launch_end(configuration, &neighbour->launch);
	memset(neighbour, 0, sizeof(*neighbour));
}

int neighbour_begin(const struct workload *workload, const struct configuration *configuration,
		    struct neighbour *neighbour, struct error *err)
{
	const char *const *argv;

	memset(neighbour, 0, sizeof(*neighbour));
	if (!workload->neighbour)
		return 0;
	if (launch_begin(configuration, NULL, workload->neighbour, &neighbour->launch, err))
		return -1;
	argv = (const char *const *)neighbour->launch.argv;
	if (!process_start(&neighbour->process, argv, err)) {
		process_release(&neighbour->process);
		if (!wait_ready(&neighbour->process, err))
			return 0;
	}
	clear(configuration, neighbour);
	return -1;
}

int neighbour_end(const struct configuration *configuration, struct neighbour *neighbour,
		  struct error *err)
{
	struct process *process = &neighbour->process;
	int result;

	if (!neighbour->launch.argv)
		return 0;
	result = process_wait(process, 0, err);
	if (result > 0) {
		result = ended_early(process, err);
	} else if (!result) {
		process_signal(process, SIGTERM);
		result = process_wait(process, STOP_MS, err);
		if (!result)
			error_set(err, EXIT_FINDING,
				  "the neighbour did not end within %d ms of SIGTERM", STOP_MS);
		result = result > 0 ? 0 : -1;
	}
	clear(configuration, neighbour);
	return result;
}
