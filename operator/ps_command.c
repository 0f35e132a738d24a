// SPDX-License-Identifier: GPL-2.0
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "operator/command.h"
#include "operator/inforce.h"
#include "operator/refusals.h"

#define ENGINE_ID  64 /* characters of an engine's id */
#define SHORT_ID   12 /* of them that are shown */
#define NAME_SHOWN 24 /* characters of a policy's name */
#define COLUMNS	   7

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	bool *json = state->input;

	(void)argument;
	if (key != 'j')
		return ARGP_ERR_UNKNOWN;
	*json = true;
	return 0;
}

static const struct argp_option options[] = {
	{.name = "json", .key = 'j', .doc = "print one JSON object"}, {0}};

static const struct argp argp = {
	.options = options,
	.parser = parse_option,
	.doc = "Lists the instances of this host: the container that each belongs to, its state "
	       "(registered: not bound yet; bound; over: the container has ended; released), its "
	       "init's process number, the name of the policy in force, how often something was "
	       "refused, and its age.",
};

/* A row's texts; what the instance's own files do not tell is "-". */
struct row {
	char cells[COLUMNS][80];
};

static void print_age(char *text, size_t size, long long seconds)
{
	if (seconds < 0)
		snprintf(text, size, "-");
	else if (seconds < 120)
		snprintf(text, size, "%llds", seconds);
	else if (seconds < 120 * 60)
		snprintf(text, size, "%lldm", seconds / 60);
	else if (seconds < 48 * 3600)
		snprintf(text, size, "%lldh", seconds / 3600);
	else
		snprintf(text, size, "%lldd", seconds / 86400);
}

/* What is shown of an instance beside its own structure; the holder frees blob. */
struct details {
	void *blob;
	struct policy policy;
	struct refusals refusals;
};

static int read_details(const struct instance *instance, struct details *details, struct error *err)
{
	details->blob = NULL;
	if (refusals_read(instance, &details->refusals, err))
		return -1;
	return policy_in_force(instance, &details->blob, &details->policy, err);
}

/* A policy that is made of a bundle has the container's id for its name. */
static int shown_name(const struct policy *policy)
{
	if (!policy->name)
		return 1;
	if (policy->name_size == ENGINE_ID)
		return SHORT_ID;
	return policy->name_size < NAME_SHOWN ? (int)policy->name_size : NAME_SHOWN;
}

static void fill_row(struct row *row, const struct instance *instance,
		     const struct details *details)
{
	const char *id = instance->id ? instance->id : "-";
	const struct policy *policy = &details->policy;
	const size_t size = sizeof(row->cells[0]);

	snprintf(row->cells[0], size, "%s", instance->name);
	snprintf(row->cells[1], size, "%.*s", strlen(id) == ENGINE_ID ? SHORT_ID : (int)size, id);
	snprintf(row->cells[2], size, "%s", instance->state);
	snprintf(row->cells[3], size, "%d", instance->init);
	if (!instance->init)
		strcpy(row->cells[3], "-");
	snprintf(row->cells[4], size, "%.*s", shown_name(policy),
		 policy->name ? policy->name : "-");
	snprintf(row->cells[5], size, "%" PRIu64, details->refusals.refused);
	print_age(row->cells[6], size, instance_age(instance));
}

static void print_rows(const struct row *rows, size_t count)
{
	static const struct row head = {
		{"INSTANCE", "CONTAINER", "STATE", "INIT", "POLICY", "REFUSED", "AGE"}};
	int widths[COLUMNS];

	for (size_t column = 0; column < COLUMNS; column++) {
		widths[column] = strlen(head.cells[column]);
		for (size_t i = 0; i < count; i++) {
			int width = strlen(rows[i].cells[column]);

			if (width > widths[column])
				widths[column] = width;
		}
	}
	for (size_t i = 0; i <= count; i++) {
		const struct row *row = i ? &rows[i - 1] : &head;

		for (size_t column = 0; column < COLUMNS; column++) {
			const int padding = widths[column] - (int)strlen(row->cells[column]);

			print_plain(stdout, row->cells[column]);
			if (column + 1 < COLUMNS)
				printf("%*s", padding + 2, "");
		}
		putchar('\n');
	}
}

static json_t *to_json(const struct instance *instance, const struct details *details)
{
	const struct policy *policy = &details->policy;
	json_t *object = instance_json(instance);

	json_object_set_new(object, "policy",
			    policy->name ? json_stringn(policy->name, policy->name_size)
					 : json_null());
	json_object_set_new(object, "refused", json_integer(details->refusals.refused));
	return object;
}

/* Whether it has gone since it was found, which is no error. */
static bool has_gone(const struct instance *instance)
{
	char state[16];

	return framework_read(instance->name, "state", state, sizeof(state)) &&
	       (errno == ENOENT || errno == ENODEV);
}

static int collect(const struct instances *instances, struct row *rows, size_t *used, json_t *array,
		   struct error *err)
{
	for (size_t i = 0; i < instances->count; i++) {
		const struct instance *instance = &instances->list[i];
		struct details details;

		if (read_details(instance, &details, err)) {
			if (has_gone(instance))
				continue;
			return -1;
		}
		fill_row(&rows[(*used)++], instance, &details);
		json_array_append_new(array, to_json(instance, &details));
		free(details.blob);
	}
	return 0;
}

static int print_instances(const struct instances *instances, bool json, struct error *err)
{
	autofree struct row *rows = calloc(instances->count + 1, sizeof(*rows));
	json_t *array = json_array();
	size_t used = 0;

	if (!rows || !array)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a list");
	if (collect(instances, rows, &used, array, err)) {
		json_decref(array);
		return -1;
	}
	if (json)
		return print_json(json_pack("{s:i, s:o}", "schema", 1, "instances", array), err);
	json_decref(array);
	print_rows(rows, used);
	return end_output(err);
}

int ps_command(int argc, char **argv, struct error *err)
{
	struct instances instances;
	bool json = false;
	int ret;

	if (argp_parse(&argp, argc, argv, 0, NULL, &json))
		return error_set(err, EXIT_USAGE, "wrong usage; see vkernel ps --help");
	if (instances_read(&instances, err))
		return -1;
	ret = print_instances(&instances, json, err);
	instances_free(&instances);
	return ret;
}
