// SPDX-License-Identifier: GPL-2.0
#include "harness/report/isolation.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/isolation-report.h"
#include "harness/jsonfile.h"
#include "lib/cleanup.h"
#include "lib/file.h"

#define FILE_MAX ((size_t)64 << 20)

static const struct {
	const char *name, *meaning;
} words[ISOLATION_VERDICTS] = {
	[ISOLATION_BLOCKED] = {"BLOCKED", "nothing was reached, and all that has to work does"},
	[ISOLATION_VIRTUAL] = {"VIRTUAL", "it worked, on state that is the container's own"},
	[ISOLATION_LEAKED] = {"LEAKED", "something was reached that is the host's or another's"},
	[ISOLATION_UNREACHED] = {"UNREACHED", "this kernel does not have what is attacked"},
	[ISOLATION_BROKEN] = {"BROKEN",
			      "no verdict: the control failed, or what has to work did not"},
};

const char *isolation_name(enum isolation_verdict verdict)
{
	return words[verdict].name;
}

const char *isolation_meaning(enum isolation_verdict verdict)
{
	return words[verdict].meaning;
}

const char *isolation_word(const json_t *verdict)
{
	return json_string_value(json_object_get(verdict, "verdict"));
}

enum isolation_verdict isolation_kind(const json_t *verdict)
{
	const char *word = isolation_word(verdict);

	for (unsigned int i = 0; i < ISOLATION_VERDICTS; i++)
		if (!strcmp(word, words[i].name))
			return i;
	return ISOLATION_VERDICTS;
}

static void add_name(json_t *names, const char *name)
{
	json_t *each;
	size_t i;

	json_array_foreach(names, i, each)
		if (!strcmp(json_string_value(each), name))
			return;
	json_array_append_new(names, json_string(name));
}

static int add_verdict(struct isolation *isolation, const json_t *verdicts, size_t before,
		       struct error *err)
{
	const json_t *verdict = json_array_get(verdicts, before);
	const char *scenario, *configuration, *word, *expected;

	if (json_unpack((json_t *)verdict, "{s:s, s:s, s:s, s:s}", "scenario", &scenario,
			"configuration", &configuration, "verdict", &word, "expected", &expected))
		return error_set(err, EXIT_USAGE,
				 "a verdict lacks its scenario, configuration, verdict or "
				 "expectation");
	if (isolation_kind(verdict) == ISOLATION_VERDICTS)
		return error_set(err, EXIT_USAGE, "there is no verdict \"%s\"", word);
	for (size_t i = 0; i < before; i++)
		if (json_same_text(json_array_get(verdicts, i), verdict, "scenario") &&
		    json_same_text(json_array_get(verdicts, i), verdict, "configuration"))
			return error_set(err, EXIT_USAGE, "two verdicts of %s in %s", scenario,
					 configuration);
	add_name(isolation->scenarios, scenario);
	add_name(isolation->configurations, configuration);
	isolation->unexpected += !isolation_as_expected(verdict);
	return 0;
}

static int parse(struct isolation *isolation, struct error *err)
{
	const json_t *verdicts = json_object_get(isolation->document, "verdicts");
	json_int_t schema = json_integer_value(json_object_get(isolation->document, "schema"));
	json_t *each;
	size_t i;

	if (schema != ISOLATION_SCHEMA)
		return error_set(err, EXIT_USAGE,
				 "its schema is not %d; use the vkbench that wrote it",
				 ISOLATION_SCHEMA);
	if (!json_is_array(verdicts))
		return error_set(err, EXIT_USAGE, "it has no list of verdicts");
	json_array_foreach(verdicts, i, each)
		if (add_verdict(isolation, verdicts, i, err))
			return -1;
	isolation->untried =
		json_array_size(isolation->scenarios) * json_array_size(isolation->configurations) -
		json_array_size(verdicts);
	return 0;
}

static json_t *read_document(const char *path, struct error *err)
{
	autofree char *text = NULL;
	json_error_t fault;
	json_t *document;
	size_t size;

	if (file_read(path, FILE_MAX, &text, &size, err))
		return NULL;
	document = json_loadb(text, size, JSON_REJECT_DUPLICATES, &fault);
	if (!document)
		error_set(err, EXIT_USAGE, "%s:%d:%d: %s", path, fault.line, fault.column,
			  fault.text);
	return document;
}

int isolation_load(const char *folder, struct isolation *isolation, struct error *err)
{
	autofree char *path = NULL;

	*isolation = (struct isolation){0};
	if (asprintf(&path, "%s/" ISOLATION_FILE, folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (access(path, F_OK))
		return 0;
	isolation->document = read_document(path, err);
	if (!isolation->document)
		return -1;
	isolation->scenarios = json_array();
	isolation->configurations = json_array();
	if (!parse(isolation, err))
		return 0;
	isolation_release(isolation);
	return error_context(err, "%s", path);
}

void isolation_release(struct isolation *isolation)
{
	json_decref(isolation->document);
	json_decref(isolation->scenarios);
	json_decref(isolation->configurations);
	*isolation = (struct isolation){0};
}

bool isolation_has(const struct isolation *isolation, const char *configuration)
{
	json_t *each;
	size_t i;

	json_array_foreach(isolation->configurations, i, each)
		if (!strcmp(json_string_value(each), configuration))
			return true;
	return false;
}

const json_t *isolation_find(const struct isolation *isolation, const char *scenario,
			     const char *configuration)
{
	json_t *each;
	size_t i;

	json_array_foreach(json_object_get(isolation->document, "verdicts"), i, each)
		if (!strcmp(json_string_value(json_object_get(each, "scenario")), scenario) &&
		    !strcmp(json_string_value(json_object_get(each, "configuration")),
			    configuration))
			return each;
	return NULL;
}

char *isolation_leaks(const struct isolation *isolation, const char *configuration)
{
	char *names = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&names, &size);
	json_t *each;
	size_t i;

	if (!out)
		return NULL;
	json_array_foreach(isolation->scenarios, i, each) {
		const json_t *verdict =
			isolation_find(isolation, json_string_value(each), configuration);

		if (verdict && isolation_kind(verdict) == ISOLATION_LEAKED)
			fprintf(out, "%s%s", ftell(out) ? ", " : "", json_string_value(each));
	}
	if (fclose(out) || !*names) {
		free(names);
		return NULL;
	}
	return names;
}

struct isolation_count isolation_count(const struct isolation *isolation, const char *configuration)
{
	struct isolation_count count = {0};
	json_t *each;
	size_t i;

	json_array_foreach(isolation->scenarios, i, each) {
		const json_t *verdict =
			isolation_find(isolation, json_string_value(each), configuration);

		if (!verdict)
			continue;
		count.verdicts[isolation_kind(verdict)]++;
		count.unexpected += !isolation_as_expected(verdict);
		count.tried++;
	}
	return count;
}
