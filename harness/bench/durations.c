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

void duration_add(struct duration *duration, double seconds, double processor)
{
	duration->seconds += seconds;
	duration->processor += processor;
	duration->count++;
}

void durations_add(struct durations *durations, const struct stop *stop, double seconds,
		   double processor)
{
	unsigned int w = workload_row(stop->workload), c = stop->configuration - configurations;

	duration_add(&durations->visits[w][c], seconds, processor);
}

static void sum(struct duration *sum, const struct duration *part)
{
	sum->seconds += part->seconds;
	sum->processor += part->processor;
	sum->count += part->count;
}

static struct duration workload_sum(const struct durations *durations, unsigned int w)
{
	struct duration all = {0};

	for (unsigned int c = 0; c < configurations_count; c++)
		sum(&all, &durations->visits[w][c]);
	return all;
}

static struct duration total(const struct durations *durations)
{
	struct duration all = durations->boots;

	for (unsigned int w = 0; w < workloads_count; w++) {
		struct duration each = workload_sum(durations, w);

		sum(&all, &each);
	}
	return all;
}

static json_t *workload_json(const struct durations *durations, unsigned int w)
{
	json_t *object = json_object();

	for (unsigned int c = 0; c < configurations_count; c++)
		if (durations->visits[w][c].count)
			json_object_set_new(object, configurations[c].name,
					    json_real(durations->visits[w][c].seconds /
						      durations->visits[w][c].count));
	return object;
}

json_t *durations_json(const struct durations *durations)
{
	struct duration all = total(durations);
	json_t *visits = json_object();

	for (unsigned int w = 0; w < workloads_count; w++) {
		json_t *object = workload_json(durations, w);

		if (json_object_size(object))
			json_object_set(visits, workloads[w]->name, object);
		json_decref(object);
	}
	return json_pack("{s:o, s:o, s:f, s:f}", "boot",
			 durations->boots.count
				 ? json_real(durations->boots.seconds / durations->boots.count)
				 : json_null(),
			 "visits", visits, "total", all.seconds, "processor", all.processor);
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
	struct duration duration;
};

static int longest_first(const void *a, const void *b)
{
	const struct duration *one = &((const struct line *)a)->duration;
	const struct duration *other = &((const struct line *)b)->duration;

	return (other->seconds > one->seconds) - (other->seconds < one->seconds);
}

static void print_line(const struct line *line, FILE *out)
{
	const struct duration *duration = &line->duration;

	if (duration->count)
		fprintf(out, "%9.1f %10.1f %7u %6.2f  %s\n", duration->seconds, duration->processor,
			duration->count, duration->seconds / duration->count, line->name);
}

void durations_print(const struct durations *durations, FILE *out)
{
	struct line lines[ROWS_MAX + 1], all = {"(all)", total(durations)};
	size_t count = 0;

	for (unsigned int w = 0; w < workloads_count; w++)
		lines[count++] = (struct line){workloads[w]->name, workload_sum(durations, w)};
	lines[count++] = (struct line){"(booting)", durations->boots};
	qsort(lines, count, sizeof(*lines), longest_first);
	fprintf(out, "  seconds  processor  visits   each\n");
	for (size_t i = 0; i < count; i++)
		print_line(&lines[i], out);
	print_line(&all, out);
}
