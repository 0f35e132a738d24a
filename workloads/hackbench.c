// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

#include <stdio.h>
#include <string.h>

static const char *const argv[] = {"hackbench", "-g", "1", "-l", "100", NULL};

static const struct metric metrics[] = {
	{
		.name = "elapsed",
		.unit = "ms",
		.better = BETTER_LOWER,
		.clocks = ON_BOTH,
		.formula = FORMULA_MILLISECONDS,
	},
	{.name = NULL},
};

static int parse(const char *output, struct readings *readings, struct error *err)
{
	const char *line = strstr(output, "\nTime: ");
	double seconds;

	if (!line || sscanf(line, "\nTime: %lf", &seconds) != 1)
		return error_set(err, EXIT_FINDING, "hackbench printed no \"Time:\" line");
	return readings_add(readings, seconds * 1e9, 1, err);
}

const struct workload workload_hackbench = {
	.name = "hackbench",
	.summary = "20 senders and 20 receivers pass 40,000 messages over sockets",
	.counts = "hackbench's own figure (to the millisecond): the messages, not the creation of "
		  "its "
		  "processes",
	.clocks = ON_BOTH,
	.metrics = metrics,
	.argv = argv,
	.parse = parse,
	.launches = 3,
	.quick = true,
	.timeout = 120,
};
