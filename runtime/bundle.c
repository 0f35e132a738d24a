// SPDX-License-Identifier: GPL-2.0
#include "runtime/bundle.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "lib/text.h"
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

static void forget_cut(struct bundle *bundle)
{
	free(bundle->rest);
	free(bundle->lean);
	bundle->rest = bundle->lean = NULL;
	bundle->seccomp = NULL;
}

static int parse_text(struct bundle *bundle, struct error *err)
{
	return json_read(bundle->path, bundle->text, bundle->size, &bundle->root, err);
}

/* What is wrong is told of the whole. */
static int parse(struct bundle *bundle, struct error *err)
{
	struct error ignored;

	if (bundle->rest &&
	    !json_read("", bundle->lean, bundle->lean_size, &bundle->root, &ignored))
		return 0;
	forget_cut(bundle);
	return parse_text(bundle, err);
}

int bundle_parse(struct bundle *bundle, struct error *err)
{
	const char *path = bundle->path;

	if (parse(bundle, err)) {
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

static void cut(struct bundle *bundle)
{
	struct cut pieces;

	if (!cut_config(bundle->text, bundle->size, &pieces))
		return;
	bundle->rest = pieces.rest;
	bundle->lean = pieces.lean;
	bundle->lean_size = pieces.lean_size;
	bundle->seccomp = pieces.seccomp;
	bundle->seccomp_size = pieces.seccomp_size;
}

static char *make_path(const char *folder, const char *config)
{
	const size_t size = strlen(folder) + strlen(config) + 2;
	char *path = malloc(size);

	if (path && *config == '/')
		strcpy(path, config);
	else if (path)
		text_join(path, size, folder, "/", config, NULL);
	return path;
}

int bundle_read(const char *folder, const char *config, struct bundle *bundle, struct error *err)
{
	*bundle = (struct bundle){.root = NULL};
	if (!config)
		config = "config.json";
	bundle->path = make_path(folder, config);
	if (!bundle->path)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (file_read(bundle->path, BUNDLE_CONFIG_MAX, &bundle->text, &bundle->size, err)) {
		bundle->text = NULL;
		bundle_free(bundle);
		return -1;
	}
	cut(bundle);
	return 0;
}

int bundle_restore(struct bundle *bundle, struct error *err)
{
	if (!bundle->rest)
		return 0;
	free(bundle->rest);
	bundle->rest = NULL;
	json_decref(bundle->root);
	bundle->root = NULL;
	return parse_text(bundle, err);
}

void bundle_free(struct bundle *bundle)
{
	json_decref(bundle->root);
	free(bundle->path);
	free(bundle->text);
	free(bundle->rest);
	free(bundle->lean);
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
