// SPDX-License-Identifier: GPL-2.0
/* What programs printed, good and bad, becomes readings or a refusal. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "workloads/workload.h"

#define assert_near(value, expected, most) assert_true(fabs((value) - (expected)) <= (most))

#define CAPTURED "tests/workloads/captured/"

static int parse_text(const char *workload, const char *text, struct readings *readings,
		      struct error *err)
{
	*readings = (struct readings){0};
	return workload_find(workload)->parse(text, readings, err);
}

static int parse_file(const char *workload, const char *name, struct readings *readings,
		      struct error *err)
{
	autofree char *text = NULL;
	char path[256];
	size_t size;

	snprintf(path, sizeof(path), CAPTURED "%s", name);
	if (file_read(path, 65536, &text, &size, err))
		fail_msg("%s", err->text);
	return parse_text(workload, text, readings, err);
}

static void assert_refused(const char *workload, const char *name, const char *says)
{
	struct readings readings;
	struct error err;

	assert_int_equal(parse_file(workload, name, &readings, &err), -1);
	assert_int_equal(err.status, EXIT_FINDING);
	if (!strstr(err.text, says))
		fail_msg("\"%s\" does not say \"%s\"", err.text, says);
}

static void wrk_gives_requests_and_the_time_they_took(void **state)
{
	struct readings readings;
	struct error err;

	(void)state;
	assert_int_equal(parse_file("nginx-wrk", "wrk-good.txt", &readings, &err), 0);
	assert_int_equal(readings.count, 1);
	assert_near(readings.rows[0].operations, 84296, 0);
	assert_near(readings.rows[0].elapsed_ns / 1e9, 84296 / 76645.27, 1e-9);
}

static void wrk_that_was_not_answered_gives_no_figure(void **state)
{
	(void)state;
	assert_refused("nginx-wrk", "wrk-404.txt", "Non-2xx or 3xx responses: 80714");
	assert_refused("nginx-wrk", "wrk-dropped.txt", "Socket errors: connect 0, read 21110");
	assert_refused("nginx-wrk", "wrk-refused.txt", "requests in");
}

static void hackbench_gives_its_time(void **state)
{
	struct readings readings;
	struct error err;

	(void)state;
	assert_int_equal(parse_file("hackbench", "hackbench-good.txt", &readings, &err), 0);
	assert_int_equal(readings.count, 1);
	assert_near(readings.rows[0].elapsed_ns, 48e6, 1e-3);
}

static void hackbench_that_shows_its_usage_gives_no_figure(void **state)
{
	(void)state;
	assert_refused("hackbench", "hackbench-usage.txt", "Time:");
}

static void the_driver_gives_a_reading_a_line(void **state)
{
	struct readings readings;
	struct error err;

	(void)state;
	assert_int_equal(parse_file("syscall-allowed", "vkdrive-good.txt", &readings, &err), 0);
	assert_int_equal(readings.count, 3);
	assert_near(readings.rows[0].operations, 1000, 0);
	assert_true(readings.rows[2].elapsed_ns > 0);
}

static void a_driver_line_that_is_no_reading_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"{\"elapsed_ns\": 5, \"operations\": 1}",
		"{\"elapsed_ns\": 5}\n",
		"{\"elapsed_ns\": 0, \"operations\": 1}\n",
		"{\"elapsed_ns\": 5, \"operations\": -1}\n",
		"{\"elapsed_ns\": 5, \"operations\": 1}\nKilled\n",
		"{\"elapsed_ns\": 5, \"operations\": 1, \"more\": 1}\n",
	};
	struct readings readings;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(parse_text("pwgen", texts[i], &readings, &err), -1);
}

static void a_file_of_workloads_has_its_workload_s_name(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < workloads_count; i++) {
		autofree char *text = NULL;
		char path[256];
		struct error err;
		size_t size;

		snprintf(path, sizeof(path), "workloads/%s.c", workloads[i]->name);
		if (file_read(path, 65536, &text, &size, &err))
			fail_msg("%s", err.text);
		assert_ptr_equal(workload_find(workloads[i]->name), workloads[i]);
	}
}

static void every_workload_has_a_headline_on_its_clocks(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < workloads_count; i++)
		for (int clock = CLOCK_INSTRUCTIONS; clock <= CLOCK_WALL; clock++)
			assert_int_equal(!workload_headline(workloads[i], clock),
					 !(workloads[i]->clocks & ON_CLOCK(clock)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrk_gives_requests_and_the_time_they_took),
		cmocka_unit_test(wrk_that_was_not_answered_gives_no_figure),
		cmocka_unit_test(hackbench_gives_its_time),
		cmocka_unit_test(hackbench_that_shows_its_usage_gives_no_figure),
		cmocka_unit_test(the_driver_gives_a_reading_a_line),
		cmocka_unit_test(a_driver_line_that_is_no_reading_is_refused),
		cmocka_unit_test(a_file_of_workloads_has_its_workload_s_name),
		cmocka_unit_test(every_workload_has_a_headline_on_its_clocks),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
