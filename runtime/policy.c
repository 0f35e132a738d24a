// SPDX-License-Identifier: GPL-2.0
#include "runtime/policy.h"

#include <string.h>

#include "builder/builder.h"
#include "lib/cleanup.h"
#include "lib/file.h"

static void cleanup_profile(struct profile **profile)
{
	profile_free(*profile);
}

/* A prepared blob is checked here, where a message can name its file. */
static int read_blob(const char *path, struct container_policy *made, struct error *err)
{
	autofree char *bytes = NULL;
	struct policy policy;

	if (file_read(path, POLICY_SIZE_MAX, &bytes, &made->size, err) ||
	    blob_parse(path, bytes, made->size, &policy, err))
		return error_context(err, "annotation " ANNOTATION_POLICY);
	made->restricts_calls = policy.tables[POLICY_TABLE_X86_64].header;
	made->blob = steal_pointer(bytes);
	return 0;
}

static int add_capabilities(const json_t *names, uint64_t *capabilities, struct error *err)
{
	json_t *name;
	size_t index;

	json_array_foreach(names, index, name) {
		const char *text = json_string_value(name);
		int number = text ? capability_number(text) : -1;

		if (number < 0)
			return error_set(err, EXIT_USAGE,
					 "process.capabilities names an unknown capability: %s",
					 text ? text : "(not a string)");
		*capabilities |= UINT64_C(1) << number;
	}
	return 0;
}

/*
 * What the container starts with: the union of its five sets. A program's file capabilities and
 * setuid bits give it no more than the bounding set, which is one of them.
 */
static int started_with(const json_t *root, uint64_t *capabilities, struct error *err)
{
	static const char *const sets[] = {"bounding", "effective", "permitted", "inheritable",
					   "ambient"};
	const json_t *object = json_object_get(json_object_get(root, "process"), "capabilities");
	size_t i;

	*capabilities = CAPABILITIES_NONE;
	for (i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		if (add_capabilities(json_object_get(object, sets[i]), capabilities, err))
			return -1;
	}
	return 0;
}

static int log_mode(const json_t *root, enum policy_log_mode *mode, struct error *err)
{
	const json_t *annotations = json_object_get(root, "annotations");
	const char *text = json_string_value(json_object_get(annotations, ANNOTATION_LOG));

	if (!text || !strcmp(text, "deny"))
		*mode = POLICY_LOG_DENY;
	else if (!strcmp(text, "host"))
		*mode = POLICY_LOG_HOST;
	else
		return error_set(err, EXIT_USAGE,
				 "annotation " ANNOTATION_LOG
				 ": \"%s\" is neither \"deny\" nor \"host\"",
				 text);
	return 0;
}

static int derive(const json_t *root, const char *id, struct container_policy *made,
		  struct error *err)
{
	__attribute__((cleanup(cleanup_profile))) struct profile *profile = profile_new();
	const json_t *seccomp = json_object_get(json_object_get(root, "linux"), "seccomp");
	struct seccomp_context context = {.file = "config.json", .lenient = true};
	enum policy_log_mode mode = POLICY_LOG_DENY;
	uint64_t capabilities = CAPABILITIES_NONE;
	char name[65]; /* an engine's id, and the end */

	if (!profile)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a profile");
	if (started_with(root, &capabilities, err) || log_mode(root, &mode, err))
		return -1;
	snprintf(name, sizeof(name), "%s", id);
	profile_set_capabilities(profile, capabilities);
	profile_set_log(profile, mode);
	context.capabilities = capabilities;
	if (profile_set_name(profile, name, err) ||
	    (seccomp && profile_add_seccomp(profile, seccomp, &context, err)))
		return -1;
	made->restricts_calls = seccomp;
	return profile_emit(profile, &made->blob, &made->size, err);
}

int policy_for(const json_t *root, const char *id, struct container_policy *policy,
	       struct error *err)
{
	const json_t *annotations = json_object_get(root, "annotations");
	const char *prepared = json_string_value(json_object_get(annotations, ANNOTATION_POLICY));

	if (prepared)
		return read_blob(prepared, policy, err);
	if (derive(root, id, policy, err))
		return error_context(err, "the bundle's rules cannot be enforced");
	return 0;
}
