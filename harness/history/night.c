// SPDX-License-Identifier: GPL-2.0
#include "harness/history/night.h"

#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/cleanup.h"

/* results/nightly/<kernel>/<run> is three below results. */
#define DEPTH_MAX 4

static bool ends(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && !strcmp(text + length - tail, end);
}

static bool is_there(const char *folder, const char *name)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%s/%s", folder, name) < PATH_MAX &&
	       !access(path, F_OK);
}

static json_t *load(const char *folder, const char *name, char reason[256])
{
	autofree char *path = NULL;
	json_error_t at;
	json_t *value;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return NULL;
	value = json_load_file(path, 0, &at);
	if (!value)
		snprintf(reason, 256, "%s:%d: %s", name, at.line, at.text);
	return value;
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* The value of option in a command line of QEMU's, as far as the next blank; owned by the caller. */
static char *qemu_option(const char *line, const char *option)
{
	autofree char *key = NULL;
	const char *at;

	if (asprintf(&key, " %s ", option) < 0)
		return NULL;
	at = line ? strstr(line, key) : NULL;
	if (!at)
		return strdup("?");
	at += strlen(key);
	return strndup(at, strcspn(at, " "));
}

/* As far as its first two numbers: a revision of Debian's changes no figure. */
static int version_length(const char *emulator)
{
	size_t dot = strcspn(emulator, ".");

	return emulator[dot] ? (int)(dot + 1 + strspn(emulator + dot + 1, "0123456789")) : (int)dot;
}

char *night_machine(const json_t *environment)
{
	const json_t *host = json_object_get(environment, "host");
	const json_t *boot = json_array_get(json_object_get(environment, "boots"), 0);
	const char *clock = text_of(environment, "clock"), *line = text_of(boot, "qemu");
	const char *emulator = text_of(host, "qemu"), *own = text_of(host, "processor");
	const char *command_line = text_of(environment, "command_line");
	const char *processor = text_of(environment, "processor");
	autofree char *processors = qemu_option(line, "-smp");
	autofree char *memory = qemu_option(line, "-m");
	char *machine;

	if (!processors || !memory)
		return NULL;
	emulator = emulator ? emulator : "unknown emulator";
	if (asprintf(&machine, "%s%s%s; %.*s; %s processors, %s MiB; %s",
		     processor ? processor : "unknown processor",
		     clock && !strcmp(clock, "wall") ? " on " : "",
		     clock && !strcmp(clock, "wall") ? own ? own : "an unknown one" : "",
		     version_length(emulator), emulator, processors, memory,
		     command_line ? command_line : "unknown command line") < 0)
		return NULL;
	return machine;
}

/* What an older run does not tell of is not known to differ. */
static bool differ(const json_t *before, const json_t *after)
{
	return before && after && !json_equal(before, after);
}

json_t *night_differences(const json_t *before, const json_t *after)
{
	static const char *const deep[] = {"packages", "mitigations", "modules", "host"};
	static const char *const flat[] = {"command_line", "quick", "repeat", "rounds"};
	json_t *names = json_array();
	const char *key;
	json_t *value;

	for (size_t i = 0; i < sizeof(flat) / sizeof(flat[0]); i++)
		if (differ(json_object_get(before, flat[i]), json_object_get(after, flat[i])))
			json_array_append_new(names, json_string(flat[i]));
	for (size_t i = 0; i < sizeof(deep) / sizeof(deep[0]); i++) {
		json_t *old = json_object_get(before, deep[i]);

		json_object_foreach(json_object_get(after, deep[i]), key, value)
			if (differ(json_object_get(old, key), value))
				json_array_append_new(names, json_string(key));
	}
	return names;
}

static void night_release(struct night *night)
{
	free(night->folder);
	free(night->machine);
	json_decref(night->environment);
	json_decref(night->summary);
}

/* Fills what lies in the two files; false with reason where they are not a run's. */
static bool night_fill(struct night *night, char reason[256])
{
	night->environment = load(night->folder, "env.json", reason);
	night->summary = night->environment ? load(night->folder, "summary.json", reason) : NULL;
	if (!night->summary)
		return false;
	night->run = text_of(night->environment, "run");
	night->started = text_of(night->environment, "started");
	night->kernel = text_of(night->environment, "kernel");
	night->clock = text_of(night->environment, "clock");
	night->commit = text_of(night->environment, "commit");
	night->dirty = json_is_true(json_object_get(night->environment, "dirty"));
	night->machine = night_machine(night->environment);
	snprintf(reason, 256, "env.json names no run, time, kernel or clock");
	if (!night->run || !night->started || !night->kernel || !night->clock || !night->machine)
		return false;
	snprintf(reason, 256, "summary.json is of schema %lld, and this program reads 1",
		 (long long)json_integer_value(json_object_get(night->summary, "schema")));
	return json_integer_value(json_object_get(night->summary, "schema")) == 1;
}

static int add(struct nights *nights, const char *folder, struct error *err)
{
	struct night night = {.folder = strdup(folder)};
	char reason[256] = "no memory";
	struct night *larger;

	if (!night.folder || !night_fill(&night, reason)) {
		json_array_append_new(nights->left_out,
				      json_pack("{s:s, s:s}", "folder", folder, "reason", reason));
		night_release(&night);
		return 0;
	}
	larger = realloc(nights->rows, (nights->count + 1) * sizeof(*larger));
	if (!larger) {
		night_release(&night);
		return error_set(err, EXIT_ENVIRONMENT, "no memory for the runs");
	}
	nights->rows = larger;
	larger[nights->count++] = night;
	return 0;
}

/* Whether what lies below is to be looked at; a run is added and holds no others. */
static int visit(FTS *tree, FTSENT *entry, struct nights *nights, struct error *err)
{
	if (entry->fts_info == FTS_DNR)
		return error_set_errno(err, EXIT_ENVIRONMENT, entry->fts_errno, "cannot read %s",
				       entry->fts_path);
	if (entry->fts_info != FTS_D)
		return 0;
	if (entry->fts_level > DEPTH_MAX ||
	    (entry->fts_level &&
	     (entry->fts_name[0] == '.' || ends(entry->fts_name, ".partial")))) {
		fts_set(tree, entry, FTS_SKIP);
		return 0;
	}
	if (!is_there(entry->fts_path, "env.json") || !is_there(entry->fts_path, "samples.jsonl"))
		return 0;
	fts_set(tree, entry, FTS_SKIP);
	return add(nights, entry->fts_path, err);
}

static bool is_shard_of(const struct night *night, const struct night *whole)
{
	const json_t *shards = json_object_get(whole->environment, "shards"), *name;
	const json_t *seed = json_object_get(night->environment, "seed");
	size_t i;

	json_array_foreach(shards, i, name)
		if (json_is_string(name) && !strcmp(json_string_value(name), night->run))
			return !seed ||
			       json_equal(seed, json_object_get(whole->environment, "seed"));
	return false;
}

/* Why a night is another one's again, for example a copy; NULL: it is not. */
static char *again(const struct nights *nights, size_t index)
{
	const struct night *night = &nights->rows[index];
	char *reason;

	for (size_t i = 0; i < nights->count; i++) {
		const struct night *other = &nights->rows[i];
		bool copy = i < index && json_equal(other->environment, night->environment);

		if (i == index || !(copy || is_shard_of(night, other)))
			continue;
		return asprintf(&reason, "it is a %s of %s", copy ? "copy" : "shard",
				other->folder) < 0
			       ? NULL
			       : reason;
	}
	return NULL;
}

/* The same boots must not count as several nights. */
static void leave_out_repeated(struct nights *nights)
{
	size_t kept = 0;

	for (size_t i = nights->count; i--;) {
		autofree char *reason = again(nights, i);

		if (!reason)
			continue;
		json_array_append_new(nights->left_out,
				      json_pack("{s:s, s:s}", "folder", nights->rows[i].folder,
						"reason", reason));
		night_release(&nights->rows[i]);
		nights->rows[i] = (struct night){0};
	}
	for (size_t i = 0; i < nights->count; i++)
		if (nights->rows[i].folder)
			nights->rows[kept++] = nights->rows[i];
	nights->count = kept;
}

static int by_time(const void *a, const void *b)
{
	const struct night *one = a, *other = b;
	int order = strcmp(one->started, other->started);

	if (!order)
		order = strcmp(one->run, other->run);
	return order ? order : strcmp(one->folder, other->folder);
}

int nights_read(const char *results, struct nights *nights, struct error *err)
{
	char *paths[] = {(char *)results, NULL};
	struct stat status;
	FTSENT *entry;
	int result = 0;
	FTS *tree;

	memset(nights, 0, sizeof(*nights));
	nights->left_out = json_array();
	if (stat(results, &status))
		return error_set_errno(err, EXIT_USAGE, errno, "cannot read the runs in %s",
				       results);
	if (!S_ISDIR(status.st_mode))
		return error_set(err, EXIT_USAGE, "%s is no folder of runs", results);
	tree = fts_open(paths, FTS_COMFOLLOW | FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (!tree || !nights->left_out)
		result = error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot walk %s", results);
	while (!result && (entry = fts_read(tree)))
		result = visit(tree, entry, nights, err);
	if (tree)
		fts_close(tree);
	if (nights->count)
		qsort(nights->rows, nights->count, sizeof(*nights->rows), by_time);
	leave_out_repeated(nights);
	return result;
}

void nights_free(struct nights *nights)
{
	for (size_t i = 0; i < nights->count; i++)
		night_release(&nights->rows[i]);
	free(nights->rows);
	json_decref(nights->left_out);
	memset(nights, 0, sizeof(*nights));
}
