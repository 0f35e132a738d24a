// SPDX-License-Identifier: GPL-2.0
#include "harness/machine.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/cleanup.h"

static const json_t *lookup(const json_t *environment, const char *group, const char *key)
{
	return json_object_get(group ? json_object_get(environment, group) : environment, key);
}

/* Debian's revision of a QEMU changes no instruction count: "7.2" says enough. */
static size_t version_length(const char *text)
{
	const char *dot = strpbrk(text, ".");
	size_t more = dot ? strspn(dot + 1, "0123456789") : 0;

	return dot ? (size_t)(dot + 1 - text) + more : strlen(text);
}

static bool same(const json_t *one, const json_t *other, bool version)
{
	const char *a = json_string_value(one), *b = json_string_value(other);

	if (!version || !a || !b)
		return json_equal(one, other);
	return version_length(a) == version_length(b) && !strncmp(a, b, version_length(a));
}

static const struct fact {
	const char *group, *key; /* group: NULL at the top */
	const char *what;
	bool wall;    /* matters on wall time only */
	bool version; /* the first two numbers count */
	bool needed; /* nothing compares without it; what else is not told is not known to differ */
} facts[] = {
	{.key = "clock", .what = "clocks", .needed = true},
	{.key = "kernel", .what = "kernels", .needed = true},
	{.key = "processor", .what = "machines (the guest's processor)"},
	{.group = "host", .key = "qemu", .what = "machines (QEMU)", .version = true},
	{.group = "host",
	 .key = "processor",
	 .what = "machines (the host's processor)",
	 .wall = true},
	{.group = "host",
	 .key = "processors",
	 .what = "machines (the number of processors)",
	 .wall = true},
};

static int refuse(const struct fact *fact, const char *a_name, const json_t *one,
		  const char *b_name, const json_t *other, struct error *err)
{
	autofree char *a = json_dumps(one, JSON_ENCODE_ANY),
		      *b = json_dumps(other, JSON_ENCODE_ANY);

	return error_set(err, EXIT_USAGE,
			 "%s and %s are of different %s, %s and %s: their figures are never set "
			 "beside each other",
			 a_name, b_name, fact->what, a ? a : "?", b ? b : "?");
}

static bool is_known(const json_t *value)
{
	return value && !json_is_null(value);
}

int machine_check(const char *a_name, const json_t *a, const char *b_name, const json_t *b,
		  struct error *err)
{
	const char *clock = json_string_value(json_object_get(a, "clock"));

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		const json_t *one = lookup(a, facts[i].group, facts[i].key);
		const json_t *other = lookup(b, facts[i].group, facts[i].key);

		if (facts[i].needed && !(json_is_string(one) && json_is_string(other)))
			return error_set(err, EXIT_USAGE,
					 "%s does not say which of the %s it is of",
					 json_is_string(one) ? b_name : a_name, facts[i].what);
		if ((facts[i].wall && (!clock || strcmp(clock, "wall"))) || !is_known(one) ||
		    !is_known(other) || same(one, other, facts[i].version))
			continue;
		return refuse(&facts[i], a_name, one, b_name, other, err);
	}
	return 0;
}

/* What is a run's own, and says nothing of where it was made. */
static bool is_own(const char *key)
{
	static const char *const own[] = {
		"run",	     "started",	 "ended",      "seed",
		"boots",     "previous", "complaints", "accelerator_reason",
		"durations", "schema",	 "shards",     "boots_wanted",
		"budget",    "lost",
	};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (!strcmp(own[i], key))
			return true;
	return false;
}

static void note(json_t *differences, const char *group, const char *key, json_t *one,
		 json_t *other)
{
	autofree char *name = NULL;

	if (!is_known(one) && !is_known(other))
		return;
	if (one && other && json_equal(one, other))
		return;
	if (asprintf(&name, "%s%s%s", group ? group : "", group ? "." : "", key) < 0)
		return;
	json_object_set_new(
		differences, name,
		json_pack("[O?, O?]", one ? one : json_null(), other ? other : json_null()));
}

static void note_members(json_t *differences, const char *group, json_t *a, json_t *b)
{
	const char *key;
	json_t *value;

	json_object_foreach(a, key, value)
		if (group || !is_own(key)) {
			json_t *other = json_object_get(b, key);

			if (!group && json_is_object(value) && json_is_object(other))
				note_members(differences, key, value, other);
			else
				note(differences, group, key, value, other);
		}
	json_object_foreach(b, key, value)
		if ((group || !is_own(key)) && !json_object_get(a, key))
			note(differences, group, key, NULL, value);
}

json_t *machine_differences(const json_t *a, const json_t *b)
{
	json_t *differences = json_object();

	if (differences)
		note_members(differences, NULL, (json_t *)a, (json_t *)b);
	return differences;
}
