// SPDX-License-Identifier: GPL-2.0
#include "harness/merge.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/jsonfile.h"
#include "harness/machine.h"
#include "harness/report/report.h"
#include "lib/cleanup.h"
#include "lib/scratch.h"

#define BOOTS_MAX   1000
#define ATTRIBUTION "attribution.jsonl"

/* What is the same in all shards of a run, beside what any two figures must share. */
static const char *const shared[] = {
	"schema",
	"seed",
	"commit",
	"dirty",
	"modules",
	"programs",
	"packages",
	"command_line",
	"mitigations",
	"clocksource",
	"microcode",
	"transparent_hugepage",
	"speculative_store_bypass",
	"image",
	"memory",
	"quick",
	"only",
	"config",
	"rounds",
	"repeat",
	"self_check",
	"boots_wanted",
	"minimum_effect",
};

/* Files of raw lines, each of which says its run; only the first is in every run. */
static const char *const raw[] = {
	"samples.jsonl", "missing.jsonl", "histograms.jsonl", "syscalls.jsonl", ATTRIBUTION,
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct merge {
	const char *out; /* as asked for */
	char partial[PATH_MAX];
	const char *name; /* of the run to be: out's last part */
	const char *const *folders;
	unsigned int count;
	json_t **environments;		    /* by folder */
	unsigned int owners[BOOTS_MAX + 1]; /* by boot: its folder's index + 1, or 0 */
};

static int refuse_pair(const struct merge *merge, unsigned int index, const char *key,
		       struct error *err)
{
	autofree char *a = json_dumps(json_object_get(merge->environments[0], key),
				      JSON_ENCODE_ANY | JSON_COMPACT);
	autofree char *b = json_dumps(json_object_get(merge->environments[index], key),
				      JSON_ENCODE_ANY | JSON_COMPACT);

	return error_set(err, EXIT_USAGE,
			 "%s and %s are no shards of one run: %s is %.300s and %.300s",
			 merge->folders[0], merge->folders[index], key, a ? a : "not there",
			 b ? b : "not there");
}

static int check_shared(const struct merge *merge, unsigned int index, struct error *err)
{
	const json_t *first = merge->environments[0], *other = merge->environments[index];

	if (machine_check(merge->folders[0], first, merge->folders[index], other, err))
		return -1;
	for (size_t i = 0; i < COUNT(shared); i++) {
		const json_t *one = json_object_get(first, shared[i]);
		const json_t *two = json_object_get(other, shared[i]);

		if ((one || two) && !(one && two && json_equal(one, two)))
			return refuse_pair(merge, index, shared[i], err);
	}
	return 0;
}

static int own_boots(struct merge *merge, unsigned int index, struct error *err)
{
	const json_t *boots = json_object_get(merge->environments[index], "boots");
	json_t *each;
	size_t i;

	if (!json_array_size(boots))
		return error_set(err, EXIT_USAGE, "%s/env.json names no boots",
				 merge->folders[index]);
	json_array_foreach(boots, i, each) {
		json_int_t boot = json_integer_value(json_object_get(each, "boot"));

		if (boot < 1 || boot > BOOTS_MAX)
			return error_set(err, EXIT_USAGE, "%s/env.json: boot %lld is none",
					 merge->folders[index], (long long)boot);
		if (merge->owners[boot])
			return error_set(err, EXIT_USAGE, "boot %lld is in both %s and %s",
					 (long long)boot, merge->folders[merge->owners[boot] - 1],
					 merge->folders[index]);
		merge->owners[boot] = index + 1;
	}
	return 0;
}

static int read_all(struct merge *merge, struct error *err)
{
	merge->environments = calloc(merge->count, sizeof(json_t *));
	if (!merge->environments)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a merge");
	for (unsigned int i = 0; i < merge->count; i++) {
		merge->environments[i] = jsonfile_read(merge->folders[i], "env.json", err);
		if (!merge->environments[i] || check_shared(merge, i, err) ||
		    own_boots(merge, i, err))
			return -1;
	}
	return 0;
}

/* Which of a file's lines: an attribution is no boot of the run's. */
struct lines {
	const char *folder, *name;
	unsigned int index; /* the folder's */
	bool boots;
};

/* Each boot counts once: its lines come from the folder that has it. */
static int check_boot(const struct merge *merge, const struct lines *lines, const json_t *line,
		      struct error *err)
{
	json_int_t boot = json_integer_value(json_object_get(line, "boot"));

	if (!lines->boots ||
	    (boot >= 1 && boot <= BOOTS_MAX && merge->owners[boot] == lines->index + 1))
		return 0;
	return error_set(err, EXIT_USAGE, "boot %lld is none of those in %s/env.json",
			 (long long)boot, lines->folder);
}

/* The line with another run's name; an unfinished last one is refused as vkbench report does. */
static int copy_line(const struct merge *merge, const struct lines *lines, const char *line,
		     FILE *to, struct error *err)
{
	json_error_t fault;
	json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, &fault);
	int failed;

	if (!json_is_object(object) || !line[0] || line[strlen(line) - 1] != '\n') {
		json_decref(object);
		return error_set(err, EXIT_USAGE, "not a whole line of JSON");
	}
	if (check_boot(merge, lines, object, err)) {
		json_decref(object);
		return -1;
	}
	failed = json_object_set_new(object, "run", json_string(merge->name)) ||
		 json_dumpf(object, to, JSON_COMPACT | JSON_REAL_PRECISION(12)) ||
		 fputc('\n', to) == EOF;
	json_decref(object);
	return failed ? error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot write in %s",
					merge->partial)
		      : 0;
}

static FILE *open_in(const char *folder, const char *name, const char *mode)
{
	autofree char *path = NULL;

	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		path = NULL;
		return NULL;
	}
	return fopen(path, mode);
}

static int copy_lines(const struct merge *merge, const struct lines *lines, FILE *to,
		      struct error *err)
{
	const char *folder = lines->folder, *name = lines->name;
	autofclose FILE *from = open_in(folder, name, "re");
	autofree char *line = NULL;
	unsigned int number = 0;
	size_t size = 0;

	if (!from && errno == ENOENT && strcmp(name, raw[0]))
		return 0;
	if (!from)
		return error_set_errno(err, EXIT_USAGE, errno, "cannot read %s/%s", folder, name);
	while (getline(&line, &size, from) > 0) {
		number++;
		if (copy_line(merge, lines, line, to, err))
			return error_context(err, "%s/%s:%u", folder, name, number);
	}
	return ferror(from) ? error_set(err, EXIT_ENVIRONMENT, "cannot read %s/%s", folder, name)
			    : 0;
}

static bool is_anywhere(const struct merge *merge, const char *name)
{
	for (unsigned int i = 0; i < merge->count; i++) {
		autofree char *path = NULL;

		if (asprintf(&path, "%s/%s", merge->folders[i], name) < 0)
			path = NULL;
		else if (!access(path, F_OK))
			return true;
	}
	return false;
}

static int join_file(const struct merge *merge, const char *name, struct error *err)
{
	FILE *to;
	int result = 0;

	if (!is_anywhere(merge, name) && strcmp(name, raw[0]))
		return 0;
	to = open_in(merge->partial, name, "we");
	if (!to)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make %s/%s",
				       merge->partial, name);
	for (unsigned int i = 0; i < merge->count && !result; i++) {
		const struct lines lines = {
			.folder = merge->folders[i],
			.name = name,
			.index = i,
			.boots = strcmp(name, ATTRIBUTION) != 0,
		};

		result = copy_lines(merge, &lines, to, err);
	}
	if (fclose(to) && !result)
		result = error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot write %s/%s",
					 merge->partial, name);
	return result;
}

/* One shard's attacks are the run's. Two that differ would leave a reader to guess which held. */
static int copy_isolation(const struct merge *merge, struct error *err)
{
	const char *from = NULL;
	json_t *document;

	for (unsigned int i = 0; i < merge->count; i++) {
		autofree char *path = NULL;

		if (asprintf(&path, "%s/isolation.json", merge->folders[i]) < 0)
			return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
		if (access(path, F_OK))
			continue;
		if (from)
			return error_set(err, EXIT_USAGE,
					 "%s and %s both hold isolation.json: take one away", from,
					 merge->folders[i]);
		from = merge->folders[i];
	}
	document = from ? jsonfile_read(from, "isolation.json", err) : NULL;
	if (!document)
		return from ? -1 : 0;
	return jsonfile_write(merge->partial, "isolation.json", document, 3, err);
}

/* A console that is not there says nothing. */
static int join_consoles(const struct merge *merge, struct error *err)
{
	autofclose FILE *to = open_in(merge->partial, "console.log", "we");

	for (unsigned int i = 0; to && i < merge->count; i++) {
		autofclose FILE *from = open_in(merge->folders[i], "console.log", "re");
		char buffer[65536];
		size_t got;

		while (from && (got = fread(buffer, 1, sizeof(buffer), from)))
			fwrite(buffer, 1, got, to);
	}
	if (to && !fflush(to) && !ferror(to))
		return 0;
	return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot write %s/console.log",
			       merge->partial);
}

static json_t *find_boot(const struct merge *merge, unsigned int boot)
{
	const json_t *boots =
		json_object_get(merge->environments[merge->owners[boot] - 1], "boots");
	json_t *each;
	size_t i;

	json_array_foreach(boots, i, each)
		if (json_integer_value(json_object_get(each, "boot")) == boot)
			return each;
	return NULL;
}

/* Each array holds those of all shards, in their order. */
static json_t *join_arrays(const struct merge *merge, const char *key)
{
	json_t *joined = json_array();

	for (unsigned int i = 0; i < merge->count; i++)
		json_array_extend(joined, json_object_get(merge->environments[i], key));
	return joined;
}

static json_t *collect(const struct merge *merge, const char *key)
{
	json_t *all = json_array();

	for (unsigned int i = 0; i < merge->count; i++)
		json_array_append(all, json_object_get(merge->environments[i], key));
	return all;
}

/* The earliest, or with last the latest, of the shards' times. */
static json_t *time_of(const struct merge *merge, const char *key, bool last)
{
	json_t *chosen = NULL;

	for (unsigned int i = 0; i < merge->count; i++) {
		json_t *its = json_object_get(merge->environments[i], key);

		if (json_is_string(its) &&
		    (!chosen ||
		     (strcmp(json_string_value(its), json_string_value(chosen)) > 0) == last))
			chosen = its;
	}
	return json_incref(chosen);
}

static json_t *host_fact(const struct merge *merge, unsigned int index, const char *key)
{
	return json_object_get(json_object_get(merge->environments[index], "host"), key);
}

static bool is_new_fact(const struct merge *merge, unsigned int index, const char *key)
{
	for (unsigned int i = 0; i < index; i++)
		if (json_equal(host_fact(merge, i, key), host_fact(merge, index, key)))
			return false;
	return true;
}

/* "A and B", each once; null for what differs and is no text. */
static json_t *join_fact(const struct merge *merge, const char *key)
{
	json_t *joined = json_incref(host_fact(merge, 0, key));

	for (unsigned int i = 1; i < merge->count; i++) {
		json_t *fact = host_fact(merge, i, key), *before = joined;

		if (!is_new_fact(merge, i, key))
			continue;
		joined = json_is_string(before) && json_is_string(fact)
				 ? json_sprintf("%s and %s", json_string_value(before),
						json_string_value(fact))
				 : json_null();
		json_decref(before);
	}
	return joined;
}

/* A fact of several hosts is none of the first's. */
static json_t *join_hosts(const struct merge *merge)
{
	json_t *joined = json_object();
	const char *key;
	json_t *value;

	json_object_foreach(json_object_get(merge->environments[0], "host"), key, value)
		json_object_set_new(joined, key, join_fact(merge, key));
	return joined;
}

static int write_environment(const struct merge *merge, struct error *err)
{
	json_t *environment = json_copy(merge->environments[0]), *boots = json_array();

	for (unsigned int boot = 1; boot <= BOOTS_MAX; boot++)
		if (merge->owners[boot])
			json_array_append(boots, find_boot(merge, boot));
	json_object_set_new(environment, "run", json_string(merge->name));
	json_object_set_new(environment, "boots", boots);
	json_object_set_new(environment, "complaints", join_arrays(merge, "complaints"));
	json_object_set_new(environment, "lost", join_arrays(merge, "lost"));
	for (unsigned int i = 0; i < merge->count; i++) {
		json_t *failure = json_object_get(merge->environments[i], "isolation_failure");

		if (failure)
			json_object_set(environment, "isolation_failure", failure);
	}
	json_object_set_new(environment, "started", time_of(merge, "started", false));
	json_object_set_new(environment, "ended", time_of(merge, "ended", true));
	json_object_set_new(environment, "host", join_hosts(merge));
	json_object_set_new(environment, "shards", collect(merge, "run"));
	json_object_set_new(environment, "hosts", collect(merge, "host"));
	json_object_set_new(environment, "shard", json_null());
	json_object_set_new(environment, "previous", json_null());
	json_object_del(environment, "durations");
	return jsonfile_write(merge->partial, "env.json", environment, 3, err);
}

static int join(const struct merge *merge, struct error *err)
{
	for (size_t i = 0; i < COUNT(raw); i++)
		if (join_file(merge, raw[i], err))
			return -1;
	if (join_consoles(merge, err) || copy_isolation(merge, err) ||
	    write_environment(merge, err) || report_make(merge->partial, err))
		return -1;
	if (!rename(merge->partial, merge->out))
		return 0;
	return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot rename %s to %s",
			       merge->partial, merge->out);
}

static int make_partial(struct merge *merge, struct error *err)
{
	const char *slash = strrchr(merge->out, '/');

	merge->name = slash ? slash + 1 : merge->out;
	if (!*merge->name)
		return error_set(err, EXIT_USAGE,
				 "name the folder to make without a slash at its "
				 "end");
	if (!access(merge->out, F_OK))
		return error_set(err, EXIT_USAGE, "%s is there already; name a new folder",
				 merge->out);
	if (snprintf(merge->partial, PATH_MAX, "%s.partial", merge->out) >= PATH_MAX)
		return error_set(err, EXIT_USAGE, "path too long: %.500s", merge->out);
	if (mkdir(merge->partial, 0755))
		return error_set_errno(err, EXIT_USAGE, errno, "cannot make %s", merge->partial);
	return 0;
}

/* Tells of the boots that no shard has. */
static int missing_boots(const struct merge *merge)
{
	json_int_t wanted =
		json_integer_value(json_object_get(merge->environments[0], "boots_wanted"));
	int missing = 0;

	for (json_int_t boot = 1; boot <= wanted && boot <= BOOTS_MAX; boot++)
		if (!merge->owners[boot])
			fprintf(stderr, "%s%lld",
				missing++ ? ", " : "vkbench merge: no shard has boot ",
				(long long)boot);
	if (missing)
		fputs("; the figures are of the others\n", stderr);
	return missing;
}

static void merge_free(struct merge *merge)
{
	for (unsigned int i = 0; merge->environments && i < merge->count; i++)
		json_decref(merge->environments[i]);
	free(merge->environments);
}

int merge_make(const char *out, const char *const folders[], unsigned int count, struct error *err)
{
	struct merge merge = {.out = out, .folders = folders, .count = count};
	int result = read_all(&merge, err) || make_partial(&merge, err) ? -1 : 0;

	if (!result) {
		result = join(&merge, err);
		if (result)
			scratch_remove(merge.partial);
		else
			result = missing_boots(&merge) > 0;
	}
	merge_free(&merge);
	return result;
}
