// SPDX-License-Identifier: GPL-2.0
/* What a bundle's annotations, and the settings where it has none, ask for. */
#include <linux/capability.h>
#include <string.h>

#include "runtime/derive.h"

#define ANNOTATIONS "io.vkernel." /* what all of ours begin with */

static const json_t *annotations(const struct policy_request *request)
{
	return json_object_get(request->root, "annotations");
}

const char *wishes_annotation(const struct policy_request *request, const char *name)
{
	return json_string_value(json_object_get(annotations(request), name));
}

/* A misspelt annotation, passed over, would leave the container without what it asks for. */
static int check_annotation(const char *name, const json_t *value, struct error *err)
{
	static const char *const known[] = {ANNOTATION_PROFILE, ANNOTATION_LOG, ANNOTATION_EXCESS,
					    ANNOTATION_PATHS, ANNOTATION_APPARMOR};
	size_t i = 0;

	while (i < sizeof(known) / sizeof(known[0]) && strcmp(name, known[i]))
		i++;
	if (i == sizeof(known) / sizeof(known[0]))
		return error_set(err, EXIT_USAGE,
				 "annotation %s: there is none of this name; docs/runtime.md lists "
				 "those that there are",
				 name);
	if (!json_is_string(value))
		return error_set(err, EXIT_USAGE, "annotation %s: its value is no string", name);
	return 0;
}

static int check_annotations(const struct policy_request *request, struct error *err)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)annotations(request), name, value)
		if (!strncmp(name, ANNOTATIONS, strlen(ANNOTATIONS)) &&
		    check_annotation(name, value, err))
			return -1;
	return 0;
}

static int add_capabilities(const json_t *names, uint64_t *capabilities, struct error *err)
{
	json_t *name;
	size_t index;

	json_array_foreach(names, index, name) {
		const char *text = json_string_value(name);
		int number = text ? capability_number(text) : -1;

		if (number < 0)
			return error_set(err, EXIT_USAGE,
					 "process.capabilities names an unknown capability: %s",
					 text ? text : "(not a string)");
		*capabilities |= UINT64_C(1) << number;
	}
	return 0;
}

/*
 * What the container starts with: the union of its five sets. A program's file capabilities and
 * setuid bits give it no more than the bounding set, which is one of them.
 */
static int started_with(const json_t *root, uint64_t *capabilities, struct error *err)
{
	static const char *const sets[] = {"bounding", "effective", "permitted", "inheritable",
					   "ambient"};
	const json_t *object = json_object_get(json_object_get(root, "process"), "capabilities");
	size_t i;

	*capabilities = CAPABILITIES_NONE;
	for (i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		if (add_capabilities(json_object_get(object, sets[i]), capabilities, err))
			return -1;
	}
	return 0;
}

/* The text of an annotation, which must be one of two words, else of the settings. */
static int read_word(const struct policy_request *request, const char *name,
		     const char *const words[2], const char *settings, const char **word,
		     struct error *err)
{
	const char *text = wishes_annotation(request, name);

	*word = text ? text : settings;
	if (!text || !strcmp(text, words[0]) || !strcmp(text, words[1]))
		return 0;
	return error_set(err, EXIT_USAGE, "annotation %s: \"%s\" is neither \"%s\" nor \"%s\"",
			 name, text, words[0], words[1]);
}

static int read_paths(struct wishes *wishes, struct error *err)
{
	static const char *const words[2] = {"keep", "replace"};
	const char *word;

	if (read_word(wishes->request, ANNOTATION_PATHS, words,
		      wishes->request->settings->masked_paths, &word, err))
		return -1;
	wishes->replace_paths =
		word ? !strcmp(word, "replace") : wishes->capabilities >> CAP_SYS_ADMIN & 1;
	return 0;
}

static int read_excess(struct wishes *wishes, struct error *err)
{
	static const char *const words[2] = {"report", "kill"};

	wishes->own_excess = wishes_annotation(wishes->request, ANNOTATION_EXCESS);
	return read_word(wishes->request, ANNOTATION_EXCESS, words,
			 wishes->request->settings->excess, &wishes->excess, err);
}

static int read_log(struct wishes *wishes, struct error *err)
{
	const char *text = wishes_annotation(wishes->request, ANNOTATION_LOG);
	enum policy_log_mode mode;
	__u32 size = 0;

	wishes->own_log = text;
	wishes->log = text ? text : wishes->request->settings->log;
	if (wishes->log && log_mode_parse(wishes->log, &mode, &size, err))
		return error_context(err, text ? "annotation " ANNOTATION_LOG : "log");
	return 0;
}

bool wishes_lack_seccomp(const struct wishes *wishes)
{
	return wishes->request->seccomp && !wishes->seccomp;
}

int wishes_read(const struct policy_request *request, struct wishes *wishes, struct error *err)
{
	*wishes = (struct wishes){.request = request};
	wishes->seccomp = json_object_get(json_object_get(request->root, "linux"), "seccomp");
	if (json_is_null(wishes->seccomp))
		wishes->seccomp = NULL;
	wishes->apparmor = wishes_annotation(request, ANNOTATION_APPARMOR);
	if (check_annotations(request, err) ||
	    started_with(request->root, &wishes->capabilities, err) || read_log(wishes, err) ||
	    read_excess(wishes, err))
		return -1;
	return read_paths(wishes, err);
}
