// SPDX-License-Identifier: GPL-2.0
#include "runtime/policy.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "runtime/derive.h"

static void cleanup_sources(struct sources *sources)
{
	sources_free(sources);
}

/* To open a device may do something to it, and a pipe waits for a writer. */
static bool is_special(const char *path)
{
	struct stat status;

	return !stat(path, &status) && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

static int check_path(const char *name, const char *path, struct error *err)
{
	if (*path == '/' && !is_special(path))
		return 0;
	if (*path == '/')
		return error_set(err, EXIT_USAGE, "annotation %s: %s is no regular file", name,
				 path);
	return error_set(err, EXIT_USAGE,
			 "annotation %s: \"%s\" is no absolute path of a profile on this host%s",
			 name, path,
			 strcmp(name, ANNOTATION_APPARMOR)
				 ? ""
				 : "; a profile that is loaded stands in process.apparmorProfile, "
				   "by its name");
}

/* The profile that the annotation names, else the settings' one. */
static int read_profile(const struct policy_request *request, struct sources *sources,
			struct error *err)
{
	const char *path = wishes_annotation(request, ANNOTATION_PROFILE);

	if (path) {
		if (check_path(ANNOTATION_PROFILE, path, err))
			return -1;
		return sources_read(sources, path, err)
			       ? error_context(err, "annotation " ANNOTATION_PROFILE)
			       : 0;
	}
	if (!request->settings->profile)
		return 0;
	return sources_read(sources, request->settings->profile, err)
		       ? error_context(err, "profile of the runtime's configuration")
		       : 0;
}

static int read_apparmor(const struct policy_request *request, struct sources *sources,
			 struct error *err)
{
	const char *path = wishes_annotation(request, ANNOTATION_APPARMOR);

	if (!path)
		return 0;
	if (check_path(ANNOTATION_APPARMOR, path, err))
		return -1;
	return sources_read_as(sources, path, SOURCE_APPARMOR, err)
		       ? error_context(err, "annotation " ANNOTATION_APPARMOR)
		       : 0;
}

/* A prepared policy is what it is: what would change it must not be passed over. */
static int check_alone(const struct policy_request *request, struct error *err)
{
	static const char *const others[] = {ANNOTATION_LOG, ANNOTATION_EXCESS, ANNOTATION_PATHS,
					     ANNOTATION_APPARMOR};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (wishes_annotation(request, others[i]))
			return error_set(err, EXIT_USAGE,
					 "annotation %s: the prepared policy that is taken says "
					 "this itself; build it so and take the annotation out",
					 others[i]);
	return 0;
}

static int make(struct wishes *wishes, struct container_policy *policy, struct error *err)
{
	__attribute__((cleanup(cleanup_sources))) struct sources sources = {.list = NULL};
	const struct source *prepared;

	wishes->sources = &sources;
	if (read_profile(wishes->request, &sources, err))
		return -1;
	prepared = sources_prepared(&sources);
	if (prepared)
		return check_alone(wishes->request, err) ||
				       take_prepared(wishes, prepared, policy, err)
			       ? -1
			       : 0;
	if (read_apparmor(wishes->request, &sources, err))
		return -1;
	return derive(wishes, policy, err) ? error_context(err, "the rules cannot be enforced") : 0;
}

/* crun's annotation: who sets it wants no container where a name in linux.seccomp is unknown to it. */
static bool wants_names_checked(const struct policy_request *request)
{
	const char *value = wishes_annotation(request, "run.oci.seccomp_fail_unknown_syscall");

	return value && strcmp(value, "0");
}

int policy_for(const struct policy_request *request, struct container_policy *policy,
	       struct error *err)
{
	struct wishes wishes;

	*policy = (struct container_policy){.blob = NULL};
	if (wishes_read(request, &wishes, err) || make(&wishes, policy, err))
		return -1;
	if (request->settings->keep_seccomp || wants_names_checked(request))
		policy->takes_seccomp = false;
	return 0;
}

void container_policy_free(struct container_policy *policy)
{
	free(policy->blob);
	free(policy->module);
	*policy = (struct container_policy){.blob = NULL};
}
