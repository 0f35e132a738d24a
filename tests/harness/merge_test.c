// SPDX-License-Identifier: GPL-2.0
/* Shards of one run as one run: nothing lost, nothing twice, nothing that does not belong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/jsonfile.h"
#include "harness/merge.h"
#include "harness/samples.h"
#include "lib/file.h"
#include "lib/scratch.h"

#define FIXTURE "tests/harness/fixture/run"

#define CALLS(run)                                                                         \
	"{\"schema\":1,\"run\":\"" run "\",\"boot\":2,\"order\":1,\"workload\":\"pwgen\"," \
	"\"configuration\":\"crun\",\"calls\":{\"openat\":12}}\n"

struct folders {
	char root[PATH_MAX], a[PATH_MAX + 8], b[PATH_MAX + 8], out[PATH_MAX + 8];
};

static char *read_text(const char *folder, const char *name)
{
	char path[PATH_MAX + 64];
	struct error err;
	char *text;
	size_t size;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (file_read(path, 1 << 24, &text, &size, &err))
		fail_msg("%s", err.text);
	return text;
}

static void put(const char *folder, const char *name, const char *text)
{
	char path[PATH_MAX + 64];
	struct error err;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(file_write(path, text, strlen(text), &err), 0);
}

static void remove_file(const char *folder, const char *name)
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(unlink(path), 0);
}

/* The fixture's lines of boot 2, or those of the others. */
static void put_lines(const char *folder, const char *name, bool second)
{
	char *text = read_text(FIXTURE, name), *rest = text, *line;
	char *kept = calloc(1, strlen(text) + 1);

	while ((line = strsep(&rest, "\n")) && *line) {
		if (!strstr(line, "\"boot\":2,") == second)
			continue;
		strcat(kept, line);
		strcat(kept, "\n");
	}
	put(folder, name, kept);
	free(kept);
	free(text);
}

static void put_environment(const char *folder, const char *name, json_t *boots)
{
	struct error err;
	json_t *environment = jsonfile_read(FIXTURE, "env.json", &err);

	json_object_set_new(environment, "run", json_string(name));
	json_object_set_new(environment, "boots", boots);
	json_object_set_new(environment, "boots_wanted", json_integer(3));
	json_object_set_new(environment, "previous", json_null());
	assert_int_equal(jsonfile_write(folder, "env.json", environment, 3, &err), 0);
}

static int make_shards(void **state)
{
	struct folders *folders = calloc(1, sizeof(*folders));
	struct error err;

	*state = folders;
	if (!folders || scratch_make(folders->root, &err))
		return -1;
	snprintf(folders->a, sizeof(folders->a), "%s/a", folders->root);
	snprintf(folders->b, sizeof(folders->b), "%s/b", folders->root);
	snprintf(folders->out, sizeof(folders->out), "%s/out", folders->root);
	mkdir(folders->a, 0755);
	mkdir(folders->b, 0755);
	put_lines(folders->a, "samples.jsonl", false);
	put_lines(folders->b, "samples.jsonl", true);
	put_lines(folders->a, "missing.jsonl", false);
	put_lines(folders->b, "missing.jsonl", true);
	put_environment(folders->a, "x", json_pack("[{s:i}, {s:i}]", "boot", 3, "boot", 1));
	put_environment(folders->b, "y", json_pack("[{s:i}]", "boot", 2));
	put(folders->b, "syscalls.jsonl", CALLS("y"));
	put(folders->a, "console.log", "one\n");
	put(folders->b, "console.log", "two\n");
	return 0;
}

static int remove_shards(void **state)
{
	struct folders *folders = *state;

	scratch_remove(folders->root);
	free(folders);
	return 0;
}

static int merge(const struct folders *folders, const char *first, const char *second,
		 struct error *err)
{
	const char *const shards[] = {first, second};

	return merge_make(folders->out, shards, second ? 2 : 1, err);
}

static void assert_refused(const struct folders *folders, const char *words)
{
	char partial[PATH_MAX + 32];
	struct error err;

	assert_int_equal(merge(folders, folders->a, folders->b, &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	if (!strstr(err.text, words))
		fail_msg("\"%s\" does not say \"%s\"", err.text, words);
	snprintf(partial, sizeof(partial), "%s.partial", folders->out);
	assert_int_not_equal(access(partial, F_OK), 0);
}

/* The fixture's own summary is of all three boots. */
static void shards_give_the_figures_of_the_whole_run(void **state)
{
	const struct folders *folders = *state;
	char *merged, *whole;
	struct error err;

	if (merge(folders, folders->b, folders->a, &err))
		fail_msg("%s", err.text);
	merged = read_text(folders->out, "summary.json");
	whole = read_text(FIXTURE, "summary.json");
	assert_string_equal(merged, whole);
	free(merged);
	free(whole);
}

static void every_raw_line_is_there_and_says_the_new_run(void **state)
{
	const struct folders *folders = *state;
	struct samples whole, merged;
	struct error err;
	char *text;

	assert_int_equal(merge(folders, folders->a, folders->b, &err), 0);
	assert_int_equal(samples_read(FIXTURE, &whole, &err), 0);
	assert_int_equal(samples_read(folders->out, &merged, &err), 0);
	assert_string_equal(merged.run, "out");
	assert_int_equal(merged.count, whole.count);
	assert_int_equal(merged.absences_count, whole.absences_count);
	samples_free(&whole);
	samples_free(&merged);
	text = read_text(folders->out, "syscalls.jsonl");
	assert_string_equal(text, CALLS("out"));
	free(text);
	text = read_text(folders->out, "console.log");
	assert_string_equal(text, "one\ntwo\n");
	free(text);
}

static void the_environment_has_all_boots_in_order(void **state)
{
	const struct folders *folders = *state;
	json_t *environment, *boots;
	struct error err;

	assert_int_equal(merge(folders, folders->a, folders->b, &err), 0);
	environment = jsonfile_read(folders->out, "env.json", &err);
	boots = json_object_get(environment, "boots");
	assert_int_equal(json_array_size(boots), 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(
			json_integer_value(json_object_get(json_array_get(boots, i), "boot")),
			i + 1);
	assert_int_equal(json_array_size(json_object_get(environment, "shards")), 2);
	json_decref(environment);
}

/* The first shard's hours and host are not those of all boots. */
static void times_and_hosts_are_of_all_shards(void **state)
{
	const struct folders *folders = *state;
	const char *started, *ended, *qemu;
	json_t *environment, *processors;
	struct error err;

	environment = jsonfile_read(folders->a, "env.json", &err);
	json_object_set_new(environment, "started", json_string("2026-01-02T05:00:00Z"));
	json_object_set_new(environment, "ended", json_string("2026-01-02T06:00:00Z"));
	json_object_set_new(environment, "host",
			    json_pack("{s:s, s:i}", "qemu", "QEMU 7.2.1", "processors", 2));
	assert_int_equal(jsonfile_write(folders->a, "env.json", environment, 3, &err), 0);
	environment = jsonfile_read(folders->b, "env.json", &err);
	json_object_set_new(environment, "started", json_string("2026-01-02T04:00:00Z"));
	json_object_set_new(environment, "ended", json_string("2026-01-02T07:00:00Z"));
	json_object_set_new(environment, "host",
			    json_pack("{s:s, s:i}", "qemu", "QEMU 7.2.2", "processors", 8));
	assert_int_equal(jsonfile_write(folders->b, "env.json", environment, 3, &err), 0);
	assert_int_equal(merge(folders, folders->a, folders->b, &err), 0);
	environment = jsonfile_read(folders->out, "env.json", &err);
	assert_int_equal(json_unpack(environment, "{s:s, s:s, s:{s:s, s:o}}", "started", &started,
				     "ended", &ended, "host", "qemu", &qemu, "processors",
				     &processors),
			 0);
	assert_string_equal(started, "2026-01-02T04:00:00Z");
	assert_string_equal(ended, "2026-01-02T07:00:00Z");
	assert_string_equal(qemu, "QEMU 7.2.1 and QEMU 7.2.2");
	assert_true(json_is_null(processors));
	json_decref(environment);
}

static void a_boot_that_no_shard_has_is_a_finding(void **state)
{
	const struct folders *folders = *state;
	struct error err;
	char *report;

	assert_int_equal(merge(folders, folders->a, NULL, &err), 1);
	report = read_text(folders->out, "report.md");
	assert_non_null(strstr(report, "Boots: 2 of 3 that were asked for."));
	free(report);
	report = read_text(folders->out, "report.html");
	assert_non_null(strstr(report, "Boots <b>2 of 3 that were asked for</b>"));
	free(report);
}

static void a_boot_in_two_shards_is_refused(void **state)
{
	const struct folders *folders = *state;

	put_environment(folders->b, "y", json_pack("[{s:i}]", "boot", 3));
	assert_refused(folders, "boot 3 is in both");
}

/* Its samples would be two boots' in one, and look like one boot's. */
static void a_boot_counts_once_whatever_the_lines_say(void **state)
{
	const struct folders *folders = *state;
	char *samples = read_text(folders->b, "samples.jsonl");

	for (char *at = samples; (at = strstr(at, "\"boot\":2,"));)
		at[7] = '1';
	put(folders->b, "samples.jsonl", samples);
	free(samples);
	assert_refused(folders, "samples.jsonl:1: boot 1 is none of those in");
}

static void attacks_of_one_shard_are_the_runs(void **state)
{
	static const char verdicts[] =
		"{\"schema\":1,\"kernel\":\"k\",\"accelerator\":\"a\",\"verdicts\":["
		"{\"scenario\":\"s\",\"configuration\":\"crun\",\"verdict\":\"LEAKED\","
		"\"expected\":\"BLOCKED\"}]}";
	const struct folders *folders = *state;
	struct error err;
	char *report;

	put(folders->a, "isolation.json", verdicts);
	put(folders->b, "isolation.json", verdicts);
	assert_refused(folders, "both hold isolation.json");
	remove_file(folders->a, "isolation.json");
	assert_int_equal(merge(folders, folders->a, folders->b, &err), 0);
	report = read_text(folders->out, "report.md");
	assert_non_null(strstr(report, "**1 of the verdicts are not the expected ones.**"));
	free(report);
}

static void what_shards_must_share_is_refused_where_it_differs(void **state)
{
	static const char *const keys[] = {"clock",   "kernel", "seed", "commit",
					   "modules", "repeat", "only", "config"};
	const struct folders *folders = *state;
	struct error err;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		json_t *environment;

		put_environment(folders->b, "y", json_pack("[{s:i}]", "boot", 2));
		environment = jsonfile_read(folders->b, "env.json", &err);
		json_object_set_new(environment, keys[i], json_string("other"));
		assert_int_equal(jsonfile_write(folders->b, "env.json", environment, 3, &err), 0);
		assert_refused(folders, keys[i]);
	}
}

static void nothing_is_overwritten_and_nothing_half_made(void **state)
{
	const struct folders *folders = *state;

	put(folders->b, "samples.jsonl", "{\"schema\":1,\"run\":\"y\",");
	assert_refused(folders, "b/samples.jsonl:1: not a whole line");
	put(folders->b, "samples.jsonl", "[]\n");
	assert_refused(folders, "b/samples.jsonl:1: not a whole line");
	mkdir(folders->out, 0755);
	assert_refused(folders, "is there already");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_shards, remove_shards)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(shards_give_the_figures_of_the_whole_run),
		TEST(every_raw_line_is_there_and_says_the_new_run),
		TEST(the_environment_has_all_boots_in_order),
		TEST(times_and_hosts_are_of_all_shards),
		TEST(a_boot_that_no_shard_has_is_a_finding),
		TEST(a_boot_in_two_shards_is_refused),
		TEST(a_boot_counts_once_whatever_the_lines_say),
		TEST(attacks_of_one_shard_are_the_runs),
		TEST(what_shards_must_share_is_refused_where_it_differs),
		TEST(nothing_is_overwritten_and_nothing_half_made),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
