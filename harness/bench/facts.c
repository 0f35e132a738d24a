// SPDX-License-Identifier: GPL-2.0
#include "harness/bench/facts.h"

#include <stdlib.h>
#include <string.h>

#include "harness/bench/capture.h"
#include "lib/cleanup.h"

/* Each prints one line, or nothing where there is no such thing; sh runs it. */
static const struct {
	const char *name, *command;
} facts[] = {
	{"command_line", "cat /proc/cmdline"},
	{"clocksource", "cat /sys/devices/system/clocksource/clocksource0/current_clocksource"},
	{"transparent_hugepage",
	 "sed 's/.*\\[\\(.*\\)\\].*/\\1/' /sys/kernel/mm/transparent_hugepage/enabled"},
	{"speculative_store_bypass",
	 "sed -n 's/^Speculation_Store_Bypass:[^a-z]*//p' /proc/self/status"},
	{"microcode", "sed -n 's/^microcode[^:]*: //p;T;q' /proc/cpuinfo"},
	{"governor", "cat /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"},
	{"turbo", "sed 's/0/on/;s/1/off/' /sys/devices/system/cpu/intel_pstate/no_turbo"},
	{"smt", "cat /sys/devices/system/cpu/smt/control"},
};

static const char mitigations[] = "cd /sys/devices/system/cpu/vulnerabilities && "
				  "for f in *; do echo \"$f=$(cat $f)\"; done; :";

#define FACTS (sizeof(facts) / sizeof(facts[0]))

/* "KEY=VALUE" lines as an object; values may hold the separator. */
static json_t *map_lines(char *text)
{
	json_t *map = json_object();
	char *line;

	while ((line = strsep(&text, "\n"))) {
		char *value = strchr(line, '=');

		if (!value)
			continue;
		*value++ = '\0';
		json_object_set_new(map, line, json_string(value));
	}
	return map;
}

/* One script for all: "name=value" lines, then "mitigations", then theirs. */
static char *script(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < FACTS; i++)
		fprintf(out, "echo \"%s=$(%s 2>/dev/null)\"\n", facts[i].name, facts[i].command);
	fprintf(out, "echo mitigations; %s\n", mitigations);
	return fclose(out) ? NULL : text;
}

static int no_memory(struct error *err)
{
	return error_set(err, EXIT_ENVIRONMENT, "no memory for facts");
}

static int take(char *text, json_t *object, struct error *err)
{
	static const char divider[] = "\nmitigations\n";
	char *rest = text ? strstr(text, divider) : NULL;
	json_t *map;

	if (!rest)
		return error_set(err, EXIT_ENVIRONMENT, "reading what moves figures: no answer");
	*rest = '\0';
	map = map_lines(text);
	for (size_t i = 0; i < FACTS; i++) {
		json_t *value = json_object_get(map, facts[i].name);

		json_object_set(object, facts[i].name,
				json_string_length(value) ? value : json_null());
	}
	json_decref(map);
	json_object_set_new(object, "mitigations", map_lines(rest + strlen(divider)));
	return 0;
}

int facts_host(json_t *object, struct error *err)
{
	autofree char *text = NULL, *lines = script();
	const char *const argv[] = {"sh", "-c", lines, NULL};

	if (!lines)
		return no_memory(err);
	text = capture_host(argv);
	return take(text, object, err);
}

int facts_guest(struct vm *vm, json_t *object, struct error *err)
{
	autofree char *text = NULL, *lines = script();

	if (!lines)
		return no_memory(err);
	return capture_guest(vm, lines, &text, err) || take(text, object, err) ? -1 : 0;
}
