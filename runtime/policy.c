// SPDX-License-Identifier: GPL-2.0
#include "runtime/policy.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "builder/builder.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "runtime/image.h"

#define MODULE_SIZE_MAX (64u << 20)

static void cleanup_profile(struct profile **profile)
{
	profile_free(*profile);
}

/* What only an instance with that private call can run. */
static int check_calls(const struct policy *policy, struct error *err)
{
	if (!policy->calls_count)
		return 0;
	return error_set(err, EXIT_USAGE,
			 "the policy names the private call \"%s\", which no instance has by "
			 "itself; name a module made by vkernel build --with in the "
			 "annotation " ANNOTATION_PROFILE,
			 policy_call_name(policy, 0));
}

static bool replaces_seccomp(const struct policy_table *table)
{
	return table->header && !(le32toh(table->header->flags) & POLICY_SYSCALLS_PARTIAL);
}

/* The instance's own reader says the same later, where no message can name the file. */
static int check_prepared(const char *path, const void *blob, size_t size,
			  struct container_policy *made, struct error *err)
{
	struct policy policy;

	if (blob_parse(path, blob, size, &policy, err))
		return -1;
	made->restricts_calls = replaces_seccomp(&policy.tables[POLICY_TABLE_X86_64]);
	return made->module ? 0 : check_calls(&policy, err);
}

static int take_module(const char *path, struct container_policy *made, struct error *err)
{
	autofree void *blob = NULL;
	size_t size;

	if (image_policy(made->module, made->module_size, &blob, &size, err))
		return error_context(err, "%s", path);
	return check_prepared(path, blob, size, made, err);
}

/* A module is code for the kernel: only what root alone could have written is loaded. */
static int check_writers(int fd, const char *path, struct error *err)
{
	struct stat status;

	if (fstat(fd, &status))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot stat %s", path);
	if (!status.st_uid && !(status.st_mode & (S_IWGRP | S_IWOTH)))
		return 0;
	return error_set(
		err, EXIT_USAGE,
		"%s is a module that others than root may write; make it root's, with mode "
		"0644",
		path);
}

static int take_prepared(const char *path, struct container_policy *made, struct error *err)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	autofree char *bytes = NULL;
	size_t size;

	if (fd < 0)
		return error_set_errno(err, EXIT_USAGE, errno, "cannot open %s", path);
	if (file_read_open(fd, path, MODULE_SIZE_MAX, &bytes, &size, err))
		return -1;
	if (image_is_module(bytes, size)) {
		made->module = steal_pointer(bytes);
		made->module_size = size;
		return check_writers(fd, path, err) ? -1 : take_module(path, made, err);
	}
	if (check_prepared(path, bytes, size, made, err))
		return -1;
	made->blob = steal_pointer(bytes);
	made->size = size;
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

/* An annotation with one of two words: sets *second to whether it is the second one. */
static int read_word(const json_t *root, const char *annotation, const char *const words[2],
		     bool *second, struct error *err)
{
	const json_t *value = json_object_get(json_object_get(root, "annotations"), annotation);
	const char *text = json_string_value(value);

	*second = text && !strcmp(text, words[1]);
	if (!value || *second || (text && !strcmp(text, words[0])))
		return 0;
	return error_set(err, EXIT_USAGE, "annotation %s: \"%s\" is neither \"%s\" nor \"%s\"",
			 annotation, text ? text : "(not a string)", words[0], words[1]);
}

static int read_log(const json_t *root, struct profile *profile, struct error *err)
{
	const json_t *value = json_object_get(json_object_get(root, "annotations"), ANNOTATION_LOG);
	const char *text = json_string_value(value);
	enum policy_log_mode mode = POLICY_LOG_PRIVATE;
	__u32 size = 0;

	if (value && log_mode_parse(text ? text : "(not a string)", &mode, &size, err))
		return error_context(err, "annotation " ANNOTATION_LOG);
	profile_set_log(profile, mode, size);
	return 0;
}

static int read_annotations(const json_t *root, struct profile *profile, struct error *err)
{
	static const char *const reactions[2] = {"report", "kill"};
	bool kill;

	if (read_log(root, profile, err) ||
	    read_word(root, ANNOTATION_EXCESS, reactions, &kill, err))
		return -1;
	profile_set_excess(profile, kill ? POLICY_EXCESS_KILL : POLICY_EXCESS_REPORT);
	return 0;
}

static int add_seccomp(const json_t *root, struct profile *profile, uint64_t capabilities,
		       struct container_policy *made, struct error *err)
{
	const json_t *seccomp = json_object_get(json_object_get(root, "linux"), "seccomp");
	const struct seccomp_context context = {
		.file = "config.json", .capabilities = capabilities, .lenient = true};
	char reason[512];

	if (!seccomp)
		return 0;
	if (profile_needs_seccomp(seccomp, &context, reason, sizeof(reason))) {
		snprintf(made->notice, sizeof(made->notice),
			 "%s; the seccomp filter is left to the runtime below, and the instance "
			 "restricts no system calls",
			 reason);
		return 0;
	}
	made->restricts_calls = true;
	return profile_add_seccomp(profile, seccomp, &context, err);
}

static int emit(const struct profile *profile, struct container_policy *made, struct error *err)
{
	struct policy policy;

	if (profile_emit(profile, &made->blob, &made->size, err) ||
	    blob_parse("the policy", made->blob, made->size, &policy, err))
		return -1;
	return check_calls(&policy, err);
}

static int derive(const json_t *root, const char *id, struct container_policy *made,
		  struct error *err)
{
	__attribute__((cleanup(cleanup_profile))) struct profile *profile = profile_new();
	uint64_t capabilities = CAPABILITIES_NONE;
	char name[65]; /* an engine's id, and the end */

	if (!profile)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a profile");
	snprintf(name, sizeof(name), "%s", id);
	if (started_with(root, &capabilities, err) || read_annotations(root, profile, err) ||
	    profile_set_name(profile, name, err))
		return -1;
	profile_set_capabilities(profile, capabilities);
	if (add_seccomp(root, profile, capabilities, made, err) ||
	    confinement_add(root, capabilities, profile, &made->takes, err))
		return -1;
	return emit(profile, made, err);
}

#define ANNOTATIONS "io.vkernel." /* what all of ours begin with */

/* A misspelt annotation, passed over, would leave the container without what it asks for. */
static int check_annotation(const char *name, const json_t *value, bool prepared, struct error *err)
{
	static const char *const others[] = {ANNOTATION_LOG, ANNOTATION_EXCESS, ANNOTATION_PATHS,
					     ANNOTATION_APPARMOR};
	bool known = !strcmp(name, ANNOTATION_PROFILE);

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		known |= !strcmp(name, others[i]);
	if (!known)
		return error_set(
			err, EXIT_USAGE,
			"annotation %s: there is none of this name; docs/profiles.md lists "
			"those that there are",
			name);
	if (!json_is_string(value))
		return error_set(err, EXIT_USAGE, "annotation %s: its value is no string", name);
	/* A prepared policy is what it is: what would change it must not be passed over. */
	if (prepared && strcmp(name, ANNOTATION_PROFILE))
		return error_set(err, EXIT_USAGE,
				 "annotation %s: the prepared policy that " ANNOTATION_PROFILE
				 " names says this itself; build it so and take the annotation out",
				 name);
	return 0;
}

static int check_annotations(const json_t *annotations, struct error *err)
{
	const bool prepared = json_object_get(annotations, ANNOTATION_PROFILE);
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)annotations, name, value)
		if (!strncmp(name, ANNOTATIONS, strlen(ANNOTATIONS)) &&
		    check_annotation(name, value, prepared, err))
			return -1;
	return 0;
}

int policy_for(const json_t *root, const char *id, struct container_policy *policy,
	       struct error *err)
{
	const json_t *annotations = json_object_get(root, "annotations");
	const char *prepared = json_string_value(json_object_get(annotations, ANNOTATION_PROFILE));

	*policy = (struct container_policy){.blob = NULL};
	if (check_annotations(annotations, err))
		return -1;
	if (prepared) {
		if (take_prepared(prepared, policy, err))
			return error_context(err, "annotation " ANNOTATION_PROFILE);
		return 0;
	}
	if (derive(root, id, policy, err))
		return error_context(err, "the bundle's rules cannot be enforced");
	return 0;
}

void container_policy_free(struct container_policy *policy)
{
	free(policy->blob);
	free(policy->module);
	*policy = (struct container_policy){.blob = NULL};
}
