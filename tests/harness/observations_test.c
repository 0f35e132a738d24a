// SPDX-License-Identifier: GPL-2.0
/* What measure prints of tasks, and what a run keeps of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/bench/observations.h"
#include "harness/bench/visit.h"

static const char histogram[] =
	"{\"histogram\":\"off-cpu\",\"unit\":\"ns\",\"buckets\":[[0,1],[1024,7]]}";
static const char calls[] = "{\"calls\":{\"openat\":12}}";

static struct stop somewhere(void)
{
	return (struct stop){.workload = workload_find("hackbench"),
			     .configuration = configuration_find("crun")};
}

static void observations_are_kept_beside_samples(void **state)
{
	const struct stop stop = somewhere();
	struct visit visit = {0};

	(void)state;
	assert_int_equal(visit_line(&visit, &stop, CLOCK_INSTRUCTIONS, histogram), 0);
	assert_int_equal(visit_line(&visit, &stop, CLOCK_INSTRUCTIONS, calls), 0);
	assert_int_equal(visit.count, 0);
	assert_int_equal(json_array_size(visit.observations), 2);
	assert_int_equal(visit.status, 0);
	visit_free(&visit);
}

static void what_is_neither_is_refused(void **state)
{
	static const char *const lines[] = {
		"{\"histogram\":\"off-cpu\",\"unit\":\"ns\"}",
		"{\"calls\":12}",
		"{\"unobserved\":7}",
	};
	const struct stop stop = somewhere();

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct visit visit = {0};

		assert_int_equal(visit_line(&visit, &stop, CLOCK_INSTRUCTIONS, lines[i]), -1);
		assert_int_equal(visit.status, EXIT_FINDING);
		visit_free(&visit);
	}
}

/* What observations_write() appends for the lines; *reason as it says. */
static void write_lines(const char *const lines[], char **histograms, char **names, char *reason)
{
	const struct stop stop = somewhere();
	const struct observed observed = {"a-run", 1, 3, &stop};
	json_t *list = json_array();
	const char *said;
	struct error err;
	size_t sizes[2];
	FILE *files[] = {open_memstream(histograms, &sizes[0]), open_memstream(names, &sizes[1])};

	for (; *lines; lines++)
		json_array_append_new(list, json_loads(*lines, 0, NULL));
	assert_int_equal(observations_write(list, &observed, files[0], files[1], &said, &err), 0);
	snprintf(reason, 100, "%s", said ? said : "");
	fclose(files[0]);
	fclose(files[1]);
	json_decref(list);
}

static void each_goes_to_its_file_with_where_it_is_from(void **state)
{
	const char *const lines[] = {histogram, calls, NULL};
	char *histograms, *names, reason[100];

	(void)state;
	write_lines(lines, &histograms, &names, reason);
	assert_string_equal(histograms, "{\"schema\":1,\"run\":\"a-run\",\"boot\":1,\"order\":3,"
					"\"workload\":\"hackbench\",\"configuration\":\"crun\","
					"\"histogram\":\"off-cpu\",\"unit\":\"ns\","
					"\"buckets\":[[0,1],[1024,7]]}\n");
	assert_string_equal(names, "{\"schema\":1,\"run\":\"a-run\",\"boot\":1,"
				   "\"workload\":\"hackbench\",\"configuration\":\"crun\","
				   "\"calls\":{\"openat\":12}}\n");
	assert_string_equal(reason, "");
	free(histograms);
	free(names);
}

/* A guest cannot put what it saw under another name. */
static void what_is_observed_names_no_other_place(void **state)
{
	const char *const lines[] = {"{\"calls\":{\"openat\":12},\"configuration\":\"native\","
				     "\"run\":\"another\"}",
				     NULL};
	char *histograms, *names, reason[100];

	(void)state;
	write_lines(lines, &histograms, &names, reason);
	assert_non_null(strstr(names, "\"configuration\":\"crun\""));
	assert_non_null(strstr(names, "\"run\":\"a-run\""));
	free(histograms);
	free(names);
}

static void why_nothing_was_observed_is_said_and_not_kept(void **state)
{
	const char *const lines[] = {"{\"unobserved\":\"no BTF\"}", NULL};
	char *histograms, *names, reason[100];

	(void)state;
	write_lines(lines, &histograms, &names, reason);
	assert_string_equal(histograms, "");
	assert_string_equal(names, "");
	assert_string_equal(reason, "no BTF");
	free(histograms);
	free(names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(observations_are_kept_beside_samples),
		cmocka_unit_test(what_is_neither_is_refused),
		cmocka_unit_test(each_goes_to_its_file_with_where_it_is_from),
		cmocka_unit_test(what_is_observed_names_no_other_place),
		cmocka_unit_test(why_nothing_was_observed_is_said_and_not_kept),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
