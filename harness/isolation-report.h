/* SPDX-License-Identifier: GPL-2.0 */
/* Verdicts for people and programs: KTAP lines, a matrix, isolation.json. Pure functions. */
#ifndef VKERNEL_HARNESS_ISOLATION_REPORT_H
#define VKERNEL_HARNESS_ISOLATION_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#define ISOLATION_SCHEMA 1

/* Is the verdict the one that the scenario's table expects? None expected: never. */
bool isolation_as_expected(const json_t *verdict);

/* "KTAP version 1" and the plan. */
void isolation_print_head(FILE *out, unsigned int tests);

/*
 * "ok N scenario in configuration: VERDICT", or "not ok", what was expected, and below it, as
 * comments, what the evidence says. verdict is an object of isolation.json.
 */
void isolation_print_verdict(FILE *out, unsigned int number, const json_t *verdict);

/* A test that is no scenario; comments is a list of texts, printed where it failed. */
void isolation_print_check(FILE *out, unsigned int number, const char *name, bool good,
			   const json_t *comments);

/*
 * A row for each scenario, a column for each configuration, in the order in which they first
 * appear, as KTAP comments; a verdict that was not expected has a `!`.
 */
void isolation_print_matrix(FILE *out, const json_t *verdicts);

#endif
