// SPDX-License-Identifier: GPL-2.0
/* vkbench list: what there is to measure and to attack. */
#include <argp.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "harness/accelerator.h"
#include "harness/command.h"
#include "harness/summary.h"
#include "scenarios/scenario.h"

#define LIST_SCHEMA 1

enum { KEY_JSON = 0x500 };

static const struct argp_option options[] = {
	{.name = "json", .key = KEY_JSON, .doc = "print one JSON object"},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	bool *json = state->input;

	(void)arg;
	if (key != KEY_JSON)
		return ARGP_ERR_UNKNOWN;
	*json = true;
	return 0;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.doc = "Prints the workloads, the configurations, the clocks and the scenarios.",
};

static const char *const clock_summaries[] = {
	[CLOCK_INSTRUCTIONS] = "executed instructions of an emulated guest; without KVM",
	[CLOCK_WALL] = "time, in a guest under KVM",
};

#define CLOCKS (sizeof(clock_summaries) / sizeof(clock_summaries[0]))

static json_t *names_json(const struct workload *workload)
{
	json_t *names = json_array();

	for (unsigned int c = 0; c < configurations_count; c++)
		if (workload_runs_in(workload, &configurations[c]))
			json_array_append_new(names, json_string(configurations[c].name));
	return names;
}

static json_t *clocks_json(unsigned int clocks)
{
	json_t *names = json_array();

	for (unsigned int i = 0; i < CLOCKS; i++)
		if (clocks & ON_CLOCK(i))
			json_array_append_new(names, json_string(clock_name(i)));
	return names;
}

static json_t *metrics_json(const struct workload *workload)
{
	json_t *list = json_array();

	for (const struct metric *m = workload->metrics; m->name; m++)
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:s, s:o}", "name", m->name, "unit",
						workload_unit(workload, m), "better",
						m->better == BETTER_LOWER ? "lower" : "higher",
						"clocks", clocks_json(m->clocks)));
	return list;
}

static json_t *workloads_json(void)
{
	json_t *list = json_array();

	for (unsigned int w = 0; w < workloads_count; w++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:b, s:o, s:o, s:o}", "name",
						      workloads[w]->name, "summary",
						      workloads[w]->summary, "kind",
						      kind_name(workload_kind(workloads[w])),
						      "quick", workloads[w]->quick, "clocks",
						      clocks_json(workloads[w]->clocks), "metrics",
						      metrics_json(workloads[w]), "configurations",
						      names_json(workloads[w])));
	return list;
}

static json_t *configurations_json(void)
{
	json_t *list = json_array();

	for (unsigned int c = 0; c < configurations_count; c++)
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:b}", "name", configurations[c].name,
						"summary", configurations[c].summary, "quick",
						!configurations[c].thorough));
	return list;
}

static json_t *scenarios_json(void)
{
	json_t *list = json_array();

	for (const struct scenario *const *scenario = scenarios; *scenario; scenario++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name", (*scenario)->name,
						      "group", (*scenario)->group, "summary",
						      (*scenario)->summary));
	return list;
}

static json_t *clocks_list_json(void)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < CLOCKS; i++)
		json_array_append_new(list, json_pack("{s:s, s:s}", "name", clock_name(i),
						      "summary", clock_summaries[i]));
	return list;
}

static json_t *list_json(void)
{
	return json_pack("{s:i, s:o, s:o, s:o, s:o}", "schema", LIST_SCHEMA, "workloads",
			 workloads_json(), "configurations", configurations_json(), "clocks",
			 clocks_list_json(), "scenarios", scenarios_json());
}

/* Summaries may be long: they are left to the terminal. */
static void print_list(const json_t *document, const char *key)
{
	const json_t *list = json_object_get(document, key);
	int width = 0;
	json_t *each;
	size_t i;

	json_array_foreach(list, i, each) {
		int length = strlen(json_string_value(json_object_get(each, "name")));

		width = length > width ? length : width;
	}
	printf("%s:\n", key);
	json_array_foreach(list, i, each)
		printf("  %-*s  %s\n", width, json_string_value(json_object_get(each, "name")),
		       json_string_value(json_object_get(each, "summary")));
	putchar('\n');
}

static void print_text(const json_t *document)
{
	static const char *const keys[] = {"workloads", "configurations", "clocks", "scenarios"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		print_list(document, keys[i]);
	printf("A quick run (vkbench run --quick) has these workloads:");
	for (unsigned int w = 0; w < workloads_count; w++)
		if (workloads[w]->quick)
			printf(" %s", workloads[w]->name);
	printf("\nin these configurations:");
	for (unsigned int c = 0; c < configurations_count; c++)
		if (!configurations[c].thorough)
			printf(" %s", configurations[c].name);
	putchar('\n');
}

int command_list(int argc, char **argv)
{
	bool json = false;
	json_t *document;
	struct error err;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &json);
	document = list_json();
	if (!document) {
		error_set(&err, EXIT_ENVIRONMENT, "no memory for a list");
		return error_report(&err, argv[0]);
	}
	if (json) {
		json_dumpf(document, stdout, JSON_INDENT(1));
		putchar('\n');
	} else {
		print_text(document);
	}
	json_decref(document);
	return EXIT_GOOD;
}
