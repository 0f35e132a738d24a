// SPDX-License-Identifier: GPL-2.0
#include "harness/bench/durations.h"

#include <stdlib.h>

static unsigned int workload_row(const struct workload *workload)
{
	unsigned int row = 0;

	while (workloads[row] != workload)
		row++;
	return row;
}

void durations_add(struct durations *durations, const struct stop *stop, double seconds)
{
	unsigned int w = workload_row(stop->workload), c = stop->configuration - configurations;

	durations->visits[w][c] += seconds;
	durations->counts[w][c]++;
}

static json_t *workload_json(const struct durations *durations, unsigned int w)
{
	json_t *object = json_object();

	for (unsigned int c = 0; c < configurations_count; c++)
		if (durations->counts[w][c])
			json_object_set_new(
				object, configurations[c].name,
				json_real(durations->visits[w][c] / durations->counts[w][c]));
	return object;
}

json_t *durations_json(const struct durations *durations)
{
	json_t *visits = json_object();

	for (unsigned int w = 0; w < workloads_count; w++) {
		json_t *object = workload_json(durations, w);

		if (json_object_size(object))
			json_object_set(visits, workloads[w]->name, object);
		json_decref(object);
	}
	return json_pack("{s:o, s:o}", "boot",
			 durations->boots_count
				 ? json_real(durations->boots / durations->boots_count)
				 : json_null(),
			 "visits", visits);
}

double durations_estimate(const json_t *earlier, const struct plan *plan)
{
	const json_t *visits = json_object_get(earlier, "visits");
	double seconds = 0;
	size_t known = 0;

	for (size_t i = 0; i < plan->count; i++) {
		const json_t *value =
			json_object_get(json_object_get(visits, plan->stops[i].workload->name),
					plan->stops[i].configuration->name);

		if (!json_is_number(value))
			continue;
		seconds += json_number_value(value);
		known++;
	}
	if (!known)
		return 0;
	return seconds * plan->count / known + json_number_value(json_object_get(earlier, "boot"));
}

struct line {
	const char *name;
	double seconds;
	unsigned int visits;
};

static int longest_first(const void *a, const void *b)
{
	const struct line *one = a, *other = b;

	return (other->seconds > one->seconds) - (other->seconds < one->seconds);
}

static struct line line_of(const struct durations *durations, unsigned int w)
{
	struct line line = {.name = workloads[w]->name};

	for (unsigned int c = 0; c < configurations_count; c++) {
		line.seconds += durations->visits[w][c];
		line.visits += durations->counts[w][c];
	}
	return line;
}

void durations_print(const struct durations *durations, FILE *out)
{
	struct line lines[ROWS_MAX + 1];
	size_t count = 0;

	for (unsigned int w = 0; w < workloads_count; w++) {
		lines[count] = line_of(durations, w);
		count += lines[count].visits > 0;
	}
	lines[count++] = (struct line){"(booting)", durations->boots, durations->boots_count};
	qsort(lines, count, sizeof(*lines), longest_first);
	fprintf(out, "  seconds  visits   each\n");
	for (size_t i = 0; i < count; i++)
		if (lines[i].visits)
			fprintf(out, "%9.1f %7u %6.2f  %s\n", lines[i].seconds, lines[i].visits,
				lines[i].seconds / lines[i].visits, lines[i].name);
}
