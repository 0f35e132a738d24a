// SPDX-License-Identifier: GPL-2.0
/* Reading sources and telling them apart. */
#include "builder/source.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/yaml_profile.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "runtime/image.h"

static const struct {
	const char *ending;
	enum source_kind kind;
} endings[] = {
	{.ending = ".yaml", .kind = SOURCE_YAML},
	{.ending = ".yml", .kind = SOURCE_YAML},
	{.ending = ".json", .kind = SOURCE_SECCOMP},
	{.ending = ".apparmor", .kind = SOURCE_APPARMOR},
};

static const char *const kinds[] = {
	[SOURCE_UNKNOWN] = "a profile",
	[SOURCE_SECCOMP] = "a seccomp profile",
	[SOURCE_APPARMOR] = "an AppArmor profile",
	[SOURCE_YAML] = "a vKernel profile in YAML",
	[SOURCE_BLOB] = "a policy blob",
	[SOURCE_MODULE] = "an instance module",
};

const char *source_kind_words(enum source_kind kind)
{
	return kinds[kind];
}

static bool begins(const char *bytes, size_t size, const char *with)
{
	return size >= strlen(with) && !memcmp(bytes, with, strlen(with));
}

static enum source_kind kind_by_name(const char *name)
{
	const size_t length = strlen(name);

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		const size_t size = strlen(endings[i].ending);

		if (length > size && !strcasecmp(name + length - size, endings[i].ending))
			return endings[i].kind;
	}
	return SOURCE_UNKNOWN;
}

/* Whether a line begins with this, as keys of a YAML profile do. */
static bool has_line(const char *text, const char *with)
{
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (begins(line, strlen(line), with))
			return true;
	}
	return false;
}

static enum source_kind kind_by_text(const char *text)
{
	const char *first = text + strspn(text, " \t\r\n");

	if (*first == '{')
		return SOURCE_SECCOMP;
	if (has_line(text, "schema:"))
		return SOURCE_YAML;
	return strchr(text, '{') && strchr(text, '}') ? SOURCE_APPARMOR : SOURCE_UNKNOWN;
}

/* What is not text shows by its first bytes, whatever its name; text may have a name that tells. */
static enum source_kind detect(const struct source *source)
{
	enum source_kind kind;

	if (begins(source->bytes, source->size, POLICY_MAGIC))
		return SOURCE_BLOB;
	if (image_is_module(source->bytes, source->size))
		return SOURCE_MODULE;
	kind = kind_by_name(source->name);
	return kind ? kind : kind_by_text(source->bytes);
}

static bool is_blank(const struct source *source)
{
	return source->bytes[strspn(source->bytes, " \t\r\n")] == '\0' &&
	       strlen(source->bytes) == source->size;
}

static int check_kind(struct source *source, enum source_kind wanted, struct error *err)
{
	const enum source_kind found = detect(source);

	if (found < SOURCE_BLOB && source->size > SOURCE_TEXT_MAX)
		return error_set(err, EXIT_USAGE,
				 "%s is larger than %u bytes, the most that is read", source->name,
				 SOURCE_TEXT_MAX);
	if (is_blank(source))
		return error_set(err, EXIT_USAGE, "%s is empty; it must hold %s", source->name,
				 kinds[wanted ? wanted : SOURCE_UNKNOWN]);
	if (found >= SOURCE_BLOB && wanted && wanted != found)
		return error_set(err, EXIT_USAGE, "%s is %s; it must be %s", source->name,
				 kinds[found], kinds[wanted]);
	source->kind = wanted ? wanted : found;
	if (!source->kind)
		return error_set(
			err, EXIT_USAGE,
			"cannot tell what %s is: a seccomp profile begins with '{', a vKernel "
			"profile has a line \"schema: 1\", an AppArmor profile braces; the "
			"endings .json, .yaml and .apparmor say it too",
			source->name);
	return 0;
}

static struct source *last(struct sources *sources)
{
	return &sources->list[sources->count - 1];
}

static struct source *add_source(struct sources *sources, const char *name, struct error *err)
{
	struct source *grown =
		reallocarray(sources->list, sources->count + 1, sizeof(*sources->list));

	if (grown) {
		sources->list = grown;
		grown[sources->count] = (struct source){.name = strdup(name)};
	}
	if (!grown || !grown[sources->count].name) {
		error_set(err, EXIT_ENVIRONMENT, "no memory for %s", name);
		return NULL;
	}
	return &grown[sources->count++];
}

static int check_input(const struct sources *sources, struct error *err)
{
	for (size_t i = 0; i < sources->count; i++)
		if (!strcmp(sources->list[i].name, "standard input"))
			return error_set(err, EXIT_USAGE,
					 "standard input holds one profile, not two");
	return 0;
}

static int read_file(struct source *source, int fd, enum source_kind kind, struct error *err)
{
	const bool text = kind && kind < SOURCE_BLOB;
	struct stat status;

	if (fstat(fd, &status))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot stat %s",
				       source->name);
	source->roots_alone = !status.st_uid && !(status.st_mode & (S_IWGRP | S_IWOTH));
	return file_read_open(fd, source->name, text ? SOURCE_TEXT_MAX : SOURCE_MAX, &source->bytes,
			      &source->size, err);
}

static int take_blob(struct source *source, struct error *err)
{
	void *blob;

	if (source->kind == SOURCE_MODULE) {
		if (image_policy(source->bytes, source->size, &blob, &source->blob_size, err))
			return error_context(err, "%s", source->name);
		source->blob = blob;
	} else if (source->kind == SOURCE_BLOB) {
		source->blob = source->bytes;
		source->blob_size = source->size;
	}
	return 0;
}

/* A file that the YAML profile at `by` names, relative to that one's folder. */
static int read_named(struct sources *sources, size_t by, const char *key, const char *file,
		      enum source_kind kind, struct error *err)
{
	const struct source *yaml = &sources->list[by];
	autofree char *copy = strdup(yaml->name);
	char path[PATH_MAX];

	if (!copy)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if ((size_t)snprintf(path, sizeof(path), "%s%s%s", *file == '/' ? "" : dirname(copy),
			     *file == '/' ? "" : "/", file) >= sizeof(path))
		return yaml_refuse(yaml->yaml->places, key, err, "the path is too long");
	if (!strncmp(path, "./", 2) && *file != '/')
		memmove(path, path + 2, strlen(path + 2) + 1);
	if (sources_read_as(sources, path, kind, err)) {
		struct yaml_position at = {0};

		yaml = &sources->list[by];
		yaml_find(yaml->yaml->places, key, &at);
		return error_context(err, "%s:%zu:%zu: %s", yaml->name, at.line, at.column, key);
	}
	last(sources)->named_by = by + 1;
	return 0;
}

static int take_yaml(struct sources *sources, struct error *err)
{
	const size_t by = sources->count - 1;
	struct source *source = last(sources);
	const struct yaml_text text = {
		.file = source->name, .text = source->bytes, .size = source->size};
	const struct yaml_keys *keys;

	source->yaml = yaml_profile_read(&text, err);
	if (!source->yaml)
		return -1;
	keys = source->yaml->keys;
	if (keys->seccomp && read_named(sources, by, "seccomp", keys->seccomp, SOURCE_SECCOMP, err))
		return -1;
	if (keys->apparmor &&
	    read_named(sources, by, "apparmor", keys->apparmor, SOURCE_APPARMOR, err))
		return -1;
	return 0;
}

static int take(struct sources *sources, enum source_kind kind, struct error *err)
{
	if (check_kind(last(sources), kind, err) || take_blob(last(sources), err))
		return -1;
	return last(sources)->kind == SOURCE_YAML ? take_yaml(sources, err) : 0;
}

int sources_read_as(struct sources *sources, const char *path, enum source_kind kind,
		    struct error *err)
{
	const bool input = !strcmp(path, "-");
	autoclose int fd = -1;

	if (input && check_input(sources, err))
		return -1;
	/* Not /dev/stdin: what another user opened may be read, but not opened again. */
	fd = input ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return error_set_errno(err, EXIT_USAGE, errno, "cannot open %s",
				       input ? "standard input" : path);
	if (!add_source(sources, input ? "standard input" : path, err) ||
	    read_file(last(sources), fd, kind, err))
		return -1;
	return take(sources, kind, err);
}

int sources_read(struct sources *sources, const char *path, struct error *err)
{
	return sources_read_as(sources, path, SOURCE_UNKNOWN, err);
}

int sources_read_bytes(struct sources *sources, const char *name, const void *bytes, size_t size,
		       enum source_kind kind, struct error *err)
{
	struct source *source = add_source(sources, name, err);

	if (!source)
		return -1;
	source->bytes = malloc(size + 1);
	if (!source->bytes)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for %s", name);
	memcpy(source->bytes, bytes, size);
	source->bytes[size] = '\0';
	source->size = size;
	return take(sources, kind, err);
}

void sources_free(struct sources *sources)
{
	for (size_t i = 0; i < sources->count; i++) {
		struct source *source = &sources->list[i];

		if (source->blob != source->bytes)
			free(source->blob);
		free(source->bytes);
		free(source->name);
		yaml_profile_free(source->yaml);
	}
	free(sources->list);
	*sources = (struct sources){0};
}

const struct source *sources_prepared(const struct sources *sources)
{
	return sources->count == 1 && sources->list[0].blob ? &sources->list[0] : NULL;
}
