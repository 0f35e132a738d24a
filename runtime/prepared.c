// SPDX-License-Identifier: GPL-2.0
/* Policies that are built already. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "runtime/covers.h"
#include "runtime/derive.h"

static void cleanup_profile(struct profile **profile)
{
	profile_free(*profile);
}

int check_private_calls(const struct policy *policy, struct error *err)
{
	if (!policy->calls_count)
		return 0;
	return error_set(err, EXIT_USAGE,
			 "the policy names the private call \"%s\", which no instance has by "
			 "itself; name a module made by vkernel build --with in the "
			 "annotation " ANNOTATION_PROFILE,
			 policy_call_name(policy, 0));
}

/* A module is code for the kernel: only what root alone could have written is loaded. */
static int check_writers(const struct source *source, struct error *err)
{
	if (source->roots_alone)
		return 0;
	return error_set(
		err, EXIT_USAGE,
		"%s is a module that others than root may write; make it root's, with mode "
		"0644",
		source->name);
}

/*
 * What an annotation names is chosen by whoever has the container made, who may also have put the file
 * there: root in a container is the host's root in its layers and volumes.
 */
static int check_place(const struct wishes *wishes, const struct source *source, struct error *err)
{
	const char *path = wishes_annotation(wishes->request, ANNOTATION_PROFILE);

	if (!path ||
	    (!strncmp(path, MODULES_FOLDER, strlen(MODULES_FOLDER)) && !strstr(path, "/../")))
		return 0;
	return error_set(err, EXIT_USAGE,
			 "annotation %s: %s is a module; an annotation may name those below "
			 "%s only, and the runtime's configuration any",
			 ANNOTATION_PROFILE, source->name, MODULES_FOLDER);
}

/* Whether policy refuses all that linux.seccomp does; *all is what it is compared with. */
static int covers_bundle(const struct wishes *wishes, const struct policy *policy,
			 struct container_policy *made, bool *covers, struct error *err)
{
	__attribute__((cleanup(cleanup_profile))) struct profile *profile = profile_new();
	autofree void *blob = NULL;
	struct policy bundle;
	size_t size;
	bool added;

	*covers = false;
	if (!profile)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a profile");
	if (add_bundle_seccomp(wishes, profile, &added, made, err))
		return -1;
	if (!added)
		return 0;
	if (profile_emit(profile, &blob, &size, err) ||
	    blob_parse("linux.seccomp", blob, size, &bundle, err))
		return -1;
	*covers = policy_covers(policy, &bundle);
	if (!*covers)
		snprintf(made->notice, sizeof(made->notice),
			 "the policy allows calls that the bundle's linux.seccomp refuses; the "
			 "seccomp filter stays beside it");
	return 0;
}

/* The instance's own reader says the same later, where no message can name the file. */
static int check(const struct wishes *wishes, const struct source *source,
		 struct container_policy *made, struct error *err)
{
	struct policy policy;

	if (blob_parse(source->name, source->blob, source->blob_size, &policy, err) ||
	    (!made->module && check_private_calls(&policy, err)))
		return -1;
	if (!wishes->seccomp || wishes->request->settings->keep_seccomp)
		return 0;
	return covers_bundle(wishes, &policy, made, &made->takes_seccomp, err);
}

static void *copy(const void *bytes, size_t size)
{
	void *made = malloc(size);

	return made ? memcpy(made, bytes, size) : NULL;
}

int take_prepared(const struct wishes *wishes, const struct source *source,
		  struct container_policy *made, struct error *err)
{
	void *bytes;

	if (wishes_lack_seccomp(wishes)) {
		made->wants_all = true;
		return 0;
	}
	bytes = copy(source->bytes, source->size);
	if (!bytes)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for %s", source->name);
	if (source->kind == SOURCE_MODULE) {
		made->module = bytes;
		made->module_size = source->size;
		if (check_place(wishes, source, err) || check_writers(source, err))
			return -1;
	} else {
		made->blob = bytes;
		made->size = source->size;
	}
	return check(wishes, source, made, err);
}
