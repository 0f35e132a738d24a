// SPDX-License-Identifier: GPL-2.0
#include "runtime/bundle.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "runtime/cut.h"
#include "runtime/json.h"

static int check_pid_namespace(const json_t *root, const char *path, struct error *err)
{
	json_t *namespaces = json_object_get(json_object_get(root, "linux"), "namespaces");
	json_t *entry;
	bool found = false;
	size_t index;

	json_array_foreach(namespaces, index, entry) {
		const char *type = json_string_value(json_object_get(entry, "type"));
		const char *joined = json_string_value(json_object_get(entry, "path"));

		if (!type || strcmp(type, "pid"))
			continue;
		/* A runtime that takes the last entry, or both, would join what the first hides. */
		if (joined && *joined)
			return error_set(err, EXIT_USAGE,
					 "%s: the container would join the PID namespace %s; "
					 "vKernel knows a container by a PID namespace of its own",
					 path, joined);
		found = true;
	}
	if (found)
		return 0;
	return error_set(
		err, EXIT_USAGE,
		"%s: linux.namespaces has no entry of type \"pid\"; vKernel knows a "
		"container by its PID namespace and cannot guard one that shares the host's",
		path);
}

/*
 * crun runs such a container's program inside its own process, with a library instead of execve().
 * That process is the runtime's, which the policy exempts until it executes.
 */
static bool is_handler(const char *annotation)
{
	static const char handler[] = "run.oci.handler", wasm[] = "module.wasm.image/variant";
	const char *end = annotation + sizeof(handler) - 1;

	if (!strcmp(annotation, wasm))
		return true;
	return !strncmp(annotation, handler, sizeof(handler) - 1) && (!*end || *end == '.');
}

static int check_handlers(const json_t *root, const char *path, struct error *err)
{
	json_t *annotations = json_object_get(root, "annotations");
	json_t *value;
	const char *key;

	json_object_foreach(annotations, key, value) {
		if (is_handler(key))
			return error_set(err, EXIT_USAGE,
					 "%s: annotation %s: the program would run inside the "
					 "runtime's own process, which never executes and so would "
					 "not be guarded; remove the annotation",
					 path, key);
	}
	return 0;
}

/*
 * A startContainer hook is a file of the container's that is executed before its program, and before
 * the rules are pinned that are to hold for it.
 */
static int check_hooks(const json_t *root, const char *path, struct error *err)
{
	const json_t *hooks = json_object_get(root, "hooks");

	if (!json_array_size(json_object_get(hooks, "startContainer")))
		return 0;
	return error_set(
		err, EXIT_USAGE,
		"%s: hooks.startContainer is not supported: it is a program of the "
		"container's own image that would run before its instance is complete; let "
		"the container's program run it, or use createContainer, prestart, "
		"createRuntime, poststart or poststop",
		path);
}

static bool has_hooks(const json_t *root)
{
	return json_array_size(json_object_get(json_object_get(root, "hooks"), "createContainer"));
}

/* Whether the text could be cut and what is left of it is good; what is wrong is told of the whole. */
static bool parse_lean(struct bundle *bundle)
{
	struct error ignored;
	struct cut cut;

	if (!cut_config(bundle->text, bundle->size, &cut))
		return false;
	if (json_read("", cut.lean, strlen(cut.lean), &bundle->root, &ignored)) {
		bundle->root = NULL;
		cut_free(&cut);
		return false;
	}
	free(cut.lean);
	bundle->rest = cut.rest;
	bundle->seccomp = cut.seccomp;
	return true;
}

static int parse(const char *path, struct bundle *bundle, struct error *err)
{
	if (!parse_lean(bundle) &&
	    json_read(path, bundle->text, bundle->size, &bundle->root, err)) {
		bundle->root = NULL;
		return -1;
	}
	bundle->hooks = has_hooks(bundle->root);
	return check_pid_namespace(bundle->root, path, err) ||
			       check_handlers(bundle->root, path, err) ||
			       check_hooks(bundle->root, path, err)
		       ? -1
		       : 0;
}

int bundle_read(const char *folder, const char *config, struct bundle *bundle, struct error *err)
{
	autofree char *path = NULL;

	*bundle = (struct bundle){.root = NULL};
	if (!config)
		config = "config.json";
	if (asprintf(&path, "%s%s%s", *config == '/' ? "" : folder, *config == '/' ? "" : "/",
		     config) < 0) {
		path = NULL;
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	}
	if (file_read(path, BUNDLE_CONFIG_MAX, &bundle->text, &bundle->size, err))
		return -1;
	if (!parse(path, bundle, err))
		return 0;
	bundle_free(bundle);
	return -1;
}

int bundle_restore(struct bundle *bundle, struct error *err)
{
	json_t *root;

	if (!bundle->rest)
		return 0;
	if (json_read("config.json", bundle->text, bundle->size, &root, err))
		return -1;
	json_decref(bundle->root);
	bundle->root = root;
	free(bundle->rest);
	bundle->rest = NULL;
	return 0;
}

void bundle_free(struct bundle *bundle)
{
	json_decref(bundle->root);
	free(bundle->text);
	free(bundle->seccomp);
	free(bundle->rest);
	*bundle = (struct bundle){.root = NULL};
}

void bundle_rewrite(json_t *root, const struct bundle_drop *drop)
{
	json_t *linux_ = json_object_get(root, "linux");

	if (drop->seccomp)
		json_object_del(linux_, "seccomp");
	if (drop->paths) {
		json_object_del(linux_, "maskedPaths");
		json_object_del(linux_, "readonlyPaths");
	}
	if (drop->apparmor)
		json_object_del(json_object_get(root, "process"), "apparmorProfile");
}

/* Replaces member name of object, a path relative to folder, by an absolute one. */
static int make_absolute(json_t *object, const char *name, const char *folder, struct error *err)
{
	const char *path = json_string_value(json_object_get(object, name));
	autofree char *absolute = NULL;

	if (!path || *path == '/')
		return 0;
	if (asprintf(&absolute, "%s/%s", folder, path) < 0)
		absolute = NULL;
	if (absolute && !json_object_set_new(object, name, json_string(absolute)))
		return 0;
	return error_set(err, EXIT_ENVIRONMENT, "cannot make the path %s absolute", path);
}

/* Of other kinds of mounts the source is no path. */
static bool is_bind_mount(const json_t *mount)
{
	const char *type = json_string_value(json_object_get(mount, "type"));
	json_t *option;
	size_t index;

	if (type && !strcmp(type, "bind"))
		return true;
	json_array_foreach(json_object_get(mount, "options"), index, option) {
		const char *text = json_string_value(option);

		if (text && (!strcmp(text, "bind") || !strcmp(text, "rbind")))
			return true;
	}
	return false;
}

int bundle_detach(json_t *root, const char *bundle, struct error *err)
{
	autofree char *folder = realpath(bundle, NULL);
	json_t *mount;
	size_t index;

	if (!folder)
		return error_set_errno(err, EXIT_USAGE, errno, "the bundle %s", bundle);
	if (make_absolute(json_object_get(root, "root"), "path", folder, err))
		return -1;
	json_array_foreach(json_object_get(root, "mounts"), index, mount) {
		if (is_bind_mount(mount) && make_absolute(mount, "source", folder, err))
			return -1;
	}
	return 0;
}
