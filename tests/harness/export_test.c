// SPDX-License-Identifier: GPL-2.0
/* What other programs read: fields, labels, and the syntax of every line. */
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/export.h"
#include "harness/samples.h"
#include "harness/summary.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct sample sample(unsigned int boot, const char *configuration, double value, bool again)
{
	const struct workload *workload = workload_find("pwgen");

	return (struct sample){
		.boot = boot,
		.order = 4,
		.workload = workload,
		.configuration = configuration_find(configuration),
		.metric = workload_metric(workload, "elapsed", CLOCK_WALL),
		.value = value,
		.again = again,
	};
}

struct fixture {
	struct sample rows[9];
	struct samples samples;
	struct summary summary;
	json_t *environment;
	struct exported exported;
};

static int make_fixture(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct error err;

	for (unsigned int boot = 1; boot <= 3; boot++) {
		fixture->rows[3 * boot - 3] = sample(boot, "native", 100, false);
		fixture->rows[3 * boot - 2] = sample(boot, "native", 100 + boot, true);
		fixture->rows[3 * boot - 1] = sample(boot, "crun", 110 + boot, false);
	}
	fixture->samples = (struct samples){
		.run = (char *)"a \"run\", and more",
		.clock = CLOCK_WALL,
		.rows = fixture->rows,
		.count = COUNT(fixture->rows),
	};
	fixture->environment = json_pack("{s:s, s:s, s:s}", "kernel", "6.12\\\"x\"\ny", "commit",
					 "abc", "started", "1970-01-02T00:00:01Z");
	fixture->exported = (struct exported){
		.samples = &fixture->samples,
		.summary = &fixture->summary,
		.environment = fixture->environment,
	};
	*state = fixture;
	return summary_make(&fixture->samples, 0.01, &fixture->summary, &err);
}

static int free_fixture(void **state)
{
	struct fixture *fixture = *state;

	summary_free(&fixture->summary);
	json_decref(fixture->environment);
	free(fixture);
	return 0;
}

/* In memory that the caller frees. */
static char *text_of(void (*print)(const struct exported *, FILE *), const struct fixture *fixture)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	print(&fixture->exported, out);
	fclose(out);
	return text;
}

static void a_field_is_quoted_where_it_must_be(void **state)
{
	static const struct {
		const char *text, *field;
	} cases[] = {
		{"plain text", "plain text"},
		{"", ""},
		{"a,b", "\"a,b\""},
		{"say \"x\"", "\"say \"\"x\"\"\""},
		{"two\nlines", "\"two\nlines\""},
		{"\r", "\"\r\""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char field[64] = "";
		FILE *out = fmemopen(field, sizeof(field), "w");

		export_csv_field(cases[i].text, out);
		fclose(out);
		assert_string_equal(field, cases[i].field);
	}
}

static void every_sample_is_a_record_second_visits_marked(void **state)
{
	char *text = text_of(export_samples, *state);
	unsigned int lines = 0;

	for (const char *at = text; (at = strchr(at, '\n')); at++)
		lines++;
	assert_int_equal(lines, 10);
	assert_non_null(strstr(text, "\n\"a \"\"run\"\", and more\",2,4,pwgen,native,elapsed,ms,"
				     "wall,0,100\n"));
	assert_non_null(strstr(text, ",2,4,pwgen,native,elapsed,ms,wall,1,102\n"));
	free(text);
}

/* As many fields in each record as the first one names; none of this run's has a quoted comma. */
static void a_figure_is_a_record_as_wide_as_the_header(void **state)
{
	char *text = text_of(export_summary, *state), *rest = text, *line;
	unsigned int header = 0, records = 0;

	while ((line = strsep(&rest, "\n")) && *line) {
		unsigned int commas = 0;

		for (; (line = strchr(line, ',')); line++)
			commas++;
		header = records ? header : commas;
		assert_int_equal(commas, header);
		records++;
	}
	assert_int_equal(records, 3);
	free(text);
}

/* The text format's own grammar, a line at a time. */
static bool matches(const char *line)
{
	static const char *const forms[] = {
		"^# HELP [a-zA-Z_:][a-zA-Z0-9_:]* .+$",
		"^# TYPE [a-zA-Z_:][a-zA-Z0-9_:]* gauge$",
		"^[a-zA-Z_:][a-zA-Z0-9_:]*"
		"(\\{[a-z_]+=\"([^\"\\\\]|\\\\[\\\\\"n])*\"(,[a-z_]+=\"([^\"\\\\]|\\\\[\\\\\"n])*"
		"\")*\\})?"
		" [-+]?[0-9.]+(e[-+][0-9]+)?$",
	};
	bool found = false;

	for (size_t i = 0; i < COUNT(forms) && !found; i++) {
		regex_t form;

		assert_int_equal(regcomp(&form, forms[i], REG_EXTENDED | REG_NOSUB), 0);
		found = !regexec(&form, line, 0, NULL, 0);
		regfree(&form);
	}
	return found;
}

static void every_line_for_prometheus_is_of_its_grammar(void **state)
{
	char *text = text_of(export_prometheus, *state), *rest = text, *line;

	assert_int_equal(text[strlen(text) - 1], '\n');
	while ((line = strsep(&rest, "\n")) && *line)
		if (!matches(line))
			fail_msg("not a line of the text format: %s", line);
	free(text);
}

/* Each family is told of once, before its samples, and its samples stand together. */
static void a_familys_samples_stand_together_behind_its_type(void **state)
{
	char *text = text_of(export_prometheus, *state), *rest = text, *line;
	char family[128] = "", seen[4096] = " ";

	while ((line = strsep(&rest, "\n")) && *line) {
		char name[130];

		if (!strncmp(line, "# TYPE ", 7)) {
			sscanf(line, "# TYPE %126s", family);
			snprintf(name, sizeof(name), " %s ", family);
			assert_null(strstr(seen, name));
			strcat(seen, name + 1);
		} else if (line[0] != '#') {
			assert_int_equal(strcspn(line, "{ "), strlen(family));
			assert_memory_equal(line, family, strlen(family));
		}
	}
	assert_non_null(strstr(seen, " vkernel_bench_median "));
	free(text);
}

static void labels_are_escaped_and_values_are_the_figures(void **state)
{
	char *text = text_of(export_prometheus, *state);

	assert_non_null(strstr(text, "vkernel_bench_median{kernel=\"6.12\\\\\\\"x\\\"\\ny\","
				     "clock=\"wall\",workload=\"pwgen\",configuration=\"native\","
				     "metric=\"elapsed\",unit=\"ms\"} 100\n"));
	assert_non_null(strstr(text, ",base=\"native\"} 1.12\n"));
	assert_non_null(strstr(text, "vkernel_bench_started_seconds 86401\n"));
	assert_non_null(
		strstr(text, "vkernel_bench_self_check_comparisons{configuration=\"native\"} 1\n"));
	free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_fixture, free_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_field_is_quoted_where_it_must_be),
		TEST(every_sample_is_a_record_second_visits_marked),
		TEST(a_figure_is_a_record_as_wide_as_the_header),
		TEST(every_line_for_prometheus_is_of_its_grammar),
		TEST(a_familys_samples_stand_together_behind_its_type),
		TEST(labels_are_escaped_and_values_are_the_figures),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
