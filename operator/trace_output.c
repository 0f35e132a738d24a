// SPDX-License-Identifier: GPL-2.0
#include "operator/trace_output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/cleanup.h"
#include "lib/file.h"

#define RECORDING_MAX (256u << 20) /* bytes */

static int set_folder(struct trace_output *output, const char *path, size_t size, struct error *err)
{
	const char *const end = size && path[size - 1] != '/' ? "/" : "";
	const int used = snprintf(output->folder, sizeof(output->folder), "%.*s%s", (int)size, path,
				  size ? end : "./");

	if (used >= (int)sizeof(output->folder))
		return error_set(err, EXIT_USAGE, "the path \"%.100s...\" is too long", path);
	return 0;
}

int trace_output_parse(struct trace_output *output, const char *where, const char *name,
		       struct error *err)
{
	const size_t size = strlen(where);
	const char *slash = strrchr(where, '/');
	struct stat status;

	if (!size)
		return error_set(err, EXIT_USAGE,
				 "-o \"\": name a folder, or a path for the files");
	if (where[size - 1] == '/' || (!stat(where, &status) && S_ISDIR(status.st_mode))) {
		if (mkdir(where, 0777) && errno != EEXIST)
			return error_set_errno(err, EXIT_USAGE, errno, "cannot make the folder %s",
					       where);
		if (!name)
			name = "traced";
		if (set_folder(output, where, size, err))
			return -1;
	} else {
		if (name)
			return error_set(err, EXIT_USAGE,
					 "--name is for files in a folder, and %s is none: end it "
					 "with '/'",
					 where);
		name = slash ? slash + 1 : where;
		if (set_folder(output, where, name - where, err))
			return -1;
	}
	if (trace_name_check(name, err))
		return -1;
	snprintf(output->name, sizeof(output->name), "%s", name);
	return 0;
}

int trace_output_path(const struct trace_output *output, const char *suffix, char path[PATH_MAX],
		      struct error *err)
{
	if (snprintf(path, PATH_MAX, "%s%s%s", output->folder, output->name, suffix) < PATH_MAX)
		return 0;
	return error_set(err, EXIT_USAGE, "the path \"%.100s...\" is too long", output->folder);
}

int trace_output_merge(struct recording *recording, const char *file, struct error *err)
{
	struct recording earlier = {0};
	autofree char *text = NULL;
	size_t size;
	int ret;

	if (file_read(file, RECORDING_MAX, &text, &size, err) ||
	    recording_from_json(&earlier, file, text, size, err))
		return -1;
	ret = recording_merge(recording, &earlier, err);
	recording_free(&earlier);
	return ret;
}

static int write_text(const struct trace_output *output, const char *suffix, const char *text,
		      struct error *err)
{
	char path[PATH_MAX];

	if (trace_output_path(output, suffix, path, err))
		return -1;
	return file_write(path, text, strlen(text), err);
}

static char *dump(json_t *object, struct error *err)
{
	autofree char *text = json_dumps(object, JSON_INDENT(1) | JSON_ENSURE_ASCII);
	char *line = NULL;

	if (!text || asprintf(&line, "%s\n", text) < 0) {
		error_set(err, EXIT_ENVIRONMENT, "no memory for JSON");
		return NULL;
	}
	return line;
}

/* The recording goes first: profiles can be made of it again. */
static int write_recording(const struct trace_output *output, const struct recording *recording,
			   struct error *err)
{
	json_t *object = recording_to_json(recording, err);
	autofree char *text = object ? dump(object, err) : NULL;

	json_decref(object);
	return text ? write_text(output, ".recording.json", text, err) : -1;
}

static int write_profiles(const struct trace_output *output, const struct recording *recording,
			  json_t *seccomp, struct error *err)
{
	autofree char *apparmor = trace_apparmor(recording, output->name, err);
	autofree char *yaml = apparmor ? trace_yaml(recording, output->name, err) : NULL;
	autofree char *json = yaml ? dump(seccomp, err) : NULL;

	if (!json || write_text(output, ".seccomp.json", json, err) ||
	    write_text(output, ".apparmor", apparmor, err))
		return -1;
	return write_text(output, ".yaml", yaml, err);
}

/* As whoever uses it will. */
static int read_back(const struct trace_output *output, struct error *err)
{
	autofree void *blob = NULL;
	char path[PATH_MAX];
	size_t size;

	if (trace_output_path(output, ".yaml", path, err))
		return -1;
	return trace_compile(path, &blob, &size, err);
}

int trace_output_write(const struct trace_output *output, const struct recording *recording,
		       struct error *err)
{
	json_t *seccomp;
	int ret;

	if (write_recording(output, recording, err))
		return -1;
	seccomp = trace_seccomp(recording, err);
	if (!seccomp)
		return -1;
	ret = write_profiles(output, recording, seccomp, err);
	json_decref(seccomp);
	return ret ? -1 : read_back(output, err);
}
