// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

#include <stdio.h>
#include <string.h>

static const char *const argv[] = {"redis-server", "--bind", "127.0.0.1",    "--port", "{port}",
				   "--save",	   "",	     "--appendonly", "no",     NULL};
static const char *const client[] = {
	"redis-benchmark", "-h",    "127.0.0.1", "-p", "{port}", "-c", "16", "-n", "5000", "-t",
	"set,get",	   "--csv", NULL,
};

static const double requests = 5000; /* of each kind */

static int add(const char *output, const char *test, double *elapsed_ns, struct error *err)
{
	const char *line = strstr(output, test);
	double rate;

	if (!line || sscanf(line + strlen(test), "\"%lf\"", &rate) != 1 || rate <= 0)
		return error_set(err, EXIT_FINDING, "redis-benchmark printed no rate after %s",
				 test);
	*elapsed_ns += requests / rate * 1e9;
	return 0;
}

static int parse(const char *output, struct readings *readings, struct error *err)
{
	double elapsed_ns = 0;

	if (add(output, "\n\"SET\",", &elapsed_ns, err) ||
	    add(output, "\n\"GET\",", &elapsed_ns, err))
		return -1;
	return readings_add(readings, elapsed_ns, 2 * requests, err);
}

const struct workload workload_redis = {
	.name = "redis",
	.summary = "redis-server in the container, without files; redis-benchmark outside over "
		   "loopback, 16 connections",
	.counts = "5,000 SET and 5,000 GET, to the millisecond; with one processor the time holds "
		  "the instructions of the server, of the client and of the kernel for both",
	.clocks = ON_BOTH,
	.metrics = workload_request_metrics,
	.argv = argv,
	.client = client,
	.parse = parse,
	.fixed_time = true,
	.warms_itself = true,
	.once = true,
	.quick = true,
	.every = 2,
	.needs = "/usr/bin/redis-server",
	.timeout = 120,
};
