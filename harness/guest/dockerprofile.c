// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/dockerprofile.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "lib/cleanup.h"
#include "lib/file.h"

#define PROFILE_LIMIT (1 << 20)

static const struct {
	const char *go, *seccomp;
} architectures[] = {
	{.go = "amd64", .seccomp = "SCMP_ARCH_X86_64"},
	{.go = "arm64", .seccomp = "SCMP_ARCH_AARCH64"},
};

static const char *seccomp_architecture(const char *go)
{
	for (size_t i = 0; i < sizeof(architectures) / sizeof(*architectures); i++)
		if (!strcmp(architectures[i].go, go))
			return architectures[i].seccomp;
	return NULL;
}

static bool has_capability(const struct dockerprofile_target *target, const char *name)
{
	for (const char *const *own = target->capabilities; *own; own++)
		if (!strcmp(*own, name))
			return true;
	return false;
}

static bool list_names(const json_t *list, const char *name)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(list, i, entry)
		if (json_is_string(entry) && !strcmp(json_string_value(entry), name))
			return true;
	return false;
}

/* How many of the capabilities in list the target holds. */
static size_t held(const json_t *list, const struct dockerprofile_target *target)
{
	const json_t *entry;
	size_t i, count = 0;

	json_array_foreach(list, i, entry)
		if (json_is_string(entry) && has_capability(target, json_string_value(entry)))
			count++;
	return count;
}

static bool kernel_at_least(const char *kernel, const char *least)
{
	unsigned int major = 0, minor = 0, least_major = 0, least_minor = 0;

	if (sscanf(kernel, "%u.%u", &major, &minor) < 2 ||
	    sscanf(least, "%u.%u", &least_major, &least_minor) < 1)
		return false;
	return major != least_major ? major > least_major : minor >= least_minor;
}

/* A rule applies when every `includes` holds and no `excludes` does; absent ones always hold. */
static bool applies(const json_t *rule, const struct dockerprofile_target *target)
{
	const json_t *includes = json_object_get(rule, "includes");
	const json_t *excludes = json_object_get(rule, "excludes");
	const json_t *capabilities = json_object_get(includes, "caps");
	const json_t *arches = json_object_get(includes, "arches");
	const char *least = json_string_value(json_object_get(includes, "minKernel"));
	const char *below = json_string_value(json_object_get(excludes, "minKernel"));

	if (json_array_size(arches) && !list_names(arches, target->arch))
		return false;
	if (held(capabilities, target) != json_array_size(capabilities))
		return false;
	if (least && !kernel_at_least(target->kernel, least))
		return false;
	if (list_names(json_object_get(excludes, "arches"), target->arch))
		return false;
	if (held(json_object_get(excludes, "caps"), target))
		return false;
	return !below || !kernel_at_least(target->kernel, below);
}

static int check_filter(const json_t *rule, const char *which, size_t index, const char *path,
			struct error *err)
{
	static const char *const known[] = {"arches", "caps", "minKernel"};
	json_t *filter = json_object_get(rule, which);
	const char *key;
	json_t *value;

	json_object_foreach(filter, key, value) {
		bool understood = false;

		for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
			understood |= !strcmp(key, known[i]);
		if (!understood)
			return error_set(
				err, EXIT_USAGE,
				"%s: syscalls[%zu].%s has \"%s\", which is not understood; "
				"known are arches, caps and minKernel",
				path, index, which, key);
	}
	return 0;
}

static int check_rule(const json_t *rule, size_t index, const char *path, struct error *err)
{
	if (!json_is_array(json_object_get(rule, "names")))
		return error_set(err, EXIT_USAGE, "%s: syscalls[%zu] has no list \"names\"", path,
				 index);
	if (!json_is_string(json_object_get(rule, "action")))
		return error_set(err, EXIT_USAGE, "%s: syscalls[%zu] has no \"action\"", path,
				 index);
	if (check_filter(rule, "includes", index, path, err))
		return -1;
	return check_filter(rule, "excludes", index, path, err);
}

/* The members that the OCI schema knows; Docker's own ones (comment, errno as text) are left. */
static json_t *oci_rule(const json_t *rule)
{
	json_t *arguments = json_object_get(rule, "args");
	json_t *number = json_object_get(rule, "errnoRet");
	json_t *result = json_object();

	json_object_set_new(result, "names", json_deep_copy(json_object_get(rule, "names")));
	json_object_set(result, "action", json_object_get(rule, "action"));
	if (json_is_integer(number))
		json_object_set(result, "errnoRet", number);
	if (json_array_size(arguments))
		json_object_set_new(result, "args", json_deep_copy(arguments));
	return result;
}

static json_t *oci_architectures(const json_t *profile, const char *own)
{
	json_t *result = json_pack("[s]", own);
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(profile, "archMap"), i, row) {
		const char *name = json_string_value(json_object_get(row, "architecture"));

		if (name && !strcmp(name, own))
			json_array_extend(result, json_object_get(row, "subArchitectures"));
	}
	return result;
}

static json_t *oci_rules(const json_t *profile, const struct dockerprofile_target *target,
			 const char *path, struct error *err)
{
	json_t *result = json_array();
	const json_t *rule;
	size_t i;

	json_array_foreach(json_object_get(profile, "syscalls"), i, rule) {
		if (check_rule(rule, i, path, err)) {
			json_decref(result);
			return NULL;
		}
		if (applies(rule, target))
			json_array_append_new(result, oci_rule(rule));
	}
	return result;
}

json_t *dockerprofile_resolve(const json_t *profile, const struct dockerprofile_target *target,
			      const char *path, struct error *err)
{
	const char *own = seccomp_architecture(target->arch);
	json_t *otherwise = json_object_get(profile, "defaultAction");
	json_t *number = json_object_get(profile, "defaultErrnoRet");
	json_t *result, *rules;

	if (!own) {
		error_set(err, EXIT_USAGE, "%s: no seccomp name is known for architecture %s", path,
			  target->arch);
		return NULL;
	}
	if (!json_is_string(otherwise) || !json_is_array(json_object_get(profile, "syscalls"))) {
		error_set(err, EXIT_USAGE,
			  "%s is no seccomp profile: \"defaultAction\" or the list \"syscalls\" "
			  "is missing",
			  path);
		return NULL;
	}
	rules = oci_rules(profile, target, path, err);
	if (!rules)
		return NULL;
	result = json_object();
	json_object_set(result, "defaultAction", otherwise);
	if (json_is_integer(number))
		json_object_set(result, "defaultErrnoRet", number);
	json_object_set_new(result, "architectures", oci_architectures(profile, own));
	json_object_set_new(result, "syscalls", rules);
	return result;
}

json_t *dockerprofile_load(const char *path, const char *const *capabilities, struct error *err)
{
	struct dockerprofile_target target = {.capabilities = capabilities, .arch = "amd64"};
	autofree char *text = NULL;
	json_t *profile, *seccomp;
	struct utsname host;
	json_error_t fault;
	size_t size;

	uname(&host);
	target.kernel = host.release;
	if (file_read(path, PROFILE_LIMIT, &text, &size, err)) {
		error_context(err, "reading the seccomp profile (Debian package "
				   "golang-github-containers-common)");
		err->status = EXIT_ENVIRONMENT;
		return NULL;
	}
	profile = json_loadb(text, size, JSON_REJECT_DUPLICATES, &fault);
	if (!profile) {
		error_set(err, EXIT_USAGE, "%s:%d:%d: %s", path, fault.line, fault.column,
			  fault.text);
		return NULL;
	}
	seccomp = dockerprofile_resolve(profile, &target, path, err);
	json_decref(profile);
	return seccomp;
}

/* Takes the names that rules name out of one rule; true where none is left. */
static bool strip_names(json_t *names, const json_t *rules)
{
	const json_t *rule;
	size_t i, at;

	json_array_foreach(rules, i, rule)
		for (at = json_array_size(names); at-- > 0;)
			if (list_names(json_object_get(rule, "names"),
				       json_string_value(json_array_get(names, at))))
				json_array_remove(names, at);
	return !json_array_size(names);
}

int dockerprofile_override(json_t *seccomp, const char *rules, struct error *err)
{
	json_t *own = json_object_get(seccomp, "syscalls");
	json_error_t fault;
	json_t *list = json_loads(rules, JSON_REJECT_DUPLICATES, &fault);
	const json_t *rule;
	size_t i;

	if (!list)
		return error_set(err, EXIT_USAGE, "the rules that replace a profile's: %d:%d: %s",
				 fault.line, fault.column, fault.text);
	json_array_foreach(list, i, rule) {
		if (!check_rule(rule, i, "the rules that replace a profile's", err))
			continue;
		json_decref(list);
		return -1;
	}
	for (i = json_array_size(own); i-- > 0;)
		if (strip_names(json_object_get(json_array_get(own, i), "names"), list))
			json_array_remove(own, i);
	json_array_extend(own, list);
	json_decref(list);
	return 0;
}
