// SPDX-License-Identifier: GPL-2.0
#include "runtime/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/builder.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "lib/yaml.h"

#define SCHEMA_VERSION 1
#define STRING_MAX     4096

/* As it stands in the file; NULL: the key is not there. */
struct keys {
	uint32_t schema;
	char *profile, *runtime, *log;
	int *excess, *masked_paths;
	bool *keep_seccomp;
};

static const cyaml_strval_t excess_words[] = {{"report", 0}, {"kill", 1}};
static const cyaml_strval_t masked_words[] = {{"keep", 0}, {"replace", 1}};

#define TEXT(key, member)                                                                          \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct keys, member, \
			       1, STRING_MAX)
#define WORD(key, member, words)                                                                \
	CYAML_FIELD_ENUM_PTR(key, CYAML_FLAG_STRICT | CYAML_FLAG_OPTIONAL, struct keys, member, \
			     words, CYAML_ARRAY_LEN(words))

static const cyaml_schema_field_t fields[] = {
	CYAML_FIELD_UINT("schema", CYAML_FLAG_DEFAULT, struct keys, schema),
	TEXT("profile", profile),
	TEXT("runtime", runtime),
	CYAML_FIELD_BOOL_PTR("keep-seccomp", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct keys,
			     keep_seccomp),
	TEXT("log", log),
	WORD("excess", excess, excess_words),
	WORD("masked-paths", masked_paths, masked_words),
	CYAML_FIELD_END};

static const cyaml_schema_value_t schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct keys, fields)};

/* What stands in it is done as root. */
static int check_writers(int fd, const char *path, struct error *err)
{
	struct stat status;

	if (fstat(fd, &status))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot stat %s", path);
	if (status.st_mode & (S_IWGRP | S_IWOTH) || (status.st_uid && status.st_uid != geteuid()))
		return error_set(err, EXIT_USAGE,
				 "%s may be written by others than root; make it root's, with mode "
				 "0644",
				 path);
	return 0;
}

static int check_keys(const struct keys *keys, const struct yaml_places *places, struct error *err)
{
	enum policy_log_mode mode;
	struct error reason;
	__u32 size = 0;

	if (keys->schema != SCHEMA_VERSION)
		return yaml_refuse(places, "schema", err, "is %u; this program knows %d",
				   keys->schema, SCHEMA_VERSION);
	if (keys->profile && *keys->profile != '/')
		return yaml_refuse(places, "profile", err, "\"%s\" is no absolute path",
				   keys->profile);
	if (keys->log && log_mode_parse(keys->log, &mode, &size, &reason))
		return yaml_refuse(places, "log", err, "%s", reason.text);
	return 0;
}

static void take(const struct keys *keys, struct settings *settings)
{
	settings->profile = keys->profile;
	settings->runtime = keys->runtime;
	settings->log = keys->log;
	settings->keep_seccomp = keys->keep_seccomp && *keys->keep_seccomp;
	settings->excess = keys->excess ? (char *)excess_words[*keys->excess].str : NULL;
	settings->masked_paths =
		keys->masked_paths ? (char *)masked_words[*keys->masked_paths].str : NULL;
}

static int read_text(const struct yaml_text *text, struct settings *settings, struct error *err)
{
	struct yaml_places *places = NULL;
	void *data = NULL;
	int ret;

	if (yaml_read(text, &schema, &data, &places, err))
		return -1;
	ret = check_keys(data, places, err);
	yaml_release(&schema, NULL, places);
	if (ret) {
		yaml_release(&schema, data, NULL);
		return -1;
	}
	settings->data = data;
	take(data, settings);
	return 0;
}

int settings_read(const char *path, struct settings *settings, struct error *err)
{
	struct yaml_text text = {.file = path ? path : SETTINGS_FILE};
	autoclose int fd = open(text.file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	autofree char *bytes = NULL;

	*settings = (struct settings){.data = NULL};
	if (fd < 0 && !path && errno == ENOENT)
		return 0;
	if (fd < 0)
		return error_set_errno(err, EXIT_USAGE, errno, "cannot open the configuration %s",
				       text.file);
	if (check_writers(fd, text.file, err) ||
	    file_read_open(fd, text.file, YAML_SIZE_MAX, &bytes, &text.size, err))
		return -1;
	text.text = bytes;
	return read_text(&text, settings, err);
}

void settings_free(struct settings *settings)
{
	yaml_release(&schema, settings->data, NULL);
	*settings = (struct settings){.data = NULL};
}
