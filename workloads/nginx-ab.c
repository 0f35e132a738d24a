// SPDX-License-Identifier: GPL-2.0
#include "workloads/nginx.h"
#include "workloads/table.h"

#include <stdio.h>
#include <string.h>

static const char *const client[] = {
	"ab", "-q", "-n", "1000", "-c", "100", "http://127.0.0.1:{port}/document", NULL,
};

/* The number that follows label, or -1. */
static double figure(const char *output, const char *label)
{
	const char *at = strstr(output, label);
	double value;

	return at && sscanf(at + strlen(label), "%lf", &value) == 1 ? value : -1;
}

/* The rate has more digits than the time that ab prints. */
static int parse(const char *output, struct readings *readings, struct error *err)
{
	double count = figure(output, "\nComplete requests:"),
	       failed = figure(output, "\nFailed requests:"),
	       rate = figure(output, "\nRequests per second:");
	const char *errors = strstr(output, "Non-2xx");

	if (errors)
		return error_set(err, EXIT_FINDING, "ab was not always answered: %.*s",
				 (int)strcspn(errors, "\n"), errors);
	if (count < 0 || failed < 0 || rate < 0)
		return error_set(err, EXIT_FINDING,
				 "ab printed no \"Complete requests:\", \"Failed requests:\" and "
				 "\"Requests per second:\" lines");
	if (failed > 0)
		return error_set(err, EXIT_FINDING, "ab says that %g of %g requests failed", failed,
				 count);
	return readings_add(readings, count / rate * 1e9, count, err);
}

const struct workload workload_nginx_ab = {
	.name = "nginx-ab",
	.summary = "nginx, one worker, in the container; ab outside over loopback, 100 clients, a "
		   "connection for each request, 0.5 kB",
	.counts = "1,000 requests and their connections; with one processor the time holds the "
		  "instructions of nginx, of ab and of the kernel for both",
	.clocks = ON_BOTH,
	.metrics = workload_request_metrics,
	.argv = nginx_argv,
	.client = client,
	.content = nginx_content,
	.prepare = nginx_prepare,
	.load = &(const struct nginx_load){.bytes = 512},
	.parse = parse,
	.fixed_time = true,
	.warms_itself = true,
	.once = true,
	.every = 2,
	.timeout = 60,
};
