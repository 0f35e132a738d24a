// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "builder/action.h"
#include "builder/conditions.h"

/* Sets err to the reason; returns true if the action at place is not for a policy. */
static bool foreign_action(struct reader *reader, const struct place *place, const json_t *action)
{
	const char *name = json_string_value(action);
	const char *does = name ? action_needs_seccomp(name) : NULL;

	if (does)
		refuse_at(reader, place, "%s %s", name, does);
	return does;
}

static bool foreign_entry(struct reader *reader, const struct place *place, const json_t *entry)
{
	const struct place action = {.parent = place, .key = "action"};
	const json_t *includes = json_object_get(entry, "includes");
	const json_t *excludes = json_object_get(entry, "excludes");

	/* A malformed condition is for profile_add_seccomp() to refuse. */
	return entry_counts(reader, place, json_is_object(includes) ? includes : NULL,
			    json_is_object(excludes) ? excludes : NULL) > 0 &&
	       foreign_action(reader, &action, json_object_get(entry, "action"));
}

static bool foreign_entries(struct reader *reader, const json_t *entries)
{
	const struct place list = {.parent = reader->root, .key = "syscalls"};
	struct place at = {.parent = &list};
	json_t *entry;

	json_array_foreach(entries, at.index, entry)
		if (foreign_entry(reader, &at, entry))
			return true;
	return false;
}

static bool foreign_flags(struct reader *reader, const json_t *flags)
{
	const struct place list = {.parent = reader->root, .key = "flags"};
	struct place at = {.parent = &list};
	json_t *flag;

	json_array_foreach(flags, at.index, flag)
		if (json_is_string(flag) && flag_needs_seccomp(json_string_value(flag))) {
			refuse_at(reader, &at, "%s is about notifications",
				  json_string_value(flag));
			return true;
		}
	return false;
}

bool profile_needs_seccomp(const json_t *json, const struct seccomp_context *context, char *reason,
			   size_t size)
{
	struct seccomp_context silent = *context;
	const json_t *listener = json_object_get(json, "listenerPath");
	struct reader reader;
	struct place path = {.key = "listenerPath"};
	struct place action = {.key = "defaultAction"};
	struct error err = {.text = ""};
	bool needs;

	silent.ignored = NULL;
	if (reader_start(&reader, &silent, NULL, &err))
		return false;
	path.parent = action.parent = reader.root;
	needs = foreign_action(&reader, &action, json_object_get(json, "defaultAction"));
	if (!needs && json_string_length(listener)) {
		refuse_at(&reader, &path, "has notifications sent to a listener");
		needs = true;
	}
	needs = needs || foreign_flags(&reader, json_object_get(json, "flags")) ||
		foreign_entries(&reader, json_object_get(json, "syscalls"));
	if (needs)
		snprintf(reason, size, "%s", err.text);
	return needs;
}
