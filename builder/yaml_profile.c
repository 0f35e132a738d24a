// SPDX-License-Identifier: GPL-2.0
#include "builder/yaml_profile.h"

#include <stdlib.h>
#include <string.h>

#define SCHEMA_VERSION 1

/* Numbers of elements that nobody writes by hand; the text's size is limited besides. */
#define ELEMENTS_MAX 65536
#define STRING_MAX   8192

#define ENTRIES(type) CYAML_VALUE_STRING(CYAML_FLAG_POINTER, type, 0, STRING_MAX)
#define OPTIONAL_TEXT(key, type, member)                                                       \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 0, \
			       STRING_MAX)
#define OPTIONAL_LIST(key, type, member, entry)                                                  \
	CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, entry, \
			     0, ELEMENTS_MAX)
#define OPTIONAL_WORD(key, type, member, words)                                                 \
	CYAML_FIELD_ENUM_PTR(key, CYAML_FLAG_STRICT | CYAML_FLAG_OPTIONAL, type, member, words, \
			     CYAML_ARRAY_LEN(words))
#define OPTIONAL_NUMBER(key, type, member) \
	CYAML_FIELD_UINT_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member)

static const cyaml_strval_t log_modes[] = {
	{"private", POLICY_LOG_PRIVATE},
	{"deny", POLICY_LOG_DENY},
	{"host", POLICY_LOG_HOST},
};

static const cyaml_strval_t reactions[] = {
	{"report", POLICY_EXCESS_REPORT},
	{"kill", POLICY_EXCESS_KILL},
};

static const cyaml_strval_t readings[] = {
	{"as-clone", CLONE3_AS_CLONE},
	{"as-written", CLONE3_AS_WRITTEN},
};

static const cyaml_schema_value_t text_entry = {
	ENTRIES(char),
};

static const cyaml_schema_field_t log_fields[] = {
	CYAML_FIELD_ENUM("mode", CYAML_FLAG_STRICT, struct yaml_log, mode, log_modes,
			 CYAML_ARRAY_LEN(log_modes)),
	OPTIONAL_TEXT("size", struct yaml_log, size),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t argument_fields[] = {
	OPTIONAL_NUMBER("index", struct yaml_argument, index),
	OPTIONAL_TEXT("field", struct yaml_argument, field),
	OPTIONAL_NUMBER("value", struct yaml_argument, value),
	OPTIONAL_NUMBER("valueTwo", struct yaml_argument, value_two),
	CYAML_FIELD_STRING_PTR("op", CYAML_FLAG_POINTER, struct yaml_argument, op, 0, STRING_MAX),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t argument_entry = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_argument, argument_fields),
};

static const cyaml_schema_field_t call_fields[] = {
	CYAML_FIELD_SEQUENCE("names", CYAML_FLAG_POINTER, struct yaml_call, names, &text_entry, 1,
			     ELEMENTS_MAX),
	CYAML_FIELD_STRING_PTR("action", CYAML_FLAG_POINTER, struct yaml_call, action, 0,
			       STRING_MAX),
	OPTIONAL_TEXT("errno", struct yaml_call, errno_),
	OPTIONAL_TEXT("call", struct yaml_call, call),
	OPTIONAL_LIST("args", struct yaml_call, args, &argument_entry),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t call_entry = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_call, call_fields),
};

/* What a profile will be able to say: in the schema, so that libcyaml lets it pass to its refusal. */
static const char *const planned[] = {"futex", "scheduling", "memory", "parameters"};

static const cyaml_schema_field_t fields[] = {
	CYAML_FIELD_UINT("schema", CYAML_FLAG_DEFAULT, struct yaml_keys, schema),
	OPTIONAL_TEXT("name", struct yaml_keys, name),
	OPTIONAL_TEXT("seccomp", struct yaml_keys, seccomp),
	OPTIONAL_TEXT("apparmor", struct yaml_keys, apparmor),
	OPTIONAL_TEXT("apparmor-profile", struct yaml_keys, apparmor_profile),
	OPTIONAL_LIST("capabilities", struct yaml_keys, capabilities, &text_entry),
	CYAML_FIELD_MAPPING_PTR("log", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct yaml_keys,
				log, log_fields),
	OPTIONAL_WORD("excess", struct yaml_keys, excess, reactions),
	OPTIONAL_WORD("clone3", struct yaml_keys, clone3, readings),
	OPTIONAL_LIST("files", struct yaml_keys, files, &text_entry),
	OPTIONAL_TEXT("default-action", struct yaml_keys, default_action),
	OPTIONAL_TEXT("default-errno", struct yaml_keys, default_errno),
	OPTIONAL_LIST("architectures", struct yaml_keys, architectures, &text_entry),
	OPTIONAL_LIST("syscalls", struct yaml_keys, syscalls, &call_entry),
	CYAML_FIELD_IGNORE("futex", CYAML_FLAG_OPTIONAL),
	CYAML_FIELD_IGNORE("scheduling", CYAML_FLAG_OPTIONAL),
	CYAML_FIELD_IGNORE("memory", CYAML_FLAG_OPTIONAL),
	CYAML_FIELD_IGNORE("parameters", CYAML_FLAG_OPTIONAL),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct yaml_keys, fields),
};

static int check_planned(const struct yaml_profile *yaml, struct error *err)
{
	struct yaml_position at;

	for (size_t i = 0; i < sizeof(planned) / sizeof(planned[0]); i++)
		if (yaml_find(yaml->places, planned[i], &at))
			return yaml_refuse(yaml->places, planned[i], err,
					   "not built yet: no policy can hold it; leave it out");
	return 0;
}

static int read_capabilities(struct yaml_profile *yaml, struct error *err)
{
	const struct yaml_keys *keys = yaml->keys;
	struct yaml_position at;
	char path[64];

	yaml->states_capabilities = yaml_find(yaml->places, "capabilities", &at);
	yaml->capabilities = yaml->states_capabilities ? CAPABILITIES_NONE : CAPABILITIES_ALL;
	for (unsigned int i = 0; i < keys->capabilities_count; i++) {
		const char *name = keys->capabilities[i];

		snprintf(path, sizeof(path), "capabilities[%u]", i);
		if (strchr(name, ',') || capability_list(name, &yaml->capabilities, err))
			return yaml_refuse(yaml->places, path, err,
					   "\"%.64s\" is no capability; names are as in "
					   "capabilities(7), or all, none, default",
					   name);
	}
	return 0;
}

static int read_log(struct yaml_profile *yaml, struct error *err)
{
	const struct yaml_log *log = yaml->keys->log;
	enum policy_log_mode mode;
	char text[STRING_MAX + 16];

	if (!log || !log->size)
		return 0;
	if (log->mode != POLICY_LOG_PRIVATE)
		return yaml_refuse(yaml->places, "log.size", err, "only a private log has a size");
	snprintf(text, sizeof(text), "private:%s", log->size);
	if (!log_mode_parse(text, &mode, &yaml->log_size, err))
		return 0;
	snprintf(text, sizeof(text), "%s", err->text);
	return yaml_refuse(yaml->places, "log.size", err, "%.512s", text);
}

static int refuse_alone(const struct yaml_profile *yaml, const char *key, const char *beside,
			struct error *err)
{
	return yaml_refuse(yaml->places, key, err, "says nothing without \"%s\"", beside);
}

/* Without a default action the calls are refusals beside what others say: allowing adds nothing. */
static int check_calls(const struct yaml_profile *yaml, struct error *err)
{
	const struct yaml_keys *keys = yaml->keys;
	char path[64];

	if (keys->default_errno && !keys->default_action)
		return refuse_alone(yaml, "default-errno", "default-action", err);
	if (keys->architectures && !keys->default_action)
		return refuse_alone(yaml, "architectures", "default-action", err);
	for (unsigned int i = 0; !keys->default_action && i < keys->syscalls_count; i++) {
		if (strcmp(keys->syscalls[i].action, "SCMP_ACT_ALLOW"))
			continue;
		snprintf(path, sizeof(path), "syscalls[%u].action", i);
		return yaml_refuse(yaml->places, path, err,
				   "allowing adds nothing, because without \"default-action\" all "
				   "that no entry names is allowed, and of several sources the "
				   "strictest counts");
	}
	return 0;
}

static int check_keys(struct yaml_profile *yaml, struct error *err)
{
	const struct yaml_keys *keys = yaml->keys;

	if (keys->schema != SCHEMA_VERSION)
		return yaml_refuse(yaml->places, "schema", err,
				   "%u is not known; this program reads schema %d", keys->schema,
				   SCHEMA_VERSION);
	if (keys->apparmor_profile && !keys->apparmor)
		return refuse_alone(yaml, "apparmor-profile", "apparmor", err);
	if (check_planned(yaml, err) || read_capabilities(yaml, err) || read_log(yaml, err))
		return -1;
	return check_calls(yaml, err);
}

static int check_name(const struct yaml_profile *yaml, struct error *err)
{
	struct profile *profile;
	struct error reason;
	int ret = 0;

	if (!yaml->keys->name)
		return 0;
	profile = profile_new();
	if (!profile)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a profile");
	if (profile_set_name(profile, yaml->keys->name, &reason))
		ret = yaml_refuse(yaml->places, "name", err, "%.512s", reason.text);
	profile_free(profile);
	return ret;
}

struct yaml_profile *yaml_profile_read(const struct yaml_text *text, struct error *err)
{
	struct yaml_profile *yaml = calloc(1, sizeof(*yaml));
	void *keys;

	if (!yaml) {
		error_set(err, EXIT_ENVIRONMENT, "no memory for a profile");
		return NULL;
	}
	if (yaml_read(text, &schema, &keys, &yaml->places, err)) {
		free(yaml);
		return NULL;
	}
	yaml->keys = keys;
	if (!check_keys(yaml, err) && !check_name(yaml, err))
		return yaml;
	yaml_profile_free(yaml);
	return NULL;
}

void yaml_profile_free(struct yaml_profile *yaml)
{
	if (!yaml)
		return;
	yaml_release(&schema, yaml->keys, yaml->places);
	free(yaml);
}

bool yaml_profile_has_calls(const struct yaml_profile *yaml)
{
	return yaml->keys->syscalls_count || yaml->keys->default_action;
}

bool yaml_profile_decides_calls(const struct yaml_profile *yaml)
{
	return yaml->keys->default_action;
}

int yaml_profile_add_files(const struct yaml_profile *yaml, struct profile *profile,
			   struct error *err)
{
	const struct yaml_keys *keys = yaml->keys;
	struct file_text *rules = calloc(keys->files_count + 1, sizeof(*rules));
	int ret = -1;

	if (!rules)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for file rules");
	for (unsigned int i = 0; i < keys->files_count; i++) {
		struct yaml_position at = {0};
		char path[64];

		snprintf(path, sizeof(path), "files[%u]", i);
		yaml_find_text(yaml->places, path, &at);
		rules[i] = (struct file_text){
			.text = keys->files[i], .line = at.line, .column = at.column};
	}
	ret = profile_add_file_rules(profile, yaml_file(yaml->places), rules, keys->files_count,
				     err);
	free(rules);
	return ret;
}
