// SPDX-License-Identifier: GPL-2.0
/* What people and programs read of the verdicts, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/isolation-report.h"

static json_t *verdict(const char *scenario, const char *configuration, const char *verdict,
		       const char *expected)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:[s], s:[], s:[s, s], s:i}}", "scenario",
			 scenario, "group", "g", "configuration", configuration, "verdict", verdict,
			 "expected", expected, "evidence", "reached", "swapon 167: EFAULT",
			 "private", "failed", "read 0, allowed: ENOSYS", "write 1, allowed: ENOSYS",
			 "refused", 3);
}

static void prints_lines(void **state)
{
	json_t *good = verdict("dmesg-read", "crun", "LEAKED", "LEAKED");
	json_t *bad = verdict("dmesg-read", "vkernel", "BROKEN", "BLOCKED");
	json_t *unknown = verdict("dmesg-read", "runc", "BLOCKED", "none");
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	isolation_print_head(out, 4);
	isolation_print_verdict(out, 1, good);
	isolation_print_verdict(out, 2, bad);
	json_object_del(json_object_get(unknown, "evidence"), "failed");
	isolation_print_verdict(out, 3, unknown);
	isolation_print_check(out, 4, "the log is clean", true, NULL);
	fclose(out);
	assert_string_equal(text, "KTAP version 1\n"
				  "1..4\n"
				  "ok 1 dmesg-read in crun: LEAKED\n"
				  "not ok 2 dmesg-read in vkernel: BROKEN, expected BLOCKED\n"
				  "#   failed: read 0, allowed: ENOSYS\n"
				  "#   failed: write 1, allowed: ENOSYS\n"
				  "#   reached: swapon 167: EFAULT\n"
				  "not ok 3 dmesg-read in runc: BLOCKED, expected none\n"
				  "#   reached: swapon 167: EFAULT\n"
				  "ok 4 the log is clean\n");
	free(text);
	json_decref(good);
	json_decref(bad);
	json_decref(unknown);
}

static void says_why_it_could_not_be_tried(void **state)
{
	json_t *bad =
		json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:[s]}}", "scenario", "s", "configuration",
			  "vkernel", "verdict", "BROKEN", "expected", "BLOCKED", "evidence",
			  "reason", "it needs /sys/module/vkm", "log", "BUG: x");
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	isolation_print_verdict(out, 9, bad);
	fclose(out);
	assert_string_equal(text, "not ok 9 s in vkernel: BROKEN, expected BLOCKED\n"
				  "#   reason: it needs /sys/module/vkm\n"
				  "#   log: BUG: x\n");
	free(text);
	json_decref(bad);
}

static void cuts_long_evidence(void **state)
{
	json_t *lines = json_array();
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	for (int i = 0; i < 20; i++)
		json_array_append_new(lines, json_string("line"));
	isolation_print_check(out, 1, "check", false, lines);
	fclose(out);
	assert_non_null(strstr(text, "#   log: and 8 more\n"));
	free(text);
	json_decref(lines);
}

static void draws_the_matrix(void **state)
{
	json_t *all = json_array();
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	json_array_append_new(all, verdict("dmesg-read", "native", "LEAKED", "LEAKED"));
	json_array_append_new(all, verdict("dmesg-read", "vkernel", "LEAKED", "BLOCKED"));
	json_array_append_new(all, verdict("x32", "native", "UNREACHED", "UNREACHED"));
	isolation_print_matrix(out, all);
	fclose(out);
	assert_string_equal(text, "#\n"
				  "#             native       vkernel    \n"
				  "# dmesg-read  LEAKED       LEAKED    !\n"
				  "# x32         UNREACHED    -          \n");
	free(text);
	json_decref(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_lines),
		cmocka_unit_test(says_why_it_could_not_be_tried),
		cmocka_unit_test(cuts_long_evidence),
		cmocka_unit_test(draws_the_matrix),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
