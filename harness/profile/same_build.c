// SPDX-License-Identifier: GPL-2.0
#include "harness/profile/same_build.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/bench/capture.h"
#include "harness/jsonfile.h"
#include "harness/machine.h"
#include "lib/cleanup.h"

/* As sha256sum says it; NULL where the file is not there. */
static char *digest_of(const char *path)
{
	const char *const argv[] = {"sha256sum", path, NULL};
	char *text = capture_host(argv);

	if (text)
		text[strcspn(text, " ")] = '\0';
	return text;
}

static int check_file(const char *folder, const char *path, const char *digest, struct error *err)
{
	autofree char *own = digest_of(path);

	if (own && !strcmp(own, digest))
		return 0;
	return error_set(
		err, EXIT_USAGE,
		"the run in %s is of another build, or kernel, than this one: its digest of "
		"%s is %.12s, here it is %.12s. Measure anew, or name another folder: the "
		"report would tell of this build's instructions as of that one's",
		folder, strrchr(path, '/') + 1, digest, own ? own : "not there");
}

static int check_files(const char *folder, const json_t *digests, const char *place,
		       struct error *err)
{
	const char *name;
	json_t *digest;

	json_object_foreach((json_t *)digests, name, digest) {
		autofree char *path = NULL;

		if (asprintf(&path, "%s/%s", place, name) < 0) {
			path = NULL;
			return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
		}
		if (json_is_string(digest) &&
		    check_file(folder, path, json_string_value(digest), err))
			return -1;
	}
	return 0;
}

int same_build(const char *folder, const char *payload, struct error *err)
{
	autofree char *path = NULL, *modules = NULL, *programs = NULL;
	json_t *environment;
	int result;

	if (asprintf(&path, "%s/env.json", folder) < 0 ||
	    asprintf(&modules, "%s/kmod", payload) < 0 ||
	    asprintf(&programs, "%s/bin", payload) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (access(path, F_OK))
		return 0;
	environment = jsonfile_read_schema(folder, "env.json", ENVIRONMENT_SCHEMA, err);
	if (!environment)
		return -1;
	result = check_files(folder, json_object_get(environment, "modules"), modules, err) ||
				 check_files(folder, json_object_get(environment, "programs"),
					     programs, err)
			 ? -1
			 : 0;
	json_decref(environment);
	return result;
}
