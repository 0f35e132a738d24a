// SPDX-License-Identifier: GPL-2.0
#include "scenarios/tries.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const outcome_names[] = {
	[OUTCOME_REFUSED] = "refused", [OUTCOME_MISSING] = "missing", [OUTCOME_REACHED] = "reached",
	[OUTCOME_PRIVATE] = "private", [OUTCOME_WORKS] = "works",     [OUTCOME_FAILS] = "fails",
	[OUTCOME_BROKEN] = "broken",
};

#define OUTCOMES (int)(sizeof(outcome_names) / sizeof(*outcome_names))

static void *must(void *memory)
{
	if (memory)
		return memory;
	fputs("out of memory\n", stderr);
	exit(EXIT_ENVIRONMENT);
}

void tries_add(struct tries *tries, const char *name, enum outcome outcome, const char *detail, ...)
{
	va_list arguments;
	struct try *added;
	char text[512];

	va_start(arguments, detail);
	vsnprintf(text, sizeof(text), detail, arguments);
	va_end(arguments);
	tries->list = must(realloc(tries->list, (tries->count + 1) * sizeof(*tries->list)));
	added = &tries->list[tries->count++];
	*added = (struct try){
		.name = must(strdup(name)), .outcome = outcome, .detail = must(strdup(text))};
}

void tries_set_text(struct tries *tries, const char *text)
{
	struct try *last = &tries->list[tries->count - 1];

	free(last->text);
	last->text = must(strdup(text));
}

void tries_correct(struct try *one, enum outcome outcome, const char *detail)
{
	free(one->detail);
	one->detail = must(strdup(detail));
	one->outcome = outcome;
}

const char *errno_name(int number)
{
	const char *name = number ? strerrorname_np(number) : "success";

	return name ? name : "unknown errno";
}

void tries_add_errno(struct tries *tries, const char *name, int number, int also)
{
	enum outcome outcome = OUTCOME_REACHED;

	if (number == EPERM || (also && number == also))
		outcome = OUTCOME_REFUSED;
	else if (number == ENOSYS)
		outcome = OUTCOME_MISSING;
	tries_add(tries, name, outcome, "%s", errno_name(number));
}

void tries_add_must(struct tries *tries, const char *name, int number)
{
	tries_add(tries, name, number ? OUTCOME_FAILS : OUTCOME_WORKS, "%s", errno_name(number));
}

const struct try *tries_find(const struct tries *tries, const char *name)
{
	for (size_t i = 0; i < tries->count; i++)
		if (!strcmp(tries->list[i].name, name))
			return &tries->list[i];
	return NULL;
}

static json_t *try_object(const struct try *one)
{
	json_t *object = json_pack("{s:s, s:s, s:s}", "try", one->name, "outcome",
				   outcome_names[one->outcome], "detail", one->detail);

	if (one->text)
		json_object_set_new(object, "text", json_string(one->text));
	return object;
}

char *tries_dump(const struct tries *tries)
{
	json_t *array = json_array();
	char *text;

	for (size_t i = 0; i < tries->count; i++)
		json_array_append_new(array, try_object(&tries->list[i]));
	text = must(json_dumps(array, JSON_COMPACT));
	json_decref(array);
	return text;
}

static int outcome_find(const char *name)
{
	for (int i = 0; i < OUTCOMES; i++)
		if (!strcmp(outcome_names[i], name))
			return i;
	return -1;
}

static int parse_one(json_t *object, struct tries *tries)
{
	const char *name, *outcome, *detail, *text = NULL;
	int found;

	if (json_unpack(object, "{s:s, s:s, s:s, s?:s}", "try", &name, "outcome", &outcome,
			"detail", &detail, "text", &text))
		return -1;
	found = outcome_find(outcome);
	if (found < 0)
		return -1;
	tries_add(tries, name, found, "%s", detail);
	if (text)
		tries_set_text(tries, text);
	return 0;
}

int tries_parse(const char *text, struct tries *tries, struct error *err)
{
	json_error_t fault;
	json_t *array = json_loads(text, 0, &fault);
	json_t *object;
	size_t i;

	*tries = (struct tries){0};
	if (!json_is_array(array)) {
		json_decref(array);
		return error_set(err, EXIT_ENVIRONMENT,
				 "the probe's report is no JSON list; it reads: \"%.200s\"", text);
	}
	json_array_foreach(array, i, object) {
		if (!parse_one(object, tries))
			continue;
		tries_free(tries);
		json_decref(array);
		return error_set(err, EXIT_ENVIRONMENT, "entry %zu of the probe's report is no try",
				 i);
	}
	json_decref(array);
	return 0;
}

void tries_free(struct tries *tries)
{
	for (size_t i = 0; i < tries->count; i++) {
		free(tries->list[i].name);
		free(tries->list[i].detail);
		free(tries->list[i].text);
	}
	free(tries->list);
	*tries = (struct tries){0};
}
