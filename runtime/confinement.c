// SPDX-License-Identifier: GPL-2.0
#include "runtime/confinement.h"

#include <linux/capability.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/file.h"

#define APPARMOR_SIZE_MAX (1u << 20) /* Docker's has 2 KiB */

static const json_t *annotation(const json_t *root, const char *name)
{
	return json_object_get(json_object_get(root, "annotations"), name);
}

static int read_choice(const json_t *root, uint64_t capabilities, bool *replace, struct error *err)
{
	const json_t *value = annotation(root, ANNOTATION_PATHS);
	const char *text = json_string_value(value);

	*replace = value ? text && !strcmp(text, "replace") : capabilities >> CAP_SYS_ADMIN & 1;
	if (!value || *replace || (text && !strcmp(text, "keep")))
		return 0;
	return error_set(err, EXIT_USAGE,
			 "annotation " ANNOTATION_PATHS
			 ": \"%s\" is neither \"keep\" nor \"replace\"",
			 text ? text : "(not a string)");
}

typedef int (*add_path)(struct profile *profile, const char *path, struct error *err);

static int add_paths(const json_t *root, const char *name, add_path add, struct profile *profile,
		     struct error *err)
{
	const json_t *list = json_object_get(json_object_get(root, "linux"), name);
	json_t *entry;
	size_t index;

	if (list && !json_is_array(list) && !json_is_null(list))
		return error_set(err, EXIT_USAGE, "linux.%s is no list", name);
	json_array_foreach(list, index, entry) {
		const char *path = json_string_value(entry);

		if (!path)
			return error_set(err, EXIT_USAGE, "linux.%s[%zu] is no string", name,
					 index);
		if (add(profile, path, err))
			return error_context(err, "linux");
	}
	return 0;
}

static int replace_paths(const json_t *root, uint64_t capabilities, struct profile *profile,
			 bool *replaced, struct error *err)
{
	if (read_choice(root, capabilities, replaced, err))
		return -1;
	if (!*replaced)
		return 0;
	if (add_paths(root, "maskedPaths", profile_add_masked_path, profile, err))
		return -1;
	return add_paths(root, "readonlyPaths", profile_add_readonly_path, profile, err);
}

static int add_apparmor(const json_t *root, struct profile *profile, bool *added, struct error *err)
{
	const json_t *value = annotation(root, ANNOTATION_APPARMOR);
	const char *path = json_string_value(value);
	struct apparmor_context context = {.file = path};
	autofree char *text = NULL;

	if (!value)
		return 0;
	if (!path || *path != '/')
		return error_set(err, EXIT_USAGE,
				 "annotation " ANNOTATION_APPARMOR
				 ": \"%s\" is no absolute path of a "
				 "profile on this host; a profile that is loaded stands in "
				 "process.apparmorProfile, by its name",
				 path ? path : "(not a string)");
	if (file_read(path, APPARMOR_SIZE_MAX, &text, &context.size, err))
		return error_context(err, "annotation " ANNOTATION_APPARMOR);
	context.text = text;
	*added = true;
	if (profile_add_apparmor(profile, &context, err))
		return error_context(err, "annotation " ANNOTATION_APPARMOR);
	return 0;
}

int confinement_add(const json_t *root, uint64_t capabilities, struct profile *profile,
		    struct confinement *confinement, struct error *err)
{
	if (replace_paths(root, capabilities, profile, &confinement->paths, err))
		return -1;
	return add_apparmor(root, profile, &confinement->apparmor, err);
}
