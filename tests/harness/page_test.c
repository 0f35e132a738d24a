// SPDX-License-Identifier: GPL-2.0
/*
 * report.html as a reader's browser shows it: wide and narrow, light and dark. With PICTURES=FOLDER
 * what was looked at is kept there as PNG files, and with RUN=FOLDER that run's page is looked at
 * instead of a made up one's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "harness/report/report.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "lib/scratch.h"
#include "tests/harness/browser.h"
#include "tests/harness/fake_run.h"

#define PROBE	   "tests/harness/page_probe.js"
#define SCRIPT_MAX ((size_t)1 << 20)

static struct {
	struct browser browser;
	char folder[PATH_MAX];
	char page[PATH_MAX + 64];
	char *probe;
} here;

static const struct viewport narrow_light = {.width = 360, .height = 800, .dark = false};
static const struct viewport narrow_dark = {.width = 360, .height = 800, .dark = true};
static const struct viewport wide_light = {.width = 1280, .height = 900, .dark = false};
static const struct viewport wide_dark = {.width = 1280, .height = 900, .dark = true};

static int make_pages(struct error *err)
{
	static const char *const names[] = {"2026-01-02T03-04-05Z", "2026-01-03T03-04-05Z",
					    "2026-01-04T03-04-05Z"};
	char folder[PATH_MAX + 32];

	for (size_t i = 0; i < 3; i++) {
		snprintf(folder, sizeof(folder), "%s/%s", here.folder, names[i]);
		if (mkdir(folder, 0755))
			return -1;
		fake_run(folder, names[i], 1 + 0.1 * i);
		if (report_make(folder, err))
			return -1;
	}
	snprintf(here.page, sizeof(here.page), "%s/%s/report.html", here.folder, names[2]);
	return 0;
}

static int begin(void **state)
{
	const char *given = getenv("RUN");
	struct error err = {.text = "cannot make a folder"};
	size_t size;

	(void)state;
	if (file_read(PROBE, SCRIPT_MAX, &here.probe, &size, &err) ||
	    scratch_make(here.folder, &err) || (!given && make_pages(&err)) ||
	    browser_start(&here.browser, &err)) {
		print_error("%s\n", err.text);
		return -1;
	}
	if (given)
		snprintf(here.page, sizeof(here.page), "%s/report.html", given);
	return 0;
}

static int end(void **state)
{
	(void)state;
	browser_stop(&here.browser);
	scratch_remove(here.folder);
	free(here.probe);
	return 0;
}

static void show(const struct viewport *viewport)
{
	struct error err;

	if (browser_open(&here.browser, here.page, viewport, &err))
		fail_msg("%s", err.text);
}

static json_t *evaluate(const char *script)
{
	struct error err;
	json_t *value = browser_evaluate(&here.browser, script, &err);

	if (!value)
		fail_msg("%s", err.text);
	return value;
}

static void picture(const struct viewport *viewport, const char *what)
{
	const char *folder = getenv("PICTURES");
	char path[PATH_MAX];
	struct error err;

	if (!folder)
		return;
	snprintf(path, sizeof(path), "%s/%d-%s%s.png", folder, viewport->width,
		 viewport->dark ? "dark" : "light", what);
	if (browser_picture(&here.browser, path, &err))
		print_message("# %s: %s\n", path, err.text);
}

/* Prints what a list says; returns how much that is. */
static size_t complain(const struct viewport *viewport, const char *what, const json_t *list)
{
	json_t *each;
	size_t i;

	json_array_foreach((json_t *)list, i, each)
		print_message("# %d pixels, %s: %s: %s\n", viewport->width,
			      viewport->dark ? "dark" : "light", what, json_string_value(each));
	return json_array_size(list);
}

static long number(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

static void assert_shown_well(const struct viewport *viewport)
{
	json_t *found = evaluate(here.probe);
	size_t faults = complain(viewport, "contrast", json_object_get(found, "dim")) +
			complain(viewport, "headings", json_object_get(found, "headings")) +
			complain(viewport, "plots", json_object_get(found, "plots")) +
			complain(viewport, "wider than the page", json_object_get(found, "across"));

	assert_int_equal(number(found, "client"), viewport->width);
	assert_true(number(found, "scroll") <= number(found, "client"));
	assert_int_equal(json_is_true(json_object_get(found, "dark")), viewport->dark);
	/* What is not there cannot be wrong. */
	assert_true(number(found, "texts") > 500);
	assert_true(number(found, "drawings") >= 5);
	assert_int_equal(faults, 0);
	json_decref(found);
}

/* As it comes, then with all that can be opened open; and it asks nobody, and complains of nothing. */
static void assert_reads(const struct viewport *viewport)
{
	show(viewport);
	picture(viewport, "");
	assert_shown_well(viewport);
	json_decref(evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; "
			     "}); 1"));
	picture(viewport, "-open");
	assert_shown_well(viewport);
	/* What a page does late it has done by then. */
	json_decref(evaluate("new Promise((done) => setTimeout(() => done(1), 200))"));
	assert_int_equal(complain(viewport, "requests", here.browser.requests), 0);
	assert_int_equal(complain(viewport, "console", here.browser.complaints), 0);
}

static void it_reads_on_a_phone(void **state)
{
	(void)state;
	assert_reads(&narrow_light);
}

static void it_reads_on_a_phone_in_the_dark(void **state)
{
	(void)state;
	assert_reads(&narrow_dark);
}

static void it_reads_on_a_wide_screen(void **state)
{
	(void)state;
	assert_reads(&wide_light);
}

static void it_reads_on_a_wide_screen_in_the_dark(void **state)
{
	(void)state;
	assert_reads(&wide_dark);
}

static void evidence_opens_below_its_row(void **state)
{
	static const char script[] =
		"(() => { const row = document.querySelector('tr.evidence');"
		"const before = row.checkVisibility();"
		"row.previousElementSibling.querySelector('details').open = true;"
		"return [before, row.checkVisibility(), row.innerText.includes('nonce')]; })()";
	json_t *found;

	(void)state;
	show(&narrow_light);
	found = evaluate(script);
	assert_true(json_is_false(json_array_get(found, 0)));
	assert_true(json_is_true(json_array_get(found, 1)));
	assert_true(json_is_true(json_array_get(found, 2)));
	json_decref(found);
}

static void a_column_sorts_both_ways_by_its_figures(void **state)
{
	static const char script[] =
		"(() => { const table = document.querySelector('#workloads ~ .wide table');"
		"const button = table.tHead.rows[0].cells[1].querySelector('button');"
		"const values = () => [...table.tBodies[0].rows].map((r) => "
		"r.cells[1].dataset.v).filter((v) => v).map(Number);"
		"const sorted = (list) => list.every((v, i) => !i || list[i - 1] <= v);"
		"button.click(); const up = sorted(values());"
		"button.click(); const down = sorted(values().reverse());"
		"return [values().length > 5, up, down]; })()";
	json_t *found;

	(void)state;
	show(&wide_light);
	found = evaluate(script);
	for (size_t i = 0; i < 3; i++)
		assert_true(json_is_true(json_array_get(found, i)));
	json_decref(found);
}

static void links_within_the_page_lead_somewhere(void **state)
{
	json_t *found;

	(void)state;
	show(&wide_light);
	found = evaluate("[...document.querySelectorAll('a[href^=\"#\"]')].map((a) => "
			 "a.getAttribute('href')).filter((to) => !document.querySelector(to))");
	assert_int_equal(complain(&wide_light, "leads nowhere", found), 0);
	json_decref(found);
}

static void a_link_opens_what_it_leads_to(void **state)
{
	static const char script[] =
		"(async () => { const link = document.querySelector('#workloads ~ .wide tbody a');"
		"const target = document.querySelector(link.getAttribute('href'));"
		"const before = target.open; link.click();"
		"await new Promise((done) => setTimeout(done, 100));"
		"return [before, target.open]; })()";
	json_t *found;

	(void)state;
	show(&wide_light);
	found = evaluate(script);
	assert_true(json_is_false(json_array_get(found, 0)));
	assert_true(json_is_true(json_array_get(found, 1)));
	json_decref(found);
}

static void the_verdict_is_seen_whole_on_a_wide_screen(void **state)
{
	json_t *found;

	(void)state;
	show(&wide_light);
	found = evaluate("[...document.querySelectorAll('.verdict .wide')].map((box) => "
			 "box.scrollWidth - box.clientWidth)");
	assert_int_equal(json_array_size(found), 1);
	assert_true(json_number_value(json_array_get(found, 0)) <= 0);
	json_decref(found);
}

static void a_picture_in_the_page_is_whole(void **state)
{
	json_t *found;

	(void)state;
	show(&wide_light);
	found = evaluate("[...document.images].map((i) => i.naturalWidth)");
	assert_int_equal(json_array_size(found), getenv("RUN") ? json_array_size(found) : 1);
	for (size_t i = 0; i < json_array_size(found); i++)
		assert_true(json_integer_value(json_array_get(found, i)) > 100);
	json_decref(found);
}

static void names_are_given_once(void **state)
{
	json_t *found;

	(void)state;
	show(&wide_light);
	found = evaluate("(() => { const all = [...document.querySelectorAll('[id]')].map((e) => "
			 "e.id); return all.filter((id, i) => all.indexOf(id) !== i); })()");
	assert_int_equal(complain(&wide_light, "stands twice", found), 0);
	json_decref(found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_reads_on_a_phone),
		cmocka_unit_test(it_reads_on_a_phone_in_the_dark),
		cmocka_unit_test(it_reads_on_a_wide_screen),
		cmocka_unit_test(it_reads_on_a_wide_screen_in_the_dark),
		cmocka_unit_test(evidence_opens_below_its_row),
		cmocka_unit_test(a_column_sorts_both_ways_by_its_figures),
		cmocka_unit_test(links_within_the_page_lead_somewhere),
		cmocka_unit_test(a_link_opens_what_it_leads_to),
		cmocka_unit_test(the_verdict_is_seen_whole_on_a_wide_screen),
		cmocka_unit_test(a_picture_in_the_page_is_whole),
		cmocka_unit_test(names_are_given_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	if (!browser_installed()) {
		puts("1..1\nok 1 - the page in a browser # SKIP chromium is not installed; `make "
		     "deps` installs it");
		return 0;
	}
	return cmocka_run_group_tests(tests, begin, end);
}
