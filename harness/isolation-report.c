// SPDX-License-Identifier: GPL-2.0
#include "harness/isolation-report.h"

#include <string.h>

#define COMMENTS 12 /* lines of evidence below a verdict; isolation.json has all of it */

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "?";
}

bool isolation_as_expected(const json_t *verdict)
{
	const char *expected = text(verdict, "expected");

	return strcmp(expected, "none") && !strcmp(text(verdict, "verdict"), expected);
}

void isolation_print_head(FILE *out, unsigned int tests)
{
	fprintf(out, "KTAP version 1\n1..%u\n", tests);
}

static void print_list(FILE *out, const char *title, const json_t *list)
{
	const json_t *line;
	size_t i;

	json_array_foreach(list, i, line) {
		if (i == COMMENTS) {
			fprintf(out, "#   %s: and %zu more\n", title, json_array_size(list) - i);
			return;
		}
		fprintf(out, "#   %s: %s\n", title, json_string_value(line));
	}
}

static void print_evidence(FILE *out, const json_t *evidence)
{
	static const char *const lists[] = {"log", "failed", "reached", "private", "untold"};
	const char *reason = json_string_value(json_object_get(evidence, "reason"));

	if (reason)
		fprintf(out, "#   reason: %s\n", reason);
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		print_list(out, lists[i], json_object_get(evidence, lists[i]));
}

void isolation_print_verdict(FILE *out, unsigned int number, const json_t *verdict)
{
	bool good = isolation_as_expected(verdict);

	fprintf(out, "%s %u %s in %s: %s", good ? "ok" : "not ok", number,
		text(verdict, "scenario"), text(verdict, "configuration"),
		text(verdict, "verdict"));
	if (!good)
		fprintf(out, ", expected %s", text(verdict, "expected"));
	fputc('\n', out);
	if (!good)
		print_evidence(out, json_object_get(verdict, "evidence"));
}

void isolation_print_check(FILE *out, unsigned int number, const char *name, bool good,
			   const json_t *comments)
{
	fprintf(out, "%s %u %s\n", good ? "ok" : "not ok", number, name);
	if (!good)
		print_list(out, "log", comments);
}

/* The distinct values of key in verdicts, in their order. */
static json_t *distinct(const json_t *verdicts, const char *key)
{
	json_t *names = json_array(), *seen = json_object();
	const json_t *verdict;
	size_t i;

	json_array_foreach(verdicts, i, verdict) {
		const char *name = text(verdict, key);

		if (json_object_get(seen, name))
			continue;
		json_object_set_new(seen, name, json_true());
		json_array_append_new(names, json_string(name));
	}
	json_decref(seen);
	return names;
}

static int widest(const json_t *names)
{
	const json_t *name;
	size_t i, width = 0;

	json_array_foreach(names, i, name)
		if (json_string_length(name) > width)
			width = json_string_length(name);
	return width;
}

static const json_t *find(const json_t *verdicts, const json_t *scenario,
			  const json_t *configuration)
{
	const json_t *verdict;
	size_t i;

	json_array_foreach(verdicts, i, verdict)
		if (json_equal(json_object_get(verdict, "scenario"), scenario) &&
		    json_equal(json_object_get(verdict, "configuration"), configuration))
			return verdict;
	return NULL;
}

static void print_row(FILE *out, const json_t *verdicts, const json_t *scenario,
		      const json_t *configurations, int width)
{
	const json_t *configuration;
	size_t i;

	fprintf(out, "# %-*s", width, json_string_value(scenario));
	json_array_foreach(configurations, i, configuration) {
		const json_t *verdict = find(verdicts, scenario, configuration);

		fprintf(out, "  %-10s%c", verdict ? text(verdict, "verdict") : "-",
			verdict && !isolation_as_expected(verdict) ? '!' : ' ');
	}
	fputc('\n', out);
}

void isolation_print_matrix(FILE *out, const json_t *verdicts)
{
	json_t *scenarios = distinct(verdicts, "scenario");
	json_t *configurations = distinct(verdicts, "configuration");
	int width = widest(scenarios);
	const json_t *name;
	size_t i;

	fprintf(out, "#\n# %-*s", width, "");
	json_array_foreach(configurations, i, name)
		fprintf(out, "  %-11s", json_string_value(name));
	fputc('\n', out);
	json_array_foreach(scenarios, i, name)
		print_row(out, verdicts, name, configurations, width);
	json_decref(scenarios);
	json_decref(configurations);
}
