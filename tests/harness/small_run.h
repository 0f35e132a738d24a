/* SPDX-License-Identifier: GPL-2.0 */
/* The small run of which reports are made, in a folder of its own. */
#ifndef VKERNEL_TESTS_HARNESS_SMALL_RUN_H
#define VKERNEL_TESTS_HARNESS_SMALL_RUN_H

#define FIXTURE "tests/harness/fixture"

/* A cmocka fixture: *state is a scratch folder with run/ and previous/, as raw as in FIXTURE. */
int small_run_make(void **state);
int small_run_remove(void **state);

/* Makes the reports of folder/run; the test fails where that does not work. */
void small_run_report(const char *folder);

/* The text of folder/name, for the caller to free, and the opposite; likewise. */
char *small_run_read(const char *folder, const char *name);
void small_run_write(const char *folder, const char *name, const char *text);

#endif
