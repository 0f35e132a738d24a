// SPDX-License-Identifier: GPL-2.0
/* The system calls of a YAML profile, as the reader of seccomp profiles takes them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "builder/yaml_profile.h"

static int is_number(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

/* jansson takes NULL for "no memory", here as everywhere, and lets go of the value. */
static int set(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value);
}

static int set_text(json_t *object, const char *key, const char *text)
{
	return text ? set(object, key, json_string(text)) : 0;
}

/* Seccomp profiles have an errno's number and its name under two keys. */
static int set_errno(json_t *object, const char *number, const char *name, const char *text)
{
	if (!text)
		return 0;
	return is_number(text) ? set(object, number, json_integer(strtoll(text, NULL, 10)))
			       : set_text(object, name, text);
}

static int set_number(json_t *object, const char *key, const uint64_t *number)
{
	/* Beyond what JSON has: a negative one, which is refused with its place. */
	return number ? set(object, key, json_integer((json_int_t)*number)) : 0;
}

static int set_texts(json_t *object, const char *key, char *const *texts, unsigned int count)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < count; i++)
		if (json_array_append_new(list, json_string(texts[i]))) {
			json_decref(list);
			return -1;
		}
	return set(object, key, list);
}

static json_t *argument(const struct yaml_argument *from)
{
	json_t *object = json_object();

	if (!object || (from->index && set(object, "index", json_integer(*from->index))) ||
	    set_text(object, "field", from->field) || set_number(object, "value", from->value) ||
	    set_number(object, "valueTwo", from->value_two) || set_text(object, "op", from->op)) {
		json_decref(object);
		return NULL;
	}
	return object;
}

static int set_arguments(json_t *object, const struct yaml_call *call)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < call->args_count; i++)
		if (json_array_append_new(list, argument(&call->args[i]))) {
			json_decref(list);
			return -1;
		}
	return set(object, "args", list);
}

static json_t *entry(const struct yaml_call *call)
{
	json_t *object = json_object();

	if (!object || set_texts(object, "names", call->names, call->names_count) ||
	    set_text(object, "action", call->action) ||
	    set_errno(object, "errnoRet", "errno", call->errno_) ||
	    set_text(object, "call", call->call) || set_arguments(object, call)) {
		json_decref(object);
		return NULL;
	}
	return object;
}

static int set_calls(json_t *object, const struct yaml_keys *keys)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < keys->syscalls_count; i++)
		if (json_array_append_new(list, entry(&keys->syscalls[i]))) {
			json_decref(list);
			return -1;
		}
	return set(object, "syscalls", list);
}

/* As with seccomp, a profile that decides all calls closes the entries that it does not name. */
static int set_architectures(json_t *object, const struct yaml_keys *keys)
{
	static char *const both[] = {(char *)"SCMP_ARCH_X86_64", (char *)"SCMP_ARCH_X86"};

	if (keys->architectures_count)
		return set_texts(object, "architectures", keys->architectures,
				 keys->architectures_count);
	return set_texts(object, "architectures", both, keys->default_action ? 1 : 2);
}

static json_t *as_json(const struct yaml_keys *keys)
{
	json_t *object = json_object();

	if (!object ||
	    set_text(object, "defaultAction",
		     keys->default_action ? keys->default_action : "SCMP_ACT_ALLOW") ||
	    set_errno(object, "defaultErrnoRet", "defaultErrno", keys->default_errno) ||
	    set_architectures(object, keys) || set_calls(object, keys)) {
		json_decref(object);
		return NULL;
	}
	return object;
}

static void replace(char *path, size_t size, const char *from, const char *to)
{
	const size_t length = strlen(path), end = strlen(from);

	if (length >= end && !strcmp(path + length - end, from))
		snprintf(path + length - end, size - (length - end), "%s", to);
}

/* Where a value of the JSON stands in the YAML, under the key that it has there. */
static bool locate(const void *context, char *path, size_t size, size_t *line, size_t *column)
{
	const struct yaml_profile *yaml = context;
	struct yaml_position at;

	replace(path, size, "defaultAction", "default-action");
	replace(path, size, "defaultErrnoRet", "default-errno");
	replace(path, size, "defaultErrno", "default-errno");
	replace(path, size, "errnoRet", "errno");
	if (!yaml_find(yaml->places, path, &at))
		return false;
	*line = at.line;
	*column = at.column;
	return true;
}

int yaml_profile_add_calls(const struct yaml_profile *yaml, const struct seccomp_context *context,
			   struct profile *profile, struct error *err)
{
	struct seccomp_context own = *context;
	json_t *json = as_json(yaml->keys);
	int ret;

	if (!json)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for system calls");
	own.file = yaml_file(yaml->places);
	own.text = own.path = NULL;
	own.locate = locate;
	own.locate_context = yaml;
	if (yaml->keys->clone3 && *yaml->keys->clone3 == CLONE3_AS_WRITTEN)
		own.clone3 = CLONE3_AS_WRITTEN;
	ret = profile_add_seccomp(profile, json, &own, err);
	json_decref(json);
	return ret;
}
