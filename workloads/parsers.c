// SPDX-License-Identifier: GPL-2.0
#include "workloads/parsers.h"

#include <stdio.h>
#include <string.h>

static int lacks(const char *program, const char *what, struct error *err)
{
	return error_set(err, EXIT_FINDING, "%s printed no %s", program, what);
}

/* The number after label, which is not on the first line. Returns 0 where there is none. */
static int number_after(const char *output, const char *label, double *value)
{
	const char *at = strstr(output, label);

	return at && sscanf(at + strlen(label), "%lf", value) == 1;
}

int hackbench_parse(const char *output, struct readings *readings, struct error *err)
{
	double seconds;

	if (!number_after(output, "\nTime:", &seconds))
		return lacks("hackbench", "\"Time:\" line", err);
	return readings_add(readings, seconds * 1e9, 1, err);
}

int sysbench_parse(const char *output, struct readings *readings, struct error *err)
{
	double seconds, events;

	if (!number_after(output, "\n    total time:", &seconds) ||
	    !number_after(output, "\n    total number of events:", &events))
		return lacks("sysbench", "\"total time:\" and \"total number of events:\" lines",
			     err);
	if (events < 1)
		return error_set(err, EXIT_FINDING, "sysbench counted no event");
	return readings_add(readings, seconds * 1e9, 1, err);
}

/* The number on the line that ends with label; NULL: there is no such line. */
static const char *line_of(const char *output, const char *label)
{
	const char *line = strstr(output, label);

	while (line && line > output && line[-1] != '\n')
		line--;
	return line;
}

int perf_parse_rate(const char *output, struct readings *readings, struct error *err)
{
	const char *line = line_of(output, " usecs/op");
	double operations, microseconds;

	if (!line || sscanf(line, "%lf usecs/op", &microseconds) != 1 ||
	    !number_after(output, "\n# Executed ", &operations))
		return lacks("perf bench", "\"Executed\" and \"usecs/op\" lines", err);
	return readings_add(readings, microseconds * 1e3 * operations, operations, err);
}

int perf_parse_total(const char *output, struct readings *readings, struct error *err)
{
	double seconds;

	if (!number_after(output, "\n     Total time:", &seconds))
		return lacks("perf bench", "\"Total time:\" line", err);
	return readings_add(readings, seconds * 1e9, 1, err);
}

int perf_parse_hash(const char *output, struct readings *readings, struct error *err)
{
	double rate, seconds;

	if (!number_after(output, "\nAveraged ", &rate) ||
	    !number_after(output, "total secs =", &seconds))
		return lacks("perf bench", "\"Averaged ... total secs\" line", err);
	return readings_add(readings, seconds * 1e9, rate * seconds, err);
}

int perf_parse_runs(const char *output, struct readings *readings, struct error *err)
{
	const char *line = output;
	double woken, all, milliseconds;
	size_t runs = 0;

	while ((line = strstr(line, "\n[Run "))) {
		if (sscanf(++line, "[Run %*u]: %*s %lf of %lf threads in %lf ms", &woken, &all,
			   &milliseconds) != 3)
			return lacks("perf bench", "time in a \"[Run\" line", err);
		if (woken != all)
			return error_set(err, EXIT_FINDING,
					 "perf bench reached %g of %g threads only", woken, all);
		if (readings_add(readings, milliseconds * 1e6, woken, err))
			return -1;
		runs++;
	}
	return runs ? 0 : lacks("perf bench", "\"[Run\" line", err);
}
