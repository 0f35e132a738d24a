// SPDX-License-Identifier: GPL-2.0
#include "operator/instances.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "operator/command.h"
#include "runtime/state.h"

int instance_unreadable(const struct instance *instance, const char *attribute, struct error *err)
{
	return error_set(err, EXIT_ENVIRONMENT, "cannot read \"%s\" of %s: %s", attribute,
			 instance->name, framework_reason(errno));
}

/* Returns 1, 0 where the instance is gone, or -1 with err set. */
static int read_instance(struct instance *instance, struct error *err)
{
	char init[16];

	if (framework_read(instance->name, "state", instance->state, sizeof(instance->state)) ||
	    framework_read(instance->name, "init", init, sizeof(init)))
		return errno == ENOENT || errno == ENODEV
			       ? 0
			       : instance_unreadable(instance, "state", err);
	instance->init = atoi(init);
	if (state_owner(instance->name, &instance->id, &instance->root, &instance->since)) {
		instance->id = instance->root = NULL;
		instance->since = 0;
	}
	return 1;
}

int instances_read(struct instances *instances, struct error *err)
{
	autofree char(*names)[MODULE_NAME_MAX + 1] = NULL;
	size_t count;

	*instances = (struct instances){.list = NULL};
	if (framework_check(err))
		return -1;
	if (access(state_folder, R_OK | X_OK) && errno == EACCES)
		return error_set(err, EXIT_ENVIRONMENT, "cannot read %s: only root may do this",
				 state_folder);
	if (framework_list(&names, &count, err))
		return -1;
	instances->list = calloc(count ? count : 1, sizeof(*instances->list));
	if (!instances->list)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for %zu instances", count);
	for (size_t i = 0; i < count; i++) {
		struct instance *instance = &instances->list[instances->count];
		int there;

		strcpy(instance->name, names[i]);
		there = read_instance(instance, err);
		if (there < 0) {
			instances_free(instances);
			return -1;
		}
		instances->count += there;
	}
	return 0;
}

void instances_free(struct instances *instances)
{
	for (size_t i = 0; i < instances->count; i++) {
		free(instances->list[i].id);
		free(instances->list[i].root);
	}
	free(instances->list);
	*instances = (struct instances){.list = NULL};
}

typedef bool (*matcher)(const struct instance *instance, const char *which);

static bool is_exactly(const struct instance *instance, const char *which)
{
	return !strcmp(instance->name, which) || (instance->id && !strcmp(instance->id, which));
}

static bool begins_so(const struct instance *instance, const char *which)
{
	return instance->id && *which && !strncmp(instance->id, which, strlen(which));
}

/* Names what which could mean, as far as there is room. */
static int refuse_ambiguous(const struct instances *instances, const char *which, matcher matches,
			    struct error *err)
{
	char names[512] = "";
	size_t used = 0;

	for (size_t i = 0; i < instances->count && used < sizeof(names); i++) {
		const struct instance *instance = &instances->list[i];

		if (matches(instance, which))
			used += snprintf(names + used, sizeof(names) - used, "%s%s (%s)",
					 used ? ", " : "", instance->name, instance->id);
	}
	return error_set(err, EXIT_USAGE,
			 "\"%s\" names several containers: %s; name one by its instance", which,
			 names);
}

/* Returns how many match; found is the last of them. */
static size_t find_matching(const struct instances *instances, const char *which, matcher matches,
			    const struct instance **found)
{
	size_t count = 0;

	for (size_t i = 0; i < instances->count; i++) {
		if (!matches(&instances->list[i], which))
			continue;
		*found = &instances->list[i];
		count++;
	}
	return count;
}

const struct instance *instances_find(const struct instances *instances, const char *which,
				      struct error *err)
{
	const matcher ways[] = {is_exactly, begins_so};
	const struct instance *found = NULL;

	for (size_t i = 0; i < 2; i++) {
		size_t count = find_matching(instances, which, ways[i], &found);

		if (count == 1)
			return found;
		if (count) {
			refuse_ambiguous(instances, which, ways[i], err);
			return NULL;
		}
	}
	error_set(err, EXIT_USAGE,
		  "no container or instance is called \"%s\"; vkernel ps lists those there are",
		  which);
	return NULL;
}

bool instances_matching(const struct instances *instances, const char *which)
{
	const struct instance *found;

	return find_matching(instances, which, is_exactly, &found) ||
	       find_matching(instances, which, begins_so, &found);
}

long long instance_age(const struct instance *instance)
{
	time_t now = time(NULL);

	if (!instance->since)
		return -1;
	return now > instance->since ? now - instance->since : 0;
}

json_t *instance_json(const struct instance *instance)
{
	const long long age = instance_age(instance);

	return json_pack("{s:s, s:s?, s:s?, s:s, s:o, s:o}", "instance", instance->name,
			 "container", instance->id, "root", instance->root, "state",
			 instance->state, "init",
			 instance->init ? json_integer(instance->init) : json_null(), "age_seconds",
			 age < 0 ? json_null() : json_integer(age));
}

int print_json(json_t *value, struct error *err)
{
	autofree char *text = value ? json_dumps(value, JSON_INDENT(2)) : NULL;

	json_decref(value);
	if (!text)
		return error_set(err, EXIT_ENVIRONMENT,
				 "no memory for JSON, or a name in it is not UTF-8");
	puts(text);
	return end_output(err);
}
