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

static void assert_one(const char *workload, const char *name, double elapsed_ns, double operations)
{
	struct readings readings;
	struct error err;

	if (parse_file(workload, name, &readings, &err))
		fail_msg("%s of %s: %s", name, workload, err.text);
	assert_int_equal(readings.count, 1);
	assert_near(readings.rows[0].elapsed_ns / elapsed_ns, 1, 1e-9);
	assert_near(readings.rows[0].operations / operations, 1, 1e-9);
}

static void wrk_gives_the_requests_that_were_timed(void **state)
{
	(void)state;
	assert_one("nginx-wrk", "wrk-script-good.txt", 100973591, 1000);
}

static void wrk_that_was_not_answered_gives_no_figure(void **state)
{
	(void)state;
	assert_refused("nginx-wrk", "wrk-404.txt", "Non-2xx or 3xx responses: 80714");
	assert_refused("nginx-wrk", "wrk-script-404.txt", "Non-2xx or 3xx responses: 1094");
	assert_refused("nginx-wrk", "wrk-dropped.txt", "Socket errors: connect 0, read 21110");
	assert_refused("nginx-wrk", "wrk-good.txt", "requests took");
	assert_refused("nginx-wrk", "wrk-refused.txt", "requests took");
}

static void ab_gives_requests_and_the_time_they_took(void **state)
{
	(void)state;
	assert_one("nginx-ab", "ab-good.txt", 500 / 4340.05 * 1e9, 500);
}

static void ab_that_was_not_answered_gives_no_figure(void **state)
{
	(void)state;
	assert_refused("nginx-ab", "ab-404.txt", "Non-2xx responses:      100");
	assert_refused("nginx-ab", "ab-refused.txt", "Complete requests:");
}

static void sysbench_gives_its_total_time(void **state)
{
	(void)state;
	assert_one("sysbench-cpu", "sysbench-cpu.txt", 0.0101 * 1e9, 1);
	assert_one("sysbench-mutex", "sysbench-mutex.txt", 0.0004 * 1e9, 1);
	assert_refused("sysbench-cpu", "sysbench-usage.txt", "total time:");
}

static void perf_gives_what_each_benchmark_says(void **state)
{
	(void)state;
	assert_one("perf-sched-pipe", "perf-sched-pipe.txt", 29.305500 * 1e3 * 2000, 2000);
	assert_one("perf-sched-messaging", "perf-sched-messaging.txt", 0.164 * 1e9, 1);
	assert_one("perf-futex-hash", "perf-futex-hash.txt", 1e9, 1321984);
	assert_refused("perf-sched-pipe", "perf-sched-messaging.txt", "usecs/op");
	assert_refused("perf-futex-hash", "perf-futex-wake.txt", "total secs");
	assert_refused("perf-futex-wake", "perf-futex-hash.txt", "[Run");
}

static void perf_gives_a_reading_for_each_run(void **state)
{
	struct readings readings;
	struct error err;

	(void)state;
	assert_int_equal(parse_file("perf-futex-wake", "perf-futex-wake.txt", &readings, &err), 0);
	assert_int_equal(readings.count, 10);
	assert_near(readings.rows[0].elapsed_ns, 0.2440 * 1e6, 1e-3);
	assert_near(readings.rows[0].operations, 32, 0);
	assert_int_equal(
		parse_file("perf-futex-requeue", "perf-futex-requeue.txt", &readings, &err), 0);
	assert_int_equal(readings.count, 10);
	assert_near(readings.rows[9].elapsed_ns, 0.0290 * 1e6, 1e-3);
	assert_int_equal(parse_text("perf-futex-wake",
				    "\n[Run 1]: Wokeup 31 of 32 threads in 0.7340 ms\n", &readings,
				    &err),
			 -1);
	assert_non_null(strstr(err.text, "31 of 32"));
}

static void redis_gives_both_kinds_of_requests(void **state)
{
	(void)state;
	assert_one("redis", "redis-good.txt", 5000 / 18348.62 * 1e9 + 5000 / 23529.41 * 1e9, 10000);
	assert_refused("redis", "redis-refused.txt", "SET");
}

static void pgbench_gives_transactions(void **state)
{
	struct readings readings;
	struct error err;

	(void)state;
	assert_one("pgbench", "pgbench-good.txt", 200 / 368.225796 * 1e9, 200);
	assert_refused("pgbench", "pgbench-refused.txt", "processed");
	assert_int_equal(parse_text("pgbench",
				    "\nnumber of transactions actually processed: 199/200\n"
				    "number of failed transactions: 1 (0.500%)\ntps = 5\n",
				    &readings, &err),
			 -1);
	assert_non_null(strstr(err.text, "199 of 200"));
}

static void a_rare_workload_is_in_every_nth_boot_with_all_its_configurations(void **state)
{
	const struct configuration always = {.name = "always"}, fourth = {.name = "f", .every = 4};

	(void)state;
	for (unsigned int w = 0; w < workloads_count; w++) {
		const struct workload *row = workloads[w];
		unsigned int every = row->every ? row->every : 1, usual = 0, rare = 0;

		assert_true(every == 1 || every == 2 || every == 4);
		assert_true(workload_due(row, &fourth, 1, 1));
		for (unsigned int boot = 1; boot <= 12; boot++) {
			usual += workload_due(row, &always, boot, 12);
			rare += workload_due(row, &fourth, boot, 12);
			assert_true(workload_due(row, &always, boot, 12) ||
				    !workload_due(row, &fourth, boot, 12));
		}
		assert_int_equal(usual, 12 / every);
		assert_int_equal(rare, 3);
	}
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

static void every_workload_and_configuration_is_in_the_documentation(void **state)
{
	autofree char *text = NULL;
	struct error err;
	char name[64];
	size_t size;

	(void)state;
	if (file_read("docs/measuring.md", 1 << 20, &text, &size, &err))
		fail_msg("%s", err.text);
	for (unsigned int i = 0; i < workloads_count + configurations_count; i++) {
		snprintf(name, sizeof(name), "`%s`",
			 i < workloads_count ? workloads[i]->name
					     : configurations[i - workloads_count].name);
		if (!strstr(text, name))
			fail_msg("docs/measuring.md does not say what %s is", name);
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
		cmocka_unit_test(wrk_gives_the_requests_that_were_timed),
		cmocka_unit_test(wrk_that_was_not_answered_gives_no_figure),
		cmocka_unit_test(ab_gives_requests_and_the_time_they_took),
		cmocka_unit_test(ab_that_was_not_answered_gives_no_figure),
		cmocka_unit_test(sysbench_gives_its_total_time),
		cmocka_unit_test(perf_gives_what_each_benchmark_says),
		cmocka_unit_test(perf_gives_a_reading_for_each_run),
		cmocka_unit_test(redis_gives_both_kinds_of_requests),
		cmocka_unit_test(pgbench_gives_transactions),
		cmocka_unit_test(a_rare_workload_is_in_every_nth_boot_with_all_its_configurations),
		cmocka_unit_test(hackbench_gives_its_time),
		cmocka_unit_test(hackbench_that_shows_its_usage_gives_no_figure),
		cmocka_unit_test(the_driver_gives_a_reading_a_line),
		cmocka_unit_test(a_driver_line_that_is_no_reading_is_refused),
		cmocka_unit_test(a_file_of_workloads_has_its_workload_s_name),
		cmocka_unit_test(every_workload_and_configuration_is_in_the_documentation),
		cmocka_unit_test(every_workload_has_a_headline_on_its_clocks),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
