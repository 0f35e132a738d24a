// SPDX-License-Identifier: GPL-2.0
/* Where a run's time went, and what is made of it for the next one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/bench/durations.h"

#define assert_near(value, expected) assert_true(fabs((value) - (expected)) <= 1e-9)

static struct stop stop(const char *workload, const char *configuration)
{
	return (struct stop){
		.workload = workload_find(workload),
		.configuration = configuration_find(configuration),
	};
}

static int make(void **state)
{
	const struct stop native = stop("pwgen", "native"), crun = stop("hackbench", "crun");
	struct durations *durations = calloc(1, sizeof(*durations));

	if (!durations)
		return -1;
	duration_add(&durations->boots, 20, 10);
	duration_add(&durations->boots, 40, 11);
	durations_add(durations, &native, 2, 1);
	durations_add(durations, &native, 4, 2);
	durations_add(durations, &crun, 9, 6);
	*state = durations;
	return 0;
}

static int end(void **state)
{
	free(*state);
	return 0;
}

static void a_visit_is_told_by_its_mean_and_all_by_their_sum(void **state)
{
	json_t *json = durations_json(*state), *visits = json_object_get(json, "visits");

	assert_near(json_number_value(json_object_get(json, "boot")), 30);
	assert_near(json_number_value(json_object_get(json_object_get(visits, "pwgen"), "native")),
		    3);
	assert_near(json_number_value(json_object_get(json, "total")), 75);
	assert_near(json_number_value(json_object_get(json, "processor")), 30);
	json_decref(json);
}

static void what_an_earlier_run_did_not_visit_counts_as_the_average(void **state)
{
	struct stop stops[] = {stop("pwgen", "native"), stop("hackbench", "crun"),
			       stop("hackbench", "native")};
	const struct plan known = {.stops = stops, .count = 2}, more = {.stops = stops, .count = 3};
	json_t *json = durations_json(*state);

	assert_near(durations_estimate(json, &known), 30 + 3 + 9);
	assert_near(durations_estimate(json, &more), 30 + 12 * 1.5);
	json_decref(json);
}

static void without_an_earlier_run_nothing_is_foretold(void **state)
{
	struct stop stops[] = {stop("stat", "native")};
	const struct plan plan = {.stops = stops, .count = 1};
	json_t *json = durations_json(*state);

	assert_near(durations_estimate(NULL, &plan), 0);
	assert_near(durations_estimate(json, &plan), 0);
	json_decref(json);
}

static void the_longest_comes_first_and_the_sum_last(void **state)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	durations_print(*state, out);
	fclose(out);
	assert_true(strstr(text, "(booting)") < strstr(text, "hackbench"));
	assert_true(strstr(text, "hackbench") < strstr(text, "pwgen"));
	assert_true(strstr(text, "pwgen") < strstr(text, "(all)"));
	assert_null(strstr(text, "stat"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_visit_is_told_by_its_mean_and_all_by_their_sum),
		cmocka_unit_test(what_an_earlier_run_did_not_visit_counts_as_the_average),
		cmocka_unit_test(without_an_earlier_run_nothing_is_foretold),
		cmocka_unit_test(the_longest_comes_first_and_the_sum_last),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make, end);
}
