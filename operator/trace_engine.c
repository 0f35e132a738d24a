// SPDX-License-Identifier: GPL-2.0
#include "operator/trace_engine.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder/builder.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "runtime/json.h"

#define CONFIG_MAX (20u << 20) /* bytes */
#define ANNOTATION "io.vkernel.profile"

static const struct {
	const char *program;
	enum engine_kind kind;
} engines[] = {
	{"crun", ENGINE_RUNTIME},  {"runc", ENGINE_RUNTIME},  {"vkernel-runtime", ENGINE_RUNTIME},
	{"podman", ENGINE_PODMAN}, {"docker", ENGINE_DOCKER},
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* "--bundle DIR", "--bundle=DIR", "-b DIR": the folder; NULL: argument is not that option. */
static const char *bundle_of(char *const *argument)
{
	if (!strcmp(argument[0], "--bundle") || !strcmp(argument[0], "-b"))
		return argument[1];
	if (!strncmp(argument[0], "--bundle=", 9))
		return argument[0] + 9;
	return NULL;
}

static void read_runtime(struct engine *engine, char *const *argv)
{
	int last = 0;

	for (int i = engine->run + 1; argv[i]; i++) {
		const char *bundle = bundle_of(&argv[i]);

		if (bundle)
			engine->bundle = bundle;
		last = i;
	}
	if (!engine->bundle)
		engine->bundle = ".";
	if (last && argv[last][0] != '-')
		engine->id = argv[last];
}

struct engine engine_read(char *const *argv)
{
	struct engine engine = {.kind = ENGINE_NONE};
	const char *program = base_name(argv[0]);

	for (size_t i = 0; i < sizeof(engines) / sizeof(*engines); i++)
		if (!strcmp(engines[i].program, program))
			engine.kind = engines[i].kind;
	for (int i = 1; engine.kind != ENGINE_NONE && argv[i] && !engine.run; i++)
		if (!strcmp(argv[i], "run"))
			engine.run = i;
	if (!engine.run)
		engine.kind = ENGINE_NONE;
	if (engine.kind == ENGINE_RUNTIME)
		read_runtime(&engine, argv);
	return engine;
}

static size_t length(char *const *argv)
{
	size_t count = 0;

	while (argv[count])
		count++;
	return count;
}

char **engine_with_id_file(const struct engine *engine, char *const *argv, char *file)
{
	char **list = calloc(length(argv) + 3, sizeof(*list));
	size_t at = 0;

	for (int i = 0; list && argv[i]; i++) {
		list[at++] = argv[i];
		if (i != engine->run)
			continue;
		list[at++] = (char *)"--cidfile";
		list[at++] = file;
	}
	return list;
}

static int no_memory(struct error *err)
{
	return error_set(err, EXIT_ENVIRONMENT, "no memory for a command line");
}

__attribute__((format(printf, 3, 4))) static int add(struct engine_command *command,
						     struct error *err, const char *format, ...)
{
	char **list = reallocarray(command->argv, command->count + 2, sizeof(*list));
	va_list arguments;
	int ret;

	if (!list)
		return no_memory(err);
	command->argv = list;
	va_start(arguments, format);
	ret = vasprintf(&list[command->count], format, arguments);
	va_end(arguments);
	if (ret < 0) {
		list[command->count] = NULL;
		return no_memory(err);
	}
	list[++command->count] = NULL;
	return 0;
}

void engine_command_free(struct engine_command *command)
{
	for (size_t i = 0; i < command->count; i++)
		free(command->argv[i]);
	free(command->argv);
	*command = (struct engine_command){0};
}

/* What a program holds beyond the profile would be reported. Returns what the set was. */
static uint64_t narrow(json_t *set, uint64_t capabilities)
{
	uint64_t granted = 0;

	for (size_t i = json_array_size(set); i-- > 0;) {
		const char *name = json_string_value(json_array_get(set, i));
		const int number = name ? capability_number(name) : -1;

		if (number >= 0)
			granted |= UINT64_C(1) << number;
		if (number < 0 || !(capabilities >> number & 1))
			json_array_remove(set, i);
	}
	return granted;
}

static int make_root_absolute(json_t *config, const char *bundle, struct error *err)
{
	json_t *root = json_object_get(config, "root");
	const char *path = json_string_value(json_object_get(root, "path"));
	autofree char *folder = realpath(bundle, NULL);

	if (!path)
		return error_set(err, EXIT_USAGE, "%s/config.json has no root.path", bundle);
	if (!folder)
		return error_set_errno(err, EXIT_USAGE, errno, "cannot find the bundle %s", bundle);
	if (*path != '/')
		json_object_set_new(root, "path", json_sprintf("%s/%s", folder, path));
	return 0;
}

/* Annotations that say parts of what the profile says have to go. */
static int put_profile(json_t *config, const struct engine_profile *profile, const char *bundle,
		       uint64_t *granted, struct error *err)
{
	json_t *annotations = json_object_get(config, "annotations");
	json_t *sets = json_object_get(json_object_get(config, "process"), "capabilities"), *set;
	const char *key;
	void *next;

	if (!annotations)
		json_object_set_new(config, "annotations", annotations = json_object());
	json_object_foreach_safe(annotations, next, key, set)
	{
		if (!strncmp(key, "io.vkernel.", strlen("io.vkernel.")))
			json_object_del(annotations, key);
	}
	json_object_set_new(annotations, ANNOTATION, json_string(profile->path));
	json_object_foreach(sets, key, set) {
		*granted |= narrow(set, profile->capabilities);
	}
	return make_root_absolute(config, bundle, err);
}

static int write_bundle(const char *bundle, const struct engine_profile *profile, uint64_t *granted,
			struct error *err)
{
	char path[PATH_MAX];
	autofree char *text = NULL, *changed = NULL;
	json_t *config = NULL;
	size_t size;
	int ret;

	if (snprintf(path, sizeof(path), "%s/config.json", bundle) >= (int)sizeof(path))
		return error_set(err, EXIT_USAGE, "the bundle's path is too long");
	if (file_read(path, CONFIG_MAX, &text, &size, err) ||
	    json_read(path, text, size, &config, err))
		return -1;
	ret = put_profile(config, profile, bundle, granted, err);
	changed = ret ? NULL : json_write(config);
	json_decref(config);
	if (ret || !changed)
		return ret ? ret : no_memory(err);
	snprintf(path, sizeof(path), "%.4000s/config.json", profile->folder);
	return file_write(path, changed, strlen(changed), err);
}

static int runtime_command(const struct engine *engine, char *const *argv,
			   const struct engine_profile *profile, struct engine_command *command,
			   struct error *err)
{
	if (!engine->id)
		return error_set(err, EXIT_USAGE, "the command has no container id at its end");
	command->granted = 0;
	if (write_bundle(engine->bundle, profile, &command->granted, err) ||
	    add(command, err, "vkernel-runtime"))
		return -1;
	for (int i = 1; argv[i]; i++) {
		const char *bundle = i > engine->run ? bundle_of(&argv[i]) : NULL;

		if (bundle) {
			i += bundle == argv[i + 1];
			continue;
		}
		if (add(command, err, "%s", argv[i]))
			return -1;
		if (i == engine->run &&
		    (add(command, err, "--bundle") || add(command, err, "%s", profile->folder)))
			return -1;
	}
	return 0;
}

static int add_capabilities(struct engine_command *command, uint64_t capabilities,
			    struct error *err)
{
	if (add(command, err, "--cap-drop=ALL"))
		return -1;
	for (unsigned int i = 0; i < 64; i++)
		if (capabilities >> i & 1 && capability_name(i) &&
		    add(command, err, "--cap-add=%s", capability_name(i) + strlen("CAP_")))
			return -1;
	return 0;
}

static int engine_command(const struct engine *engine, char *const *argv,
			  const struct engine_profile *profile, struct engine_command *command,
			  struct error *err)
{
	for (int i = 0; argv[i]; i++) {
		if (add(command, err, "%s", argv[i]))
			return -1;
		if (i != engine->run)
			continue;
		if (add(command, err, "--annotation=%s=%s", ANNOTATION, profile->path) ||
		    add_capabilities(command, profile->capabilities, err))
			return -1;
		if (engine->kind == ENGINE_DOCKER && add(command, err, "--runtime=vkernel-runtime"))
			return -1;
	}
	return 0;
}

/* podman takes the runtime before its command. */
static int put_podman_runtime(struct engine_command *command, struct error *err)
{
	if (add(command, err, "--runtime=vkernel-runtime"))
		return -1;
	for (size_t i = command->count - 1; i > 1; i--) {
		char *moved = command->argv[i];

		command->argv[i] = command->argv[i - 1];
		command->argv[i - 1] = moved;
	}
	return 0;
}

int engine_under_profile(const struct engine *engine, char *const *argv,
			 const struct engine_profile *profile, struct engine_command *command,
			 struct error *err)
{
	int ret;

	*command = (struct engine_command){.granted = UINT64_MAX};
	if (engine->kind == ENGINE_NONE)
		return error_set(err, EXIT_USAGE,
				 "how %s is run under a profile is not known: --verify takes crun, "
				 "runc, vkernel-runtime, docker and podman with \"run\"",
				 argv[0]);
	ret = engine->kind == ENGINE_RUNTIME ? runtime_command(engine, argv, profile, command, err)
					     : engine_command(engine, argv, profile, command, err);
	if (!ret && engine->kind == ENGINE_PODMAN)
		ret = put_podman_runtime(command, err);
	if (ret)
		engine_command_free(command);
	return ret;
}
