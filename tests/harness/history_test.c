// SPDX-License-Identifier: GPL-2.0
/* A month of made-up nights, and what vkbench history says of them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "harness/history/history.h"
#include "lib/cleanup.h"
#include "tests/harness/nights.h"

#define NIGHTS 20
#define STEP   10 /* the first night of the other level */

#define NEW_KERNEL "6.12.117+deb13-cloud-amd64"
#define OLD_KERNEL "6.1.0-40-cloud-amd64"

/* Half a percent to and fro, the same on any machine. */
static double wobble(unsigned int night, unsigned int figure)
{
	return 0.005 * sin(1.7 * night + figure);
}

/* syscall-filtered is dearer from the STEP-th night on, hackbench never. */
static void write_night(const char *folder, const char *kernel, const char *command_line,
			unsigned int night)
{
	const struct made_figure figures[] = {
		{"syscall-filtered", "vkernel", "instructions", "instructions/call", "lower",
		 286 * (night >= STEP ? 1.02 : 1) * (1 + wobble(night, 0)), 0.1, NULL},
		{"syscall-filtered", "crun", "instructions", "instructions/call", "lower",
		 229 * (1 + wobble(night, 1)), 0.1, NULL},
		{"nginx-wrk", "vkernel", "rate", "requests/s", "higher",
		 9751 * (night >= STEP ? 1.03 : 1) * (1 + wobble(night, 2)), 10, NULL},
		{"syscall-filtered", "vkernel", "page-faults", "faults", "lower", 0, 0, NULL},
	};
	char name[64], commit[64];
	const struct made_night made = {
		.kernel = kernel,
		.clock = "instructions",
		.processor = "QEMU",
		.command_line = command_line,
		.commit = commit,
		.number = night + 1,
		.figures = figures,
		.count = sizeof(figures) / sizeof(figures[0]),
	};

	snprintf(name, sizeof(name), "%.4s-%s-%02u", kernel, command_line, night);
	snprintf(commit, sizeof(commit), "%07u00000000000000000000000000000000", night);
	nights_write(folder, name, &made);
}

static void write_month(const char *folder)
{
	char nightly[PATH_MAX], kernel[PATH_MAX];

	snprintf(nightly, sizeof(nightly), "%s/nightly", folder);
	snprintf(kernel, sizeof(kernel), "%.4000s/6.12", nightly);
	mkdir(nightly, 0755);
	mkdir(kernel, 0755);
	for (unsigned int night = 0; night < NIGHTS; night++) {
		/* Some at the top, some below nightly/6.12: it is one history. */
		write_night(night % 3 ? kernel : folder, NEW_KERNEL, "quiet", night);
		write_night(folder, OLD_KERNEL, "quiet", night);
		if (night < 3)
			write_night(folder, NEW_KERNEL, "mitigations=off", night);
	}
}

static const struct history_options defaults = {.minimum_effect = 0.01};

static void read_history(const char *folder, const struct history_options *options,
			 struct history *history)
{
	struct error err;

	if (history_make(folder, options, history, &err))
		fail_msg("%s", err.text);
}

static const struct group *find_group(const struct history *history, const char *kernel,
				      size_t nights)
{
	for (size_t i = 0; i < history->count; i++)
		if (!strcmp(history->groups[i].kernel, kernel) &&
		    history->groups[i].nights_count == nights)
			return &history->groups[i];
	return NULL;
}

static void a_planted_step_is_told_with_night_and_direction(void **state)
{
	const struct track *dearer, *faster, *same;
	const struct group *group;
	struct history history;

	write_month(*state);
	read_history(*state, &defaults, &history);
	group = find_group(&history, NEW_KERNEL, NIGHTS);
	assert_non_null(group);
	dearer = history_track(group, "syscall-filtered", "vkernel", "instructions");
	faster = history_track(group, "nginx-wrk", "vkernel", "rate");
	same = history_track(group, "syscall-filtered", "crun", "instructions");
	assert_non_null(dearer);
	assert_non_null(faster);
	assert_non_null(same);
	assert_true(dearer->headline);
	assert_int_equal(dearer->series.count, 1);
	assert_int_equal(dearer->series.shifts[0].at, STEP);
	assert_int_equal(history_verdict(&history, dearer, &dearer->series.shifts[0]), SHIFT_WORSE);
	assert_int_equal(faster->series.count, 1);
	assert_int_equal(history_verdict(&history, faster, &faster->series.shifts[0]),
			 SHIFT_BETTER);
	assert_int_equal(same->series.count, 0);
	history_free(&history);
}

/* A folder of runs may come from anywhere. */
static void names_do_not_steer_the_terminal(void **state)
{
	autofree char *text = NULL;
	struct history history;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (unsigned int night = 0; night < NIGHTS; night++)
		write_night(*state, NEW_KERNEL, "\033[2Jquiet", night);
	read_history(*state, &defaults, &history);
	history_print(&history, out);
	history_free(&history);
	fclose(out);
	assert_non_null(strstr(text, "?[2Jquiet"));
	assert_null(strchr(text, '\033'));
}

static void kernels_and_command_lines_are_never_mixed(void **state)
{
	struct history history;

	write_month(*state);
	read_history(*state, &defaults, &history);
	assert_int_equal(history.count, 3);
	assert_non_null(find_group(&history, NEW_KERNEL, NIGHTS));
	assert_non_null(find_group(&history, NEW_KERNEL, 3));
	assert_non_null(find_group(&history, OLD_KERNEL, NIGHTS));
	history_free(&history);
}

static void a_short_name_of_a_kernel_is_no_prefix_of_another(void **state)
{
	struct history_options options = defaults;
	struct history history;

	write_month(*state);
	options.kernel = "6.1";
	read_history(*state, &options, &history);
	assert_int_equal(history.count, 1);
	assert_string_equal(history.groups[0].kernel, OLD_KERNEL);
	history_free(&history);
}

static void a_change_below_the_minimum_effect_is_neither_better_nor_worse(void **state)
{
	struct history_options options = defaults;
	const struct track *track;
	struct history history;

	write_month(*state);
	options.minimum_effect = 0.05;
	read_history(*state, &options, &history);
	track = history_track(find_group(&history, OLD_KERNEL, NIGHTS), "syscall-filtered",
			      "vkernel", "instructions");
	assert_int_equal(track->series.count, 1);
	assert_int_equal(history_verdict(&history, track, &track->series.shifts[0]), SHIFT_SMALL);
	history_free(&history);
}

static void the_last_nights_alone_know_no_older_change(void **state)
{
	struct history_options options = defaults;
	const struct group *group;
	struct history history;

	write_month(*state);
	options.nights = NIGHTS - STEP;
	read_history(*state, &options, &history);
	group = find_group(&history, OLD_KERNEL, NIGHTS - STEP);
	assert_non_null(group);
	for (size_t i = 0; i < group->count; i++)
		assert_int_equal(group->tracks[i].series.count, 0);
	history_free(&history);
}

static void what_came_after_a_run_is_not_its_past(void **state)
{
	struct history_options options = defaults;
	struct history history;

	write_month(*state);
	options.until = "2026-03-09T02:00:00Z";
	read_history(*state, &options, &history);
	assert_non_null(find_group(&history, OLD_KERNEL, 9));
	history_free(&history);
}

static void a_damaged_run_is_named_and_an_unfinished_one_passed_over(void **state)
{
	char path[PATH_MAX];
	struct history history;
	const char *reason;

	write_month(*state);
	snprintf(path, sizeof(path), "%s/%s", (char *)*state, "broken");
	mkdir(path, 0755);
	nights_put(path, "samples.jsonl", "");
	nights_put(path, "env.json", "{\"schema\": 1,");
	snprintf(path, sizeof(path), "%s/%s", (char *)*state, "cut.partial");
	mkdir(path, 0755);
	nights_put(path, "samples.jsonl", "");
	nights_put(path, "env.json", "{}");
	read_history(*state, &defaults, &history);
	assert_int_equal(json_array_size(history.nights.left_out), 1);
	reason = json_string_value(
		json_object_get(json_array_get(history.nights.left_out, 0), "reason"));
	assert_non_null(strstr(reason, "env.json:1"));
	assert_int_equal(history.nights.count, 2 * NIGHTS + 3);
	history_free(&history);
}

/* The same boots are one night, however often they lie there. */
static void copies_and_shards_of_a_merged_run_are_left_out(void **state)
{
	char path[PATH_MAX], text[PATH_MAX + 512];
	const char *reason;
	struct history history;

	write_night(*state, NEW_KERNEL, "quiet", 1);
	snprintf(path, sizeof(path), "%s/copies", (char *)*state);
	mkdir(path, 0755);
	write_night(path, NEW_KERNEL, "quiet", 1);
	write_night(*state, NEW_KERNEL, "quiet", 2);
	snprintf(path, sizeof(path), "%s/merged", (char *)*state);
	mkdir(path, 0755);
	snprintf(text, sizeof(text),
		 "{\"run\":\"merged\",\"started\":\"2026-03-03T02:00:00Z\",\"kernel\":\"" NEW_KERNEL
		 "\",\"clock\":\"instructions\",\"shards\":[\"%.4s-quiet-02\"]}",
		 NEW_KERNEL);
	nights_put(path, "env.json", text);
	nights_put(path, "summary.json", "{\"schema\":1,\"figures\":[]}");
	nights_put(path, "samples.jsonl", "");
	read_history(*state, &defaults, &history);
	assert_int_equal(history.nights.count, 2);
	assert_int_equal(json_array_size(history.nights.left_out), 2);
	reason = json_string_value(
		json_object_get(json_array_get(history.nights.left_out, 0), "reason"));
	assert_non_null(strstr(reason, "it is a shard of "));
	assert_non_null(strstr(reason, "/merged"));
	reason = json_string_value(
		json_object_get(json_array_get(history.nights.left_out, 1), "reason"));
	assert_non_null(strstr(reason, "it is a copy of "));
	history_free(&history);
}

static char *printed(const struct history *history)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	history_print(history, out);
	fclose(out);
	return text;
}

/* No change among nights that could show none is no good news. */
static void nights_that_can_tell_nothing_say_so(void **state)
{
	const struct history_options few = {.minimum_effect = 0.01, .nights = 9};
	autofree char *text = NULL, *more = NULL;
	struct history history;

	write_month(*state);
	read_history(*state, &few, &history);
	text = printed(&history);
	assert_non_null(strstr(text, "cannot tell a change of one headline in 2, however large: "
				     "that takes 10."));
	history_free(&history);
	read_history(*state, &defaults, &history);
	more = printed(&history);
	assert_non_null(strstr(more, "20 nights, 3 figures, 2 changes\n\n"));
	history_free(&history);
}

static void what_is_no_folder_is_wrong_usage(void **state)
{
	char path[PATH_MAX];
	struct history history;
	struct error err;

	snprintf(path, sizeof(path), "%s/none", (char *)*state);
	assert_int_equal(history_make(path, &defaults, &history, &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	nights_put(*state, "none", "");
	assert_int_equal(history_make(path, &defaults, &history, &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
}

static void history_json_names_the_commits_beside_a_change(void **state)
{
	const char *commit, *last, *verdict;
	struct history history;
	json_t *document, *group, *figure;
	size_t i, changes = 0, g;

	write_month(*state);
	read_history(*state, &defaults, &history);
	document = history_json(&history);
	assert_int_equal(json_integer_value(json_object_get(document, "schema")), 1);
	json_array_foreach(json_object_get(document, "groups"), g, group)
		json_array_foreach(json_object_get(group, "figures"), i, figure) {
			json_t *shift = json_array_get(json_object_get(figure, "changes"), 0);

			if (!shift)
				continue;
			assert_int_equal(json_unpack(shift, "{s:s, s:s, s:s}", "commit", &commit,
						     "last_commit_before", &last, "verdict",
						     &verdict),
					 0);
			assert_int_equal(strncmp(commit, "0000010", 7), 0);
			assert_int_equal(strncmp(last, "0000009", 7), 0);
			changes++;
		}
	assert_int_equal(changes, 4);
	json_decref(document);
	history_free(&history);
}

#define NIGHT_TEST(name) \
	cmocka_unit_test_setup_teardown(name, nights_folder_make, nights_folder_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		NIGHT_TEST(a_planted_step_is_told_with_night_and_direction),
		NIGHT_TEST(names_do_not_steer_the_terminal),
		NIGHT_TEST(kernels_and_command_lines_are_never_mixed),
		NIGHT_TEST(a_short_name_of_a_kernel_is_no_prefix_of_another),
		NIGHT_TEST(a_change_below_the_minimum_effect_is_neither_better_nor_worse),
		NIGHT_TEST(the_last_nights_alone_know_no_older_change),
		NIGHT_TEST(what_came_after_a_run_is_not_its_past),
		NIGHT_TEST(a_damaged_run_is_named_and_an_unfinished_one_passed_over),
		NIGHT_TEST(copies_and_shards_of_a_merged_run_are_left_out),
		NIGHT_TEST(nights_that_can_tell_nothing_say_so),
		NIGHT_TEST(what_is_no_folder_is_wrong_usage),
		NIGHT_TEST(history_json_names_the_commits_beside_a_change),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
