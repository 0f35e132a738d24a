// SPDX-License-Identifier: GPL-2.0
#include <argp.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "builder/number.h"
#include "lib/cleanup.h"
#include "operator/command.h"
#include "operator/refusals.h"

struct options {
	const char *which;
	bool json;
};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'j':
		options->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (options->which)
			argp_error(state, "one container at a time");
		options->which = argument;
		return 0;
	case ARGP_KEY_END:
		if (!options->which)
			argp_error(state, "a container is needed");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option option_table[] = {
	{.name = "json", .key = 'j', .doc = "print one JSON object"}, {0}};

static const struct argp argp = {
	.options = option_table,
	.parser = parse_option,
	.args_doc = "ID",
	.doc = "Says what a container was refused, by class and by call, since it was started. ID "
	       "is the container's id or its beginning, or the instance's name."
	       "\vexcess counts how often a program was seen holding a capability that the policy "
	       "does not allow; logged and killed count verdicts that were written to the kernel's "
	       "log, and that ended a thread or a process. All others count refusals.",
};

static const char *const path_names[POLICY_TABLES] = {
	[POLICY_TABLE_X86_64] = "x86-64",
	[POLICY_TABLE_I386] = "i386",
};

static void print_words(const struct instance *instance, const struct refusals *refusals,
			const struct refused_call *calls, size_t count)
{
	printf("%s, container ", instance->name);
	print_plain(stdout, instance->id ? instance->id : "unknown");
	printf(", %s\n\n%20s  CLASS\n", instance->state, "COUNT");
	for (size_t i = 0; i < refusals->count; i++)
		printf("%20" PRIu64 "  %s\n", refusals->classes[i].count,
		       refusals->classes[i].name);
	if (!count) {
		printf("\nno system call was refused\n");
		return;
	}
	printf("\n%20s  %-6s  %6s  CALL\n", "COUNT", "ENTRY", "NUMBER");
	for (size_t i = 0; i < count; i++) {
		const char *name = number_name(calls[i].path, calls[i].number);

		printf("%20" PRIu64 "  %-6s  %6u  %s\n", calls[i].count, path_names[calls[i].path],
		       calls[i].number, name ? name : "-");
	}
}

static json_t *to_json(const struct instance *instance, const struct refusals *refusals,
		       const struct refused_call *calls, size_t count)
{
	json_t *object = instance_json(instance);
	json_t *classes = json_object(), *array = json_array();

	for (size_t i = 0; i < refusals->count; i++)
		json_object_set_new(classes, refusals->classes[i].name,
				    json_integer(refusals->classes[i].count));
	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_pack("{s:s, s:i, s:s?, s:I}", "entry",
						       path_names[calls[i].path], "number",
						       calls[i].number, "name",
						       number_name(calls[i].path, calls[i].number),
						       "count", (json_int_t)calls[i].count));
	json_object_set_new(object, "schema", json_integer(1));
	json_object_set_new(object, "classes", classes);
	json_object_set_new(object, "calls", array);
	return object;
}

static int print_stats(const struct instance *instance, bool json, struct error *err)
{
	autofree struct refused_call *calls = NULL;
	struct refusals refusals;
	size_t count;

	if (refusals_read(instance, &refusals, err) ||
	    refused_calls_read(instance, &calls, &count, err))
		return -1;
	if (json)
		return print_json(to_json(instance, &refusals, calls, count), err);
	print_words(instance, &refusals, calls, count);
	return end_output(err);
}

int stats_command(int argc, char **argv, struct error *err)
{
	struct options options = {.which = NULL};
	const struct instance *instance;
	struct instances instances;
	int ret = -1;

	if (argp_parse(&argp, argc, argv, 0, NULL, &options))
		return error_set(err, EXIT_USAGE, "wrong usage; see vkernel stats --help");
	if (instances_read(&instances, err))
		return -1;
	instance = instances_find(&instances, options.which, err);
	if (instance)
		ret = print_stats(instance, options.json, err);
	instances_free(&instances);
	return ret;
}
